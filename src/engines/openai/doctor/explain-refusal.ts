import type { DocentError } from "../../../core/errors.ts";
import { found, type Finding } from "../../../core/ports/diagnosis.ts";

/** Why something that Docent needs is not there. */
export function explainRefusal(subject: string, path: string, { code, message }: DocentError): Finding {
  if (code === "out_of_credit") {
    return found("problem", "openai.credit", "doctor.openai.no_credit", "doctor.openai.credit_remedy");
  }
  if (code === "rate_limited" || code === "engine_overloaded") {
    return found("warning", subject, "doctor.openai.busy", "doctor.openai.busy_remedy");
  }
  const reason = toReason(message, code);
  return /\b(?:404|405|501)\b/.test(reason)
    ? found("problem", subject, ["doctor.openai.no_path", { path }], "doctor.openai.server_remedy")
    : found("problem", subject, ["doctor.openai.path_failed", { path, reason }], "doctor.openai.status_remedy");
}

export function explainLeftovers(ids: readonly string[]): Finding {
  const seen = ["doctor.openai.left", { ids: ids.join(", ") }] as const;
  return found("warning", "openai.leftovers", seen, "doctor.openai.left_remedy");
}

/** Status and code of an answer: ours, so it holds nothing of the key. */
export function toReason(message: string, code: string): string {
  return /OpenAI answered (.+?)\.$/.exec(message)?.[1] ?? code;
}
