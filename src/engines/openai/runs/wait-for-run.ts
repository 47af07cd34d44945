import { NotFoundError } from "openai";
import { DocentError } from "../../../core/errors.ts";
import type { Question, RunProgress } from "../../../core/ports/engine.ts";
import type { EngineContext } from "../context.ts";
import { isStreamRefused, openStream } from "./create-response.ts";
import { isPassing, toEngineError } from "../errors.ts";
import { isEnded, isRunResponse, type RunResponse, type RunStream } from "./run-stream.ts";
import { readPollAfter } from "../documents/vector-stores.ts";
import { waitAtMost } from "./wait.ts";

/** A stream that says nothing for so long is asked about. */
const SILENT_MS = 15_000;
const FIRST_POLL_MS = 500;
const SLOWEST_POLL_MS = 2_000;
/** Streams that break without having said anything new, before polling takes over. */
const MAX_IDLE_STREAMS = 3;

export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
  /** The stream that this process has of the run. */
  readonly live: RunStream | undefined;
  /** Whether the run was created with a stream: others cannot be streamed later. */
  readonly streamed: boolean;
}

export interface Followed {
  /** The run as it ended; undefined when the question's deadline came first. */
  readonly ended: RunResponse | undefined;
  /** Why OpenAI could not be asked for the run at the deadline, if that was so. */
  readonly unreachable: DocentError | undefined;
}

/**
 * Follows a run to its end, by its event stream where there is one, else by asking. While OpenAI cannot be reached it
 * goes on until the question's deadline: the run goes on as well.
 * @throws DocentError `run_expired`, or what makes asking hopeless
 */
export async function followRun(
  runId: string,
  question: Question,
  context: EngineContext,
  options: FollowOptions,
): Promise<Followed> {
  const { clock, client, log } = context;
  const { signal } = options;
  let stream = options.live;
  let mayStream = options.streamed;
  let idleStreams = 0;
  let lastOpenedAt = -1;
  let pollMs = FIRST_POLL_MS;
  let shown: RunProgress["step"] | undefined;
  let unreachable: DocentError | undefined;
  const timeLeft = (): number => question.deadlineAt - clock.steady();

  try {
    for (;;) {
      signal.throwIfAborted();
      if (stream !== undefined) {
        const ended = await followStreamToSilence(stream);
        if (ended !== undefined) return { ended, unreachable: undefined };
      }
      // No stream, or one that broke or fell silent: what does the server say? Asked also when the time is over: the run
      // may have ended while this program was down.
      const seen = await ask();
      if (seen !== undefined && isEnded(seen.response)) return { ended: seen.response, unreachable: undefined };
      if (timeLeft() <= 0) return { ended: undefined, unreachable };
      if (seen?.response.status === "queued") show({ step: "queued" });
      if (seen?.response.status === "in_progress" && stream === undefined) show({ step: "thinking" });

      if (seen !== undefined && mayStream) {
        const reopened = await reopen(stream);
        if (reopened !== undefined) {
          stream = reopened;
          continue;
        }
      }
      stream = undefined;
      const pause = seen?.pollAfterMs ?? pollMs;
      pollMs = Math.min(pollMs * 1.5, SLOWEST_POLL_MS);
      await clock.sleep(Math.max(0, Math.min(pause, timeLeft())), signal);
    }
  } finally {
    // Only what was opened here: a stream that lives on serves whoever waits next.
    if (stream !== options.live) stream?.close();
  }

  async function followStreamToSilence(current: RunStream): Promise<RunResponse | undefined> {
    for (;;) {
      const progress = current.progress();
      if (progress !== undefined) show(progress);
      const ended = current.ended();
      if (ended !== undefined || current.closed()) return ended;
      const silentMs = current.heardAt() + SILENT_MS - clock.steady();
      if (Math.min(silentMs, timeLeft()) <= 0) return undefined;
      await waitAtMost(current.changed(), Math.min(silentMs, timeLeft()), { clock, signal });
    }
  }

  async function ask(): Promise<{ response: RunResponse; pollAfterMs: number | undefined } | undefined> {
    try {
      const { data, response } = await client.patiently(
        "Asking for an answer",
        () => client.sdk.responses.retrieve(runId, {}, { signal }).withResponse(),
        { signal, tries: 2 },
      );
      unreachable = undefined;
      if (!isRunResponse(data)) return undefined;
      return { response: data, pollAfterMs: readPollAfter(response) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotFoundError) {
        throw new DocentError("run_expired", `OpenAI no longer has the run ${runId}.`);
      }
      // The run goes on without us: it is asked for again until the deadline.
      if (!isPassing(error)) throw error;
      if (unreachable === undefined) log.warn("OpenAI could not be asked for a run; trying on.", { run: runId });
      unreachable = toEngineError(error, "Asking for an answer", client.model);
      return undefined;
    }
  }

  async function reopen(last: RunStream | undefined): Promise<RunStream | undefined> {
    const after = last?.sequence() ?? -1;
    idleStreams = last !== undefined && after > lastOpenedAt ? 0 : idleStreams + 1;
    lastOpenedAt = after;
    last?.close();
    if (idleStreams > MAX_IDLE_STREAMS) {
      mayStream = false;
      return undefined;
    }
    const opening = new AbortController();
    try {
      // A server may keep even the headers back until the next event.
      const work = openStream(runId, { client, clock, after, signal: opening.signal });
      const opened = await waitAtMost(work, Math.min(SILENT_MS, timeLeft()), { clock, signal });
      if (opened === undefined) {
        opening.abort();
        return undefined;
      }
      if (opened.value === undefined) mayStream = false;
      return opened.value;
    } catch (error) {
      opening.abort();
      signal.throwIfAborted();
      if (isPassing(error)) return undefined;
      mayStream = false;
      if (!isStreamRefused(error)) log.warn("A run could not be streamed.", { run: runId });
      return undefined;
    }
  }

  function show(progress: RunProgress): void {
    if (progress.step === shown) return;
    shown = progress.step;
    options.onProgress(progress);
  }
}
