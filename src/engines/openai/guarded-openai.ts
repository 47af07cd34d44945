import { OpenAI } from "openai";
import { DocentError, type ErrorCode } from "../../core/errors.ts";
import { isRefusal, type Circuit, type Pass } from "./circuit.ts";
import { isNoCredit } from "./errors.ts";

export type Outage = Extract<ErrorCode, "engine_unreachable" | "engine_overloaded" | "rate_limited">;

/** A timeout counts for more than other failures: two requests that hang are enough to know. */
const TIMEOUT_WEIGHT = 2.5;

type SdkOptions = NonNullable<ConstructorParameters<typeof OpenAI>[0]>;
type Request = Parameters<OpenAI["fetchWithTimeout"]>;

export interface Guard {
  readonly circuit: Circuit<Outage>;
  /** Path of something that is cheap to ask for and safe to ask for twice. */
  readonly probePath: string;
  readonly probeTimeoutMs: number;
}

/**
 * OpenAI's SDK behind a circuit, at the one place that every request passes: uploads, polls, event streams, deletions
 * and checks. What is refused here was certainly not sent. A body that is not an event stream is read to its end here,
 * within the request's timeout: the SDK's own ends with the headers (openai 7.57, `client.mjs`).
 */
export class GuardedOpenAI extends OpenAI {
  readonly #guard: Guard;

  constructor(options: SdkOptions, guard: Guard) {
    super(options);
    this.#guard = guard;
  }

  override async fetchWithTimeout(...request: Request): Promise<Response> {
    const [, init, , controller] = request;
    const entered = this.#guard.circuit.enter();
    if (isRefusal(entered)) throw notSent(entered.reason, entered.retryAfterMs);
    if (entered.isProbe) await this.#probe(init, entered);
    try {
      const response = await readWhole(await super.fetchWithTimeout(...request), request);
      await note(response, entered);
      return response;
    } catch (error) {
      // Given up by us: that says nothing about the other side.
      if (init?.signal?.aborted !== true) {
        entered.failed("engine_unreachable", isTimeout(error, controller) ? TIMEOUT_WEIGHT : 1);
      }
      throw error;
    }
  }

  /**
   * Asks whether anybody is there before something is sent that matters: of a question or an upload without an answer
   * nobody would know whether it took effect.
   */
  async #probe(init: Request[1], pass: Pass<Outage>): Promise<void> {
    const controller = new AbortController();
    const headers = new Headers(init?.headers);
    headers.delete("content-type");
    let seen: Outage | undefined;
    try {
      const request: Request = [
        `${this.baseURL}${this.#guard.probePath}`,
        { method: "GET", headers },
        this.#guard.probeTimeoutMs,
        controller,
      ];
      seen = await toOutage(await readWhole(await super.fetchWithTimeout(...request), request));
    } catch {
      seen = "engine_unreachable";
    }
    if (seen === undefined) return;
    pass.failed(seen);
    throw notSent(seen);
  }
}

function notSent(reason: Outage, retryAfterMs?: number): DocentError {
  return new DocentError(reason, "not sent, as OpenAI has not answered lately; see status.openai.com.", {
    retryAfterMs,
  });
}

async function readWhole(response: Response, [, , ms, controller]: Request): Promise<Response> {
  if ((response.headers.get("content-type") ?? "").includes("text/event-stream")) return response;
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    const bytes = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    return new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
  } finally {
    clearTimeout(timer);
  }
}

async function note(response: Response, pass: Pass<Outage>): Promise<void> {
  const outage = await toOutage(response);
  if (outage === undefined) pass.succeeded();
  else pass.failed(outage);
}

/** What an answer says about the provider as a whole; most say that it is well. */
async function toOutage(response: Response): Promise<Outage | undefined> {
  if (response.status === 429) return (await isAboutMoney(response)) ? undefined : "rate_limited";
  if (response.status === 503) return "engine_overloaded";
  return response.status >= 500 ? "engine_unreachable" : undefined;
}

async function isAboutMoney(response: Response): Promise<boolean> {
  try {
    const body: unknown = await response.clone().json();
    if (typeof body !== "object" || body === null || !("error" in body)) return false;
    const { error } = body;
    if (typeof error !== "object" || error === null) return false;
    return isNoCredit("code" in error ? error.code : null, "type" in error ? error.type : null);
  } catch {
    return false;
  }
}

function isTimeout(error: unknown, controller: AbortController): boolean {
  if (controller.signal.aborted) return true;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && /^UND_ERR_\w+_TIMEOUT$|^ETIMEDOUT$/.test(String(cause.code));
}
