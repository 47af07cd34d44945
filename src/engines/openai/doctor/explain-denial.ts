import { APIError } from "openai";
import { found, type Finding } from "../../../core/ports/diagnosis.ts";
import { readFailure } from "../errors.ts";

/** As OpenAI's message names them: `Missing scopes: api.model.read.` */
const MISSING_SCOPES = /missing scopes?: *((?:[a-z_]+\.)*[a-z_]+(?:, *(?:[a-z_]+\.)*[a-z_]+)*)/i;

/**
 * Who may not do what, where an answer is about that and not about the key itself: a restricted key, a list of addresses,
 * a country (developers.openai.com/api/docs/guides/error-codes). Null for every other error.
 */
export function explainDenial(subject: string, path: string, error: unknown): Finding | null {
  const failure = readFailure(error);
  if (failure === undefined) return null;
  const { status, code } = failure;
  if (status !== 401 && status !== 403) return null;
  if (code?.startsWith("unsupported_country") === true) {
    return found("problem", "openai.address", "doctor.openai.country", "doctor.openai.country_remedy");
  }
  if (code === "ip_not_authorized") {
    return found("problem", "openai.key", "doctor.openai.ip", "doctor.openai.ip_remedy");
  }
  const message = error instanceof APIError ? error.message : "";
  const [, scopes] = MISSING_SCOPES.exec(message) ?? [];
  const isScope = code === "missing_scope" || scopes !== undefined || /insufficient permissions/i.test(message);
  if (!isScope) return null;
  const seen = [
    "doctor.openai.no_scope",
    { path, reason: scopes ?? [status, code].filter(Boolean).join(" ") },
  ] as const;
  return found("problem", subject, seen, "doctor.openai.scope_remedy");
}
