import { createHash } from "node:crypto";
import { rateLimited } from "./faults.ts";
import type { Reply } from "./fault.ts";

export interface RateLimitOptions {
  /** Of each bucket: a route with its channel, guild or webhook. */
  readonly limit: number;
  readonly windowMs: number;
  readonly globalPerSecond: number;
  /** 401, 403 and 429 within ten minutes; then Cloudflare answers instead of Discord. */
  readonly invalidRequests: number;
}

interface Window {
  used: number;
  resetsAt: number;
}

export interface RateLimits {
  /** Headers of an answer, or the 429 that it is refused with. */
  take(route: string, major: string, isInteraction: boolean): { headers: Record<string, string>; refused?: Reply };
  countInvalid(reply: Reply): void;
  readonly invalidRequests: number;
  readonly isBanned: boolean;
}

/** Buckets with their headers, the global limit and the ban for invalid requests (topics/rate-limits.mdx). */
export function createRateLimits(options: RateLimitOptions, now: () => number): RateLimits {
  const windows = new Map<string, Window>();
  let invalid = 0;

  function use(key: string, limit: number, windowMs: number): { window: Window; isOver: boolean } {
    const found = windows.get(key);
    const window = found !== undefined && found.resetsAt > now() ? found : { used: 0, resetsAt: now() + windowMs };
    windows.set(key, window);
    const isOver = window.used >= limit;
    if (!isOver) window.used += 1;
    return { window, isOver };
  }

  return {
    get invalidRequests() {
      return invalid;
    },
    get isBanned() {
      return invalid >= options.invalidRequests;
    },
    take(route, major, isInteraction) {
      if (!isInteraction) {
        const { window, isOver } = use("global", options.globalPerSecond, 1000);
        if (isOver) return { headers: {}, refused: rateLimited((window.resetsAt - now()) / 1000, "global") };
      }
      const { window, isOver } = use(`${route}|${major}`, options.limit, options.windowMs);
      const resetAfter = (window.resetsAt - now()) / 1000;
      const headers = {
        "x-ratelimit-limit": String(options.limit),
        "x-ratelimit-remaining": String(options.limit - window.used),
        "x-ratelimit-reset": String(window.resetsAt / 1000),
        "x-ratelimit-reset-after": String(resetAfter),
        "x-ratelimit-bucket": createHash("md5").update(route).digest("hex"),
      };
      return isOver ? { headers, refused: rateLimited(resetAfter) } : { headers };
    },
    countInvalid({ status, headers }) {
      if (status === 401 || status === 403 || (status === 429 && headers?.["x-ratelimit-scope"] !== "shared")) {
        invalid += 1;
      }
    },
  };
}
