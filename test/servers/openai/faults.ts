import { ApiFault } from "./http.ts";

/** A route's name, as faults and the request log use it. */
export type RouteName =
  | "models.list"
  | "models.retrieve"
  | "files.create"
  | "files.list"
  | "files.retrieve"
  | "files.content"
  | "files.delete"
  | "vector_stores.create"
  | "vector_stores.list"
  | "vector_stores.retrieve"
  | "vector_stores.delete"
  | "vector_stores.search"
  | "vector_stores.files.create"
  | "vector_stores.files.list"
  | "vector_stores.files.retrieve"
  | "vector_stores.files.delete"
  | "conversations.create"
  | "conversations.retrieve"
  | "conversations.update"
  | "conversations.delete"
  | "conversations.items.list"
  | "conversations.items.create"
  | "conversations.items.retrieve"
  | "conversations.items.delete"
  | "responses.create"
  | "responses.retrieve"
  | "responses.stream"
  | "responses.delete"
  | "responses.cancel"
  | "responses.input_items"
  | "responses.input_tokens";

/** Errors that the vendor is known to answer with, by code: status, type, and what the code says. */
export const KNOWN_ERRORS = {
  invalid_api_key: { status: 401, type: "invalid_request_error", message: "Incorrect API key provided." },
  ip_not_authorized: { status: 401, type: "invalid_request_error", message: "Your IP is not authorized." },
  missing_scope: {
    status: 403,
    type: "invalid_request_error",
    message: "You have insufficient permissions for this operation. Missing scopes: api.model.read. Check your role.",
  },
  /** The older form of the same: with no code, and as a matter of the key. */
  insufficient_permissions: {
    status: 401,
    type: "invalid_request_error",
    message: "You have insufficient permissions for this operation. Missing scopes: model.request.",
    code: null,
  },
  project_without_model: {
    status: 403,
    type: "invalid_request_error",
    message: "Project `proj_1` does not have access to model.",
    code: "model_not_found",
  },
  /** A model for something else, such as embeddings. */
  unsupported_model: {
    status: 400,
    type: "invalid_request_error",
    message: "The requested model cannot be used with the Responses API.",
    code: null,
    param: "model",
  },
  unsupported_country_region_territory: {
    status: 403,
    type: "request_forbidden",
    message: "Country, region, or territory not supported",
  },
  model_not_found: {
    status: 404,
    type: "invalid_request_error",
    message: "The model does not exist or you do not have access to it.",
  },
  context_length_exceeded: {
    status: 400,
    type: "invalid_request_error",
    message: "Your input exceeds the context window of this model.",
  },
  invalid_value: { status: 400, type: "invalid_request_error", message: "Invalid value." },
  conflict: { status: 409, type: "conflict_error", message: "The request conflicts with another one.", code: null },
  rate_limit_exceeded: { status: 429, type: "requests", message: "Rate limit reached." },
  slow_down: { status: 429, type: "rate_limit_error", message: "Slow down." },
  credit_balance_exhausted: { status: 429, type: "insufficient_quota", message: "Your credit balance is exhausted." },
  insufficient_quota: { status: 429, type: "insufficient_quota", message: "You exceeded your current quota." },
  organization_spend_limit_exceeded: { status: 429, type: "insufficient_quota", message: "Organization spend limit." },
  project_spend_limit_exceeded: { status: 429, type: "insufficient_quota", message: "Project spend limit." },
  organization_usage_limit_exceeded: { status: 429, type: "insufficient_quota", message: "Organization usage limit." },
  server_error: { status: 500, type: "server_error", message: "The server had an error." },
  server_is_overloaded: { status: 503, type: "service_unavailable_error", message: "The server is overloaded." },
} as const;

interface KnownAnswer {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** Where it is another than the error's name here. */
  readonly code?: string | null;
  readonly param?: string;
}

export type KnownError = keyof typeof KNOWN_ERRORS;

/** What goes wrong. `…-after` faults let the request take effect and lose the answer. */
export type Fault =
  | { readonly kind: "error"; readonly code: KnownError; readonly retryAfter?: number; readonly message?: string }
  | { readonly kind: "error-after"; readonly code: KnownError }
  | { readonly kind: "timeout" }
  | { readonly kind: "timeout-after" }
  | { readonly kind: "reset" }
  | { readonly kind: "reset-after" }
  | { readonly kind: "malformed-after" }
  /** The connection breaks in the middle of the body. */
  | { readonly kind: "cut-after" }
  /** The body begins and never goes on. */
  | { readonly kind: "stall-after" }
  /** The answer is right and comes late. */
  | { readonly kind: "slow"; readonly ms: number }
  /** The event stream ends, or falls silent, after so many events. */
  | { readonly kind: "stream-cut"; readonly afterEvents: number }
  | { readonly kind: "stream-silent"; readonly afterEvents: number }
  /** How the run of this request ends. */
  | { readonly kind: "run-failed"; readonly code: string }
  | { readonly kind: "run-incomplete"; readonly reason: "max_output_tokens" | "content_filter"; readonly text?: string }
  | { readonly kind: "run-stuck" }
  | { readonly kind: "run-cancelled" }
  /** How the indexing of this vector store file ends. */
  | { readonly kind: "index-failed"; readonly code: "server_error" | "unsupported_file" | "invalid_file" }
  | { readonly kind: "index-stuck" };

interface Planned {
  readonly route: RouteName;
  readonly fault: Fault;
  readonly rate: number;
  skip: number;
  times: number;
}

export interface Faults {
  /** Plans a fault: `times` (1) of the next requests to a route after `skip` (0), or each with probability `rate`. */
  add(route: RouteName, fault: Fault, options?: { times?: number; skip?: number; rate?: number }): void;
  clear(): void;
  /** Faults that were planned and have not happened yet. */
  pending(): number;
  /** Faults that have happened. */
  taken(): number;
  take(route: RouteName): Fault | undefined;
}

/** `random` decides about faults with a rate. */
export function createFaults(random: () => number = Math.random): Faults {
  let planned: Planned[] = [];
  let taken = 0;
  return {
    add(route, fault, options = {}) {
      const rate = options.rate ?? 1;
      const times = options.times ?? (options.rate === undefined ? 1 : Number.POSITIVE_INFINITY);
      planned.push({ route, fault, rate, times, skip: options.skip ?? 0 });
    },
    clear() {
      planned = [];
    },
    pending: () => planned.filter((plan) => Number.isFinite(plan.times)).length,
    taken: () => taken,
    take(route) {
      for (const plan of planned) {
        if (plan.route !== route) continue;
        if (plan.skip > 0) {
          plan.skip -= 1;
          continue;
        }
        if (random() >= plan.rate) continue;
        plan.times -= 1;
        taken += 1;
        if (plan.times <= 0) planned = planned.filter((other) => other !== plan);
        return plan.fault;
      }
      return undefined;
    },
  };
}

/** The error that a fault answers with. */
export function toApiFault(code: KnownError, options: { retryAfter?: number; message?: string } = {}): ApiFault {
  const known: KnownAnswer = KNOWN_ERRORS[code];
  return new ApiFault(known.status, options.message ?? known.message, {
    code: known.code === undefined ? code : known.code,
    type: known.type,
    param: known.param ?? null,
    headers: options.retryAfter === undefined ? {} : { "retry-after": String(options.retryAfter) },
  });
}
