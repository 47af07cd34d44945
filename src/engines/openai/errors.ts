import { APIConnectionError, APIError, OpenAIError } from "openai";
import { DocentError, isDocentError, toDocentError, type ErrorCode, type ErrorDetails } from "../../core/errors.ts";

/** What an answer of OpenAI says about itself, without its message: that may hold parts of the key or of a text. */
export interface Failure {
  readonly status: number | null;
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | undefined;
}

/**
 * Codes of "no money" and "over a limit that somebody set"; all come with 429 and no repeat helps.
 * developers.openai.com/api/docs/guides/error-codes; `insufficient_quota` is the older code and still the type.
 */
const NO_CREDIT = new Set([
  "credit_balance_exhausted",
  "insufficient_quota",
  "organization_spend_limit_exceeded",
  "project_spend_limit_exceeded",
  "organization_usage_limit_exceeded",
  "billing_hard_limit_reached",
]);

/** By code, of an answer as well as of a run that failed (`responses.ts`, ResponseError.code). */
const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  invalid_api_key: "invalid_key",
  account_deactivated: "invalid_key",
  model_not_found: "model_not_available",
  context_length_exceeded: "context_too_long",
  rate_limit_exceeded: "rate_limited",
  slow_down: "rate_limited",
  server_is_overloaded: "engine_overloaded",
  vector_store_timeout: "engine_overloaded",
  conversation_locked: "engine_overloaded",
  server_error: "run_failed",
  content_filter: "content_filtered",
  image_content_policy_violation: "content_filtered",
  invalid_prompt: "engine_refused",
  data_residency_mismatch: "engine_refused",
  bio_policy: "engine_refused",
  misalignment_policy_violation: "engine_refused",
};

/** Whether an answer with 429 is about money and limits that somebody set, not about how fast we ask. */
export function isNoCredit(code: unknown, type: unknown): boolean {
  return NO_CREDIT.has(String(code)) || NO_CREDIT.has(String(type));
}

/** What the circuit refused: it was never sent, so nothing can have happened. */
function readNotSent(error: unknown): DocentError | undefined {
  return error instanceof APIConnectionError && isDocentError(error.cause) ? error.cause : undefined;
}

const PASSING: readonly ErrorCode[] = ["engine_unreachable", "engine_overloaded", "rate_limited"];

export function readFailure(error: unknown): Failure | undefined {
  if (!(error instanceof APIError)) return undefined;
  const headers = error.headers instanceof Headers ? error.headers : undefined;
  return {
    status: error.status ?? null,
    code: toSafe(error.code),
    type: toSafe(error.type),
    param: toSafe(error.param),
    requestId: toSafe(error.requestID),
    retryAfterMs: readRetryAfter(headers),
  };
}

/** The request never got an answer, or one that says nothing about whether it took effect. */
export function isAmbiguous(error: unknown): boolean {
  if (readNotSent(error) !== undefined) return false;
  // The SDK throws a plain SyntaxError for a body that is not JSON.
  if (error instanceof APIConnectionError || error instanceof SyntaxError || isBrokenBody(error)) return true;
  const failure = readFailure(error);
  if (failure === undefined) return false;
  if (failure.code === "server_is_overloaded") return false;
  const { status } = failure;
  return status === null || status === 408 || status === 409 || status >= 500;
}

/** A connection that broke while the body came: Node's fetch throws a TypeError, which the SDK lets through. */
function isBrokenBody(error: unknown): boolean {
  if (!(error instanceof TypeError)) return false;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return error.message === "terminated" || /^(?:UND_ERR_|ECONN|EPIPE|ETIMEDOUT)/.test(code);
}

/** A definite refusal that will pass: the request had no effect. */
export function isRefusedForNow(error: unknown): boolean {
  const failure = readFailure(error);
  if (failure === undefined || isOutOfCredit(failure)) return false;
  return failure.status === 429 || failure.code === "server_is_overloaded";
}

export function isTransient(error: unknown): boolean {
  return isAmbiguous(error) || isRefusedForNow(error);
}

/** Passes, but not so soon that a repeat would help: whoever can wait goes on waiting. */
export function isPassing(error: unknown): boolean {
  if (isDocentError(error)) return PASSING.includes(error.code);
  return isTransient(error) || readNotSent(error) !== undefined;
}

export function isConversationLocked(error: unknown): boolean {
  return readFailure(error)?.code === "conversation_locked";
}

/** A refusal whose cause may be a conversation, file or vector store that OpenAI no longer has. */
export function mayBeMissingSomething(error: unknown): boolean {
  const failure = readFailure(error);
  if (failure === undefined || (failure.status !== 400 && failure.status !== 404)) return false;
  return failure.param !== "stream" && BY_CODE[failure.code ?? ""] === undefined;
}

/** A refusal that may be about `stream`: named so, or without saying what it is about. */
export function mayRefuseStream(error: unknown): boolean {
  const failure = readFailure(error);
  if (failure === undefined) return false;
  if (failure.param === "stream" || failure.status === 405 || failure.status === 501) return true;
  return (failure.status === 400 || failure.status === 422) && failure.code === null && failure.param === null;
}

function isOutOfCredit(failure: Failure): boolean {
  return NO_CREDIT.has(failure.code ?? "") || (failure.status === 429 && isNoCredit(failure.code, failure.type));
}

/** Any error of the SDK as a DocentError: by code, then by status. */
export function toEngineError(error: unknown, attempted: string, model: string): DocentError {
  if (error instanceof DocentError) return error;
  const refused = readNotSent(error);
  if (refused !== undefined) {
    const { code, message, retryAfterMs } = refused;
    return new DocentError(code, `${attempted}: ${message}`, { retryAfterMs });
  }
  const failure = readFailure(error);
  if (failure === undefined || failure.status === null) {
    // Files and our own mistakes: what they say holds nothing of OpenAI's.
    if (isAmbiguous(error)) {
      const message = `${attempted}: no usable answer from OpenAI; check the network and status.openai.com.`;
      return new DocentError("engine_unreachable", message);
    }
    if (!(error instanceof OpenAIError)) return toDocentError(error, attempted);
    return new DocentError("internal", `${attempted}: the SDK refused the request.`);
  }
  const code = toErrorCode(failure);
  const reason = toReason(failure.code) ?? toReason(failure.type) ?? String(failure.status);
  const details: ErrorDetails =
    code === "model_not_available" ? { model } : code === "engine_refused" ? { reason } : {};
  const seen = [failure.status, failure.code, failure.param, failure.requestId].filter(Boolean).join(" ");
  return new DocentError(code, `${attempted}: OpenAI answered ${seen}.`, {
    details,
    retryAfterMs: failure.retryAfterMs,
  });
}

/** The error of a run that ended as `failed`. */
export function toRunError(code: string | null, runId: string): DocentError {
  const safe = toSafe(code) ?? "unknown";
  // The list of codes is not closed: an image's code says so in its name, everything else is a failure.
  const mapped = BY_CODE[safe] ?? (safe.includes("image") ? "engine_refused" : "run_failed");
  const known = NO_CREDIT.has(safe) ? "out_of_credit" : mapped;
  const details: ErrorDetails = known === "engine_refused" ? { reason: toReason(safe) ?? "unknown" } : {};
  return new DocentError(known, `The run ${runId} failed: ${safe}.`, { details });
}

function toErrorCode(failure: Failure): ErrorCode {
  if (isOutOfCredit(failure)) return "out_of_credit";
  const known = BY_CODE[failure.code ?? ""];
  if (known !== undefined && known !== "run_failed") return known;
  const status = failure.status ?? 500;
  // A run that needs the background is refused where there is none (openai.md, data residency).
  if (status === 400 && failure.param === "background") return "engine_incomplete";
  // What may be missing, such as a conversation, was looked for before: the path itself is not there.
  const byStatus: Readonly<Record<number, ErrorCode>> = {
    401: "invalid_key",
    404: "engine_incomplete",
    405: "engine_incomplete",
    501: "engine_incomplete",
    408: "engine_unreachable",
    409: "engine_unreachable",
    429: "rate_limited",
    503: "engine_overloaded",
  };
  return byStatus[status] ?? (status >= 500 ? "engine_unreachable" : "engine_refused");
}

function readRetryAfter(headers: Headers | undefined): number | undefined {
  const milliseconds = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  const inSeconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(inSeconds) && inSeconds >= 0 ? inSeconds * 1000 : undefined;
}

/** Codes and ids only: anything that could be a sentence is left out. */
function toSafe(value: unknown): string | null {
  return typeof value === "string" && /^[\w.[\]-]{1,80}$/.test(value) && !value.startsWith("sk-") ? value : null;
}

/** What people in a channel may read of a code: words. A server that answers in OpenAI's place may send the key as one. */
function toReason(code: string | null): string | null {
  return code !== null && /^[a-z]+(?:_[a-z]+)*$/.test(code) ? code : null;
}
