import type { ErrorCode } from "../../core/errors.ts";
import type { TokenChecks, TokenVerdict } from "../../core/ports/token-checks.ts";
import type { Clock, Log } from "../../core/ports/system.ts";
import { tokenVerdict } from "../../core/set-up/token-verdict.ts";
import { retrieveModel } from "./check.ts";
import { toEngineError } from "./errors.ts";
import { createOpenAIClient, type OpenAIClient } from "./openai-client.ts";

const TIMEOUT_MS = 10_000;
/** Of the models that a key may use, so many are named. */
const MODELS_NAMED = 8;

/** Whether a key that is not in use yet works, and whether the model is available to it. */
export async function checkKey(options: {
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
  clock: Clock;
  log: Log;
}): ReturnType<TokenChecks["openai"]> {
  const { baseUrl, model } = options;
  const client = createOpenAIClient({
    apiKey: options.apiKey,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    model,
    timeoutMs: TIMEOUT_MS,
    clock: options.clock,
    log: options.log,
  });
  const works = tokenVerdict("good", "setup.openai.good");
  try {
    await retrieveModel(client);
    return { key: works, model: tokenVerdict("good", "setup.openai.model_good", { model }) };
  } catch (error) {
    const { code, message } = toEngineError(error, "Checking a key", model);
    if (code === "model_not_available") {
      const models = await nameModels(client);
      return { key: works, model: tokenVerdict("problem", "setup.openai.no_model", { model, models }) };
    }
    return { key: explain(code, message), model: null };
  }
}

function explain(code: ErrorCode, message: string): TokenVerdict {
  if (code === "invalid_key") return tokenVerdict("problem", "setup.openai.refused");
  if (code === "out_of_credit") return tokenVerdict("warning", "setup.openai.no_credit");
  if (code === "engine_unreachable") return tokenVerdict("problem", "setup.unreachable", { service: "OpenAI" });
  // Ours, made of OpenAI's codes: it holds nothing of the key.
  const reason = /OpenAI answered ([^.]+)/.exec(message)?.[1] ?? code;
  return tokenVerdict("problem", "setup.openai.failed", { reason });
}

/** Some that the key may use, newest first: what can be typed instead. */
export async function nameModels({ sdk }: OpenAIClient): Promise<string> {
  try {
    const { data } = await sdk.models.list();
    const newest = data.toSorted((a, b) => b.created - a.created).map(({ id }) => id);
    return newest.slice(0, MODELS_NAMED).join(", ") || "–";
  } catch {
    return "–";
  }
}
