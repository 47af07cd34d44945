import { DocentError, type ErrorCode } from "../../core/errors.ts";
import type { TextKey } from "../../core/texts/language.ts";
import { errorText, text } from "../../core/texts/text.ts";

const STATUSES: Partial<Readonly<Record<ErrorCode, number>>> = {
  question_empty: 400,
  question_too_long: 400,
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  uploads_off: 403,
  not_found: 404,
  file_gone: 404,
  file_too_large: 413,
  rate_limited: 429,
  busy: 503,
  engine_unreachable: 503,
  engine_overloaded: 503,
  stopping: 503,
  storage_full: 507,
};

/** `{"error":{"code","message"}}` in the requester's language, with a fitting status. */
export function toErrorResponse(error: DocentError, locale: string): Response {
  const status = STATUSES[error.code] ?? 500;
  const headers = new Headers({ "cache-control": "no-store" });
  if (error.retryAfterMs !== undefined) headers.set("retry-after", String(Math.ceil(error.retryAfterMs / 1000)));
  if (error.code === "unauthorized") headers.set("www-authenticate", "Bearer");
  return Response.json({ error: { code: error.code, message: errorText(error, locale) } }, { status, headers });
}

/** 405: the path exists, for other methods. */
export function toWrongMethod(request: Request, allowed: readonly string[], locale: string): Response {
  const message = text("web.wrong_method", locale, { method: request.method });
  const headers = { "cache-control": "no-store", allow: allowed.join(", ") };
  return Response.json({ error: { code: "method_not_allowed", message } }, { status: 405, headers });
}

/** A request that cannot be understood; `reason` says why, in the requester's language. */
export function badRequest(reason: TextKey, locale: string): DocentError {
  return new DocentError("bad_request", `Reading a request: ${text(reason, "en")}.`, {
    details: { reason: text(reason, locale) },
  });
}
