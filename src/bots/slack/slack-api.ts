import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from "@slack/web-api";
import type { Clock, Log, Metrics } from "../../core/ports/system.ts";
import { METHODS, type SlackMethod } from "./app-contract.ts";
import { httpFetch } from "./http-fetch.ts";
import { createSdkLogger } from "./sdk-logger.ts";

export interface CallOptions {
  /**
   * A repeat does no harm, so a failure without an answer is tried again. The SDK's own retries are off: it would repeat
   * posts too (facts S7).
   */
  readonly isRepeatable?: boolean;
  /** Not worth waiting for: it fails when Slack takes no more calls just now (`isRateLimited`). */
  readonly isDispensable?: boolean;
  readonly signal?: AbortSignal;
}

export interface SlackApi {
  /**
   * Calls a method; waits as long as Slack asks when there were too many calls.
   * @throws WebAPIPlatformError when Slack refuses; other errors leave open whether it was done.
   */
  call<T extends object>(
    method: SlackMethod,
    args: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<T>;
  /** Posts to a `response_url`: five times within thirty minutes. False when Slack does not take it. */
  respond(responseUrl: string, body: object): Promise<boolean>;
}

const TIMEOUT_MS = 15_000;
const REPEAT_PAUSES_MS = [300, 900];
const MAX_WAITS = 8;
/** Slack allows about one post a second in a channel, with bursts (docs.slack.dev/apis/web-api/rate-limits). */
const POST_INTERVAL_MS = 1_000;

export function createSlackApi(options: {
  botToken: string;
  apiUrl: string | undefined;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Ends every pause: Slack may ask for half a minute, and nobody wants to wait for that at the end. */
  stopping: AbortSignal;
}): SlackApi {
  const { clock, log, metrics } = options;
  const client = new WebClient(options.botToken, {
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    fetch: httpFetch,
    logger: createSdkLogger(log),
  });
  /** Earliest time of the next call, by what Slack limits: a method, for posts a method in a channel. */
  const notBefore = new Map<string, number>();

  return {
    async call<T extends object>(method: SlackMethod, args: Readonly<Record<string, unknown>>, more: CallOptions = {}) {
      const pauses = more.isRepeatable === true ? [...REPEAT_PAUSES_MS] : [];
      const signal = more.signal === undefined ? options.stopping : AbortSignal.any([more.signal, options.stopping]);
      const maxWaits = more.isDispensable === true ? 0 : MAX_WAITS;
      const key = limitKey(method, args);
      const sent = withNestedAsJson(args);
      for (let waits = 0; ;) {
        if (maxWaits === 0 && waitOf(key) > 0) throw new WebAPIRateLimitedError(waitOf(key) / 1000);
        await waitForTurn(method, key, signal);
        try {
          return (await client.apiCall(method, sent)) as unknown as T;
        } catch (error) {
          if (error instanceof WebAPIRateLimitedError) {
            metrics.count("slack_rate_limited_total", { method });
            notBefore.set(key, clock.steady() + error.retryAfter * 1000);
            if (waits++ < maxWaits) continue;
          }
          const pause = isAmbiguous(error) ? pauses.shift() : undefined;
          if (pause === undefined) throw error;
          await clock.sleep(pause, signal);
        }
      }
    },
    async respond(responseUrl, body) {
      try {
        const response = await fetch(responseUrl, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (!response.ok) log.warn("Slack did not take a reply to a command.", { status: response.status });
        return response.ok;
      } catch (error) {
        log.warn("A reply to a command could not be posted.", { error });
        return false;
      }
    },
  };

  async function waitForTurn(method: SlackMethod, key: string, signal: AbortSignal): Promise<void> {
    for (let wait = waitOf(key); wait > 0; wait = waitOf(key)) await clock.sleep(wait, signal);
    forgetPast();
    if (method === "chat.postMessage") notBefore.set(key, clock.steady() + POST_INTERVAL_MS);
    else notBefore.delete(key);
  }

  /** Or every channel that ever got a post would be remembered. */
  function forgetPast(): void {
    for (const [key, time] of notBefore) {
      if (time > clock.steady()) return;
      notBefore.delete(key);
    }
  }

  function waitOf(key: string): number {
    return (notBefore.get(key) ?? 0) - clock.steady();
  }
}

function limitKey(method: SlackMethod, args: Readonly<Record<string, unknown>>): string {
  return method === "chat.postMessage" ? `${method} ${String(args["channel"])}` : method;
}

/** As the SDK sends them in the end; what it finds nested it first walks through, twice, for a log that nobody reads. */
function withNestedAsJson(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(args);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "object" && value !== null ? JSON.stringify(value) : value]),
  );
}

/** Slack's name of a refusal, e.g. `not_in_channel`; null for every other failure. */
export function refusalOf(error: unknown): string | null {
  return error instanceof WebAPIPlatformError && isWord(error.data.error) ? error.data.error : null;
}

/** The SDK takes any body for Slack's refusal, also a page that a proxy answers with. */
function isWord(refusal: string): boolean {
  return /^\w{1,80}$/.test(refusal);
}

/** True when Slack took no more calls, so that it did nothing. */
export function isRateLimited(error: unknown): boolean {
  return error instanceof WebAPIRateLimitedError;
}

/** True when it is open whether Slack did what it was asked: no answer, or one of a machine in between. */
export function isAmbiguous(error: unknown): boolean {
  if (error instanceof WebAPIPlatformError) return !isWord(error.data.error);
  return error instanceof WebAPIRequestError || error instanceof WebAPIHTTPError;
}

/** A refusal in words for the log: what was asked, what Slack said, what to do. */
export function explainRefusal(method: SlackMethod, error: unknown): string {
  const refusal = refusalOf(error);
  const scopes = METHODS[method].join(" or ");
  if (refusal === "missing_scope") return `Slack refused ${method}: the app lacks the scope ${scopes}. ${ADD_SCOPE}`;
  if (refusal === "not_in_channel" || refusal === "channel_not_found") {
    return `Slack refused ${method} (${refusal}): Docent is not in that channel. Invite it there: /invite @docent`;
  }
  if (refusal !== null) return `Slack refused ${method}: ${refusal}.`;
  return `Slack gave no answer to ${method}: ${error instanceof Error ? error.message : String(error)}`;
}

export const ADD_SCOPE =
  "Open api.slack.com/apps → your app → OAuth & Permissions → Scopes → Add an OAuth Scope, then Reinstall to Workspace (or paste slack-manifest.json under App Manifest).";
