/** Everything that Docent refuses or fails at, one code each. Every code has a sentence for people in `core/texts`. */
export const ERROR_CODES = [
  // A document that cannot be used.
  "file_empty",
  "file_broken",
  "file_encrypted",
  "file_scanned",
  "file_too_large",
  "file_too_many_tokens",
  "file_too_many_pages",
  "file_unsupported",
  "file_download_failed",
  "file_forbidden",
  "file_gone",
  "file_removed",
  "file_refused_by_engine",
  "file_bomb",
  "file_too_many_inside",
  "file_nested_too_deep",
  "file_nothing_inside",
  "file_partly_read",
  "image_needs_model",
  "too_many_files",
  // A question that cannot be answered.
  "question_empty",
  "question_too_long",
  "context_too_long",
  "scan_costs",
  "budget_used_up",
  "out_of_credit",
  "invalid_key",
  "model_not_available",
  "rate_limited",
  "engine_unreachable",
  "engine_overloaded",
  "engine_refused",
  "engine_incomplete",
  "content_filtered",
  "run_deadline",
  "run_failed",
  "run_expired",
  "cancelled",
  "uploads_off",
  "storage_full",
  "platform_unreachable",
  // A request that cannot be served.
  "not_found",
  "unauthorized",
  "forbidden",
  "bad_request",
  "busy",
  "stopping",
  "internal",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Values that a sentence may show: file names, sizes and limits, never secrets or text that people wrote. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/**
 * The one error type of Docent. `message` is for the log: what was attempted, what was seen, what to do.
 * People get the sentence that `core/texts` holds for `code`, filled with `details`.
 */
export class DocentError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** Milliseconds after which a repeat may succeed, where the vendor said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: ErrorDetails; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DocentError";
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function isDocentError(error: unknown, code?: ErrorCode): error is DocentError {
  return error instanceof DocentError && (code === undefined || error.code === code);
}

/** Any thrown value as a DocentError; what is not one already becomes `internal` with the original as its cause. */
export function toDocentError(error: unknown, attempted: string): DocentError {
  if (isDocentError(error)) return error;
  if (isDiskFull(error)) {
    return new DocentError("storage_full", `${attempted}: the disk is full; free some space.`, { cause: error });
  }
  const seen = error instanceof Error ? error.message : String(error);
  if (/database is locked/.test(seen)) {
    return new DocentError("busy", `${attempted}: another program holds the database; let it finish.`, {
      cause: error,
    });
  }
  return new DocentError("internal", `${attempted}: ${seen}`, { cause: error });
}

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "ENOSPC") || /database or disk is full/.test(error.message);
}
