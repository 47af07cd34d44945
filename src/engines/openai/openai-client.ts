import { NotFoundError, type OpenAI } from "openai";
import type { Clock, Log } from "../../core/ports/system.ts";
import { createCircuit } from "./circuit.ts";
import { isConversationLocked, isTransient, readFailure, toEngineError } from "./errors.ts";
import { GuardedOpenAI, type Outage } from "./guarded-openai.ts";
import { createKeepAlive } from "./keep-alive.ts";

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** OpenAI's SDK with Docent's own repeats. */
export interface OpenAIClient {
  readonly sdk: OpenAI;
  readonly model: string;
  readonly timeoutMs: number;
  /** Whether OpenAI is taken for dead: nearly everything is refused without being sent. */
  isCutOff(): boolean;
  /**
   * Runs a call that may be repeated without harm, and repeats it after failures that pass.
   * @throws DocentError, except for what callers expect and get as it is: a 404, and a locked conversation
   */
  patiently<T>(
    attempted: string,
    call: () => Promise<T>,
    options?: { signal?: AbortSignal; tries?: number },
  ): Promise<T>;
}

const PUBLIC_URL = "https://api.openai.com/v1";
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** Failures in a row after which OpenAI is taken for dead. */
const FAILURES_TO_OPEN = 5;
const PROBE_TIMEOUT_MS = 5_000;
/**
 * A little less than the shortest of those who may stand in between: Cloudflare closes after 400 s
 * (developers.cloudflare.com/fundamentals/reference/connection-limits), load balancers after 60 s.
 */
const KEEP_ALIVE_MS = 55_000;
/** A pause that OpenAI asks for is made a little longer, so that those it asked do not all come back at once. */
const RETRY_AFTER_JITTER = 0.1;
/** A minute, with the jitter. Whoever waits for people is told to come back later instead. */
export const LONGEST_RETRY_AFTER_MS = 66_000;

/**
 * The SDK's own repeats are off: they decide by status alone, so that an account without credit would be asked three
 * times and an answer could be asked for twice (openai 7.57, `client.mjs`). Its logger is off as well: it would print
 * the names of people's files.
 */
export function createOpenAIClient(options: {
  apiKey: string;
  baseUrl?: string;
  model: string;
  timeoutMs?: number;
  clock: Clock;
  log: Log;
  fetch?: Fetch;
  probeTimeoutMs?: number;
}): OpenAIClient {
  const timeoutMs = options.timeoutMs ?? 60_000;
  const { clock, log } = options;
  const circuit = createCircuit<Outage>({
    clock,
    threshold: FAILURES_TO_OPEN,
    onOpen: (reason) => log.warn("OpenAI does not answer: from now on it is asked every 10 to 30 s.", { reason }),
    onClose: (ms) => log.info("OpenAI answers again.", { secondsAway: Math.round(ms / 1000) }),
  });
  const guard = {
    circuit,
    probePath: `/models/${encodeURIComponent(options.model)}`,
    probeTimeoutMs: Math.min(options.probeTimeoutMs ?? PROBE_TIMEOUT_MS, timeoutMs),
  };
  const sdkOptions = {
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? PUBLIC_URL,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: "off",
    fetch: options.fetch,
    fetchOptions: { dispatcher: createKeepAlive(KEEP_ALIVE_MS) },
  } as const;
  return {
    sdk: new GuardedOpenAI(sdkOptions, guard),
    model: options.model,
    timeoutMs,
    isCutOff: () => circuit.isOpen(),
    async patiently(attempted, call, { signal, tries = 4 } = {}) {
      for (let attempt = 1; ; attempt += 1) {
        signal?.throwIfAborted();
        try {
          return await call();
        } catch (error) {
          signal?.throwIfAborted();
          if (error instanceof NotFoundError || isConversationLocked(error)) throw error;
          const pauseMs = toPauseMs(error, attempt);
          const isHopeless = attempt >= tries || pauseMs > LONGEST_RETRY_AFTER_MS || !isTransient(error);
          if (isHopeless) throw toEngineError(error, attempted, options.model);
          log.debug("Asking OpenAI again.", { attempted, attempt, pauseMs });
          await clock.sleep(pauseMs, signal);
        }
      }
    },
  };
}

/** How long to wait before the next attempt: as long as OpenAI says, else longer each time; with jitter. */
export function toPauseMs(error: unknown, attempt: number): number {
  const asked = readFailure(error)?.retryAfterMs;
  if (asked !== undefined) return Math.round(asked * (1 + Math.random() * RETRY_AFTER_JITTER));
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return Math.round(pause * (0.75 + Math.random() * 0.25));
}

/** Like `patiently`, for things that may be gone: a 404 is `undefined`. */
export async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
