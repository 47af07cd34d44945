import { KNOWN_ERRORS, type Fault, type KnownError, type RouteName } from "../servers/openai/faults.ts";

/** A fault on a route, and what has to happen before a question meets that route. */
export interface FaultCase {
  readonly label: string;
  readonly route: RouteName;
  readonly fault: Fault;
  /** Faults that lead there. */
  readonly before: readonly (readonly [RouteName, Fault])[];
  /** Done to the server between a first question and the one that is watched. */
  readonly lose?: "conversation" | "file" | "store";
}

const CODES = Object.keys(KNOWN_ERRORS).filter((code): code is KnownError => code in KNOWN_ERRORS);
const LATE_MS = 100;

/** What can happen to any request. */
export const ANY: readonly Fault[] = [
  ...CODES.map((code): Fault => ({ kind: "error", code })),
  { kind: "error", code: "rate_limit_exceeded", retryAfter: 2 },
  { kind: "error-after", code: "server_error" },
  { kind: "error-after", code: "conflict" },
  { kind: "timeout" },
  { kind: "timeout-after" },
  { kind: "reset" },
  { kind: "reset-after" },
  { kind: "malformed-after" },
  { kind: "cut-after" },
  { kind: "stall-after" },
  { kind: "slow", ms: LATE_MS },
];

const RUN_CODES = ["server_error", "rate_limit_exceeded", "vector_store_timeout", "invalid_prompt", "bio_policy"];

/** What can happen to a run, its stream, and the indexing of a file. */
export const SPECIAL: Readonly<Partial<Record<RouteName, readonly Fault[]>>> = {
  "responses.create": [
    ...[0, 2, 3].map((afterEvents): Fault => ({ kind: "stream-cut", afterEvents })),
    ...[0, 2, 3].map((afterEvents): Fault => ({ kind: "stream-silent", afterEvents })),
    ...[...RUN_CODES, "insufficient_quota", "image_too_large", "made_up_tomorrow"].map((code): Fault => ({
      kind: "run-failed",
      code,
    })),
    { kind: "run-incomplete", reason: "max_output_tokens", text: "The beginning" },
    { kind: "run-incomplete", reason: "max_output_tokens", text: "" },
    { kind: "run-incomplete", reason: "content_filter", text: "" },
    { kind: "run-stuck" },
    { kind: "run-cancelled" },
  ],
  "responses.stream": [
    { kind: "stream-cut", afterEvents: 0 },
    { kind: "stream-silent", afterEvents: 0 },
  ],
  "vector_stores.files.create": [
    { kind: "index-failed", code: "server_error" },
    { kind: "index-failed", code: "unsupported_file" },
    { kind: "index-failed", code: "invalid_file" },
    { kind: "index-stuck" },
  ],
};

/** The routes that questions use, and what makes a question use them. */
const ROUTES: readonly Pick<FaultCase, "route" | "before" | "lose">[] = [
  { route: "conversations.create", before: [] },
  { route: "files.create", before: [] },
  { route: "files.list", before: [["files.create", { kind: "reset-after" }]] },
  { route: "vector_stores.create", before: [] },
  { route: "vector_stores.files.create", before: [] },
  { route: "vector_stores.files.retrieve", before: [] },
  { route: "responses.create", before: [] },
  { route: "responses.retrieve", before: [["responses.create", { kind: "stream-cut", afterEvents: 2 }]] },
  { route: "responses.stream", before: [["responses.create", { kind: "stream-cut", afterEvents: 2 }]] },
  { route: "responses.cancel", before: [["responses.create", { kind: "run-stuck" }]] },
  { route: "conversations.items.list", before: [["responses.create", { kind: "reset-after" }]] },
  { route: "conversations.retrieve", before: [], lose: "conversation" },
  { route: "files.retrieve", before: [], lose: "file" },
  { route: "vector_stores.retrieve", before: [], lose: "store" },
];

export const FAULT_CASES: readonly FaultCase[] = ROUTES.flatMap((way) =>
  [...ANY, ...(SPECIAL[way.route] ?? [])].map((fault) => ({ ...way, fault, label: toLabel(fault) })),
);

/** Every fault once, each on another of the routes that it can happen on. */
export function pickCases(seed: number): readonly FaultCase[] {
  const labels = [...new Set(FAULT_CASES.map(({ label }) => label))];
  return labels.flatMap((label, index) => {
    const cases = FAULT_CASES.filter((each) => each.label === label);
    return cases[(seed + index) % cases.length] ?? [];
  });
}

/** Whether a fault is the account's: no credit, over a limit that somebody set, or a bad key. */
export function isOfAccount(fault: Fault): boolean {
  if (fault.kind !== "error" && fault.kind !== "error-after") return false;
  return fault.code === "invalid_api_key" || KNOWN_ERRORS[fault.code].type === "insufficient_quota";
}

function toLabel(fault: Fault): string {
  const { kind, ...rest } = fault;
  return [kind, ...Object.values(rest).map((value) => (value === "" ? "(no text)" : String(value)))].join(" ");
}
