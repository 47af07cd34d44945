import { found, type Finding } from "../../../core/ports/diagnosis.ts";
import { nameModels } from "../check-key.ts";
import { readFailure, toEngineError } from "../errors.ts";
import type { OpenAIClient } from "../openai-client.ts";
import { explainDenial } from "./explain-denial.ts";

/** Who is asked. */
export interface Asked {
  readonly client: OpenAIClient;
  readonly address: string;
}

/** Why something that Docent needs is not there. */
export async function explainRefusal(
  error: unknown,
  { subject, path, client, address }: Asked & { readonly subject: string; readonly path: string },
): Promise<Finding> {
  const denial = explainDenial(subject, path, error);
  if (denial !== null) return denial;
  const { code, message } = toEngineError(error, `Asking ${path}`, client.model);
  if (code === "out_of_credit") {
    return found("problem", "openai.credit", "doctor.openai.no_credit", "doctor.openai.credit_remedy");
  }
  const aboutModel = code === "model_not_available" || isAboutModel(error) ? await explainModel(error, client) : null;
  if (aboutModel !== null) return aboutModel;
  if (code === "rate_limited" || code === "engine_overloaded") {
    return found("warning", subject, "doctor.openai.busy", "doctor.openai.busy_remedy");
  }
  const reason = toReason(message, code);
  const { status } = readFailure(error) ?? {};
  if (status === 401 || status === 403) {
    const seen = ["doctor.openai.no_scope", { path, reason }] as const;
    return found("problem", subject, seen, isOpenAI(address) ? "doctor.openai.scope_remedy" : toKeyRemedy(address));
  }
  return status === 404 || status === 405 || status === 501
    ? found("problem", subject, ["doctor.openai.no_path", { path }], "doctor.openai.server_remedy")
    : found("problem", subject, ["doctor.openai.path_failed", { path, reason }], "doctor.openai.status_remedy");
}

/** The key as a whole is refused: by OpenAI, or by the server that stands at an address of one's own. */
export function explainKey(address: string): Finding {
  return isOpenAI(address)
    ? found("problem", "openai.key", "doctor.openai.key_refused", "doctor.openai.key_remedy")
    : found("problem", "openai.key", ["doctor.openai.own_key_refused", { address }], toKeyRemedy(address));
}

export function explainLeftovers(ids: readonly string[]): Finding {
  const seen = ["doctor.openai.left", { ids: ids.join(", ") }] as const;
  return found("warning", "openai.leftovers", seen, "doctor.openai.left_remedy");
}

/** Status and code of an answer: ours, so it holds nothing of the key. */
export function toReason(message: string, code: string): string {
  return /OpenAI answered (.+?)\.$/.exec(message)?.[1] ?? code;
}

/** The model is not there, not for this project, or one that answers nothing, such as one for embeddings. */
export async function explainModel(error: unknown, client: OpenAIClient): Promise<Finding> {
  const { model } = client;
  const { status } = readFailure(error) ?? {};
  if (status === 400) {
    return found("problem", "openai.model", ["doctor.openai.model_unfit", { model }], "doctor.openai.unfit_remedy");
  }
  const models = await nameModels(client);
  return status === 403
    ? found(
        "problem",
        "openai.model",
        ["doctor.openai.model_closed", { model }],
        ["doctor.openai.closed_remedy", { models }],
      )
    : found(
        "problem",
        "openai.model",
        ["doctor.openai.no_model", { model }],
        ["doctor.openai.model_remedy", { models }],
      );
}

function isAboutModel(error: unknown): boolean {
  const failure = readFailure(error);
  return failure?.status === 400 && (failure.param === "model" || failure.code === "unsupported_model");
}

/** OpenAI itself, also by one of its regional addresses. */
function isOpenAI(address: string): boolean {
  return /(?:^|\.)openai\.com$/.test(new URL(address).hostname);
}

function toKeyRemedy(address: string) {
  return ["doctor.openai.own_key_remedy", { address }] as const;
}
