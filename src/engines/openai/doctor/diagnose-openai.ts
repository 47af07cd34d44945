import { explainConnection } from "../../../core/explain-connection.ts";
import { found, type Diagnosis, type Finding } from "../../../core/ports/diagnosis.ts";
import type { Clock, Log } from "../../../core/ports/system.ts";
import { retrieveModel } from "../check.ts";
import { toEngineError } from "../errors.ts";
import { explainDenial } from "./explain-denial.ts";
import { explainKey, explainLeftovers, explainModel, toReason, type Asked } from "./explain-refusal.ts";
import { toShutdown } from "./model-shutdowns.ts";
import { createOpenAIClient } from "../openai-client.ts";
import { probeAnswer } from "./probe-answer.ts";
import { awaitIndex, fillShelf } from "./probe-files.ts";
import { deleteTraces } from "./probe-traces.ts";
import type { ReasoningEffort } from "../reasoning-effort.ts";

const TIMEOUT_MS = 20_000;
/** Before a model is switched off, the operator is told this long. */
const WARN_BEFORE_MS = 90 * 86_400_000;
const ADDRESS = "https://api.openai.com/v1";

/**
 * Whether the key is good, the model there and for how long, the account in credit, and what the server at the address
 * can do: by one question of a few tokens, one file of a few bytes, and deleting everything again.
 */
export async function* diagnoseOpenAI(options: {
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
  reasoningEffort: ReasoningEffort | undefined;
  clock: Clock;
  log: Log;
}): Diagnosis {
  const { apiKey, baseUrl, model, clock, log } = options;
  const address = baseUrl ?? ADDRESS;
  const client = createOpenAIClient({
    apiKey,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    model,
    timeoutMs: TIMEOUT_MS,
    clock,
    log,
  });
  const asked = { client, address };
  try {
    const answer = await retrieveModel(client);
    yield found("ok", "openai.key", ["doctor.openai.key_ok", { address }]);
    yield explainShutdown(model, toShutdown(model, answer), clock.now());
  } catch (error) {
    const denial = explainDenial("openai.key", "/models", error);
    yield denial ?? (await explainFirst(error, asked));
    // A key that may not read models may well answer.
    if (denial?.seen.key !== "doctor.openai.no_scope") {
      yield found("skipped", "openai.abilities", "doctor.openai.abilities_later");
      return;
    }
  }
  yield* withoutRepeats(probeAll());

  async function* probeAll(): Diagnosis {
    const shelf = await fillShelf(asked);
    try {
      yield* shelf.findings;
      yield* probeAnswer(asked, { ...options, vectorStore: shelf.vectorStore });
      const indexed = await awaitIndex(asked, shelf, clock);
      if (indexed !== null) yield indexed;
    } finally {
      const left = await deleteTraces(client, { vectorStore: shelf.vectorStore, file: shelf.file });
      if (left.length > 0) yield explainLeftovers(left);
    }
  }
}

/** What is wrong with the account is so for every request: said once. */
async function* withoutRepeats(diagnosis: Diagnosis): Diagnosis {
  const told = new Set<string>();
  for await (const finding of diagnosis) {
    const what = JSON.stringify(finding);
    if (!told.has(what)) yield finding;
    told.add(what);
  }
}

/** Why the first request failed, which shows whether address, key and model are right. */
async function explainFirst(error: unknown, { client, address }: Asked): Promise<Finding> {
  const { code, message } = toEngineError(error, "Looking for the model", client.model);
  if (code === "invalid_key") return explainKey(address);
  if (code === "model_not_available") return await explainModel(error, client);
  if (code === "out_of_credit") {
    return found("problem", "openai.credit", "doctor.openai.no_credit", "doctor.openai.credit_remedy");
  }
  const reason = toReason(message, code);
  // With a status it was reached.
  if (code === "engine_unreachable" && reason === code) {
    return explainConnection("openai.address", error, { service: "OpenAI", address, variable: "OPENAI_BASE_URL" });
  }
  const seen = ["doctor.openai.odd_answer", { address, reason }] as const;
  return found("problem", "openai.address", seen, "doctor.openai.address_remedy");
}

function explainShutdown(model: string, shutdown: string | null, now: number): Finding {
  if (shutdown === null) return found("ok", "openai.model", ["doctor.openai.model_ok", { model }]);
  const remainingMs = Date.parse(shutdown) - now;
  const seen = ["doctor.openai.model_until", { model, day: shutdown }] as const;
  if (remainingMs > WARN_BEFORE_MS) return found("ok", "openai.model", seen);
  return found(remainingMs > 0 ? "warning" : "problem", "openai.model", seen, "doctor.openai.until_remedy");
}
