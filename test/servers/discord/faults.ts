import type { Reply } from "./fault.ts";

/** What goes wrong with requests, on purpose. */
export interface FaultRule {
  /** Only requests whose `METHOD /path` matches; all by default. */
  readonly match?: RegExp;
  /** Default: once. */
  readonly times?: number;
  /** Every n-th matching request; default each. */
  readonly every?: number;
  readonly reply: Reply;
  /** `after`: what was asked for is done, only its answer is lost. */
  readonly when: "before" | "after";
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The rule that hits this request. */
  next(request: string): FaultRule | undefined;
}

export function createFaults(): Faults {
  let rules: { readonly rule: FaultRule; seen: number; left: number }[] = [];
  return {
    add: (rule) => void rules.push({ rule, seen: 0, left: rule.times ?? 1 }),
    clear: () => void (rules = []),
    next(request) {
      for (const entry of rules) {
        if (entry.left <= 0 || !(entry.rule.match?.test(request) ?? true)) continue;
        entry.seen += 1;
        if (entry.seen % (entry.rule.every ?? 1) !== 0) continue;
        entry.left -= 1;
        return entry.rule;
      }
      return undefined;
    },
  };
}

/** A 429 as Discord's: `retry_after` in seconds. */
export function rateLimited(retryAfter: number, scope: "user" | "global" | "shared" = "user"): Reply {
  return {
    status: 429,
    json: { message: "You are being rate limited.", retry_after: retryAfter, global: scope === "global" },
    headers: {
      "retry-after": String(retryAfter),
      "x-ratelimit-scope": scope,
      ...(scope === "global" ? { "x-ratelimit-global": "true" } : {}),
    },
  };
}
