import { createRateLimit } from "../core/rate-limit.ts";
import type { Clock } from "../core/ports/system.ts";

const MINUTE_MS = 60_000;

/** Twenty a second: an open page asks for a few things a minute, a whole office behind one address for some hundred. */
const REQUESTS_A_MINUTE = 1_200;

/** Wrong tokens in a header: a person types none there, and a program with the right one sends no wrong ones. */
const REFUSALS_A_MINUTE = 20;

/** How much one address may ask for, where others than this machine can ask at all. */
export interface RequestLimits {
  /** Counts a request, and gives the milliseconds until it may come again; 0 when it is answered now. */
  take(request: Request, address: string): number;
  /** Looks at the answer: whether a token was refused. */
  see(request: Request, response: Response, address: string): void;
}

/** Files of the page and signs of life are not counted: proxies ask for the latter, and the former cost nothing. */
const COUNTED = /^\/(?:api\/|metrics$|readyz$|sign-in$)/;

export function createRequestLimits(clock: Clock): RequestLimits {
  const requests = createRateLimit({ max: REQUESTS_A_MINUTE, windowMs: MINUTE_MS, clock });
  const refusals = createRateLimit({ max: REFUSALS_A_MINUTE, windowMs: MINUTE_MS, clock });
  const hasToken = (request: Request): boolean => request.headers.has("authorization");

  return {
    take(request, address) {
      if (hasToken(request)) {
        const wait = refusals.waitOf(address);
        if (wait > 0) return wait;
      }
      if (!COUNTED.test(new URL(request.url).pathname)) return 0;
      const wait = requests.waitOf(address);
      if (wait === 0) requests.use(address);
      return wait;
    },
    see(request, response, address) {
      if (response.status === 401 && hasToken(request)) refusals.use(address);
    },
  };
}
