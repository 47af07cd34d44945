import { DocentError } from "../../core/errors.ts";
import type { Readiness } from "../../core/ports/readiness.ts";
import type { Clock } from "../../core/ports/system.ts";
import { toEngineError } from "./errors.ts";
import type { OpenAIClient } from "./openai-client.ts";

/** A good answer is kept for long, a bad one so shortly that a recovery is soon noticed. */
const KEEP_READY_MS = 60_000;
const KEEP_FAILURE_MS = 10_000;
const TIMEOUT_MS = 10_000;

/**
 * Whether the key is good and the model is there; asked at most once a minute, after a failure every ten seconds. While
 * OpenAI is taken for dead nothing is kept: then the circuit decides whether anything is sent.
 */
export function createCheck({ client, clock }: { client: OpenAIClient; clock: Clock }): () => Promise<Readiness> {
  let last: { at: number; keepMs: number; readiness: Promise<Readiness> } | undefined;
  return async () => {
    if (last !== undefined && !client.isCutOff() && clock.steady() - last.at < last.keepMs) return await last.readiness;
    const asked = { at: clock.steady(), keepMs: KEEP_READY_MS, readiness: ask(client) };
    last = asked;
    const readiness = await asked.readiness;
    if (!readiness.ready) asked.keepMs = KEEP_FAILURE_MS;
    return readiness;
  };
}

/** Asks for the model. @throws what the SDK throws; {@link DocentError} `engine_refused` when something else answers */
export async function retrieveModel(client: OpenAIClient): Promise<object> {
  // A proxy or a page to sign in to may answer with 200 and HTML, which the SDK gives back as text.
  const answer: unknown = await client.sdk.models.retrieve(client.model, {
    timeout: Math.min(TIMEOUT_MS, client.timeoutMs),
  });
  if (typeof answer === "object" && answer !== null) return answer;
  const reason = "no model";
  throw new DocentError("engine_refused", `OpenAI answered ${reason}.`, { details: { reason } });
}

async function ask(client: OpenAIClient): Promise<Readiness> {
  try {
    await retrieveModel(client);
    return { ready: true };
  } catch (error) {
    const { code, message } = toEngineError(error, "Looking for the model", client.model);
    return { ready: false, reason: toReason(code, client.model) ?? message };
  }
}

function toReason(code: string, model: string): string | undefined {
  switch (code) {
    case "invalid_key":
      return "OpenAI refuses the key: check OPENAI_API_KEY.";
    case "model_not_available":
      return `The model ${model} is not available to this account: check OPENAI_MODEL.`;
    case "out_of_credit":
      return "The OpenAI account is out of credit or over its limit: add credit or raise the limit.";
    case "engine_unreachable":
      return "OpenAI cannot be reached: check the network, OPENAI_BASE_URL and status.openai.com.";
    default:
      return undefined;
  }
}
