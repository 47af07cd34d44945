import { APIError, type OpenAI } from "openai";
import type { RunProgress } from "../../../core/ports/engine.ts";
import type { Clock } from "../../../core/ports/system.ts";
import { readEvents, type RawEvent } from "./read-events.ts";

type RunEvent = OpenAI.Responses.ResponseStreamEvent;
export type RunResponse = OpenAI.Responses.Response;

/** How long a server may keep a stream open behind its last event before the connection is given up. */
const CLOSE_WITHIN_MS = 1_000;

/** The event stream of one run, read as it comes, whether or not anybody waits for the run yet. */
export interface RunStream {
  readonly runId: () => string | undefined;
  /** Number of the last event: where another stream can go on. */
  readonly sequence: () => number;
  /** When the last event came, by the clock's `steady`; when it was opened, before the first. */
  readonly heardAt: () => number;
  readonly progress: () => RunProgress | undefined;
  /** The run as it ended, once it has. */
  readonly ended: () => RunResponse | undefined;
  /** Nothing more will come. */
  readonly closed: () => boolean;
  /** What broke the stream, if something did. */
  readonly failure: () => unknown;
  /** Resolves when one of the others has something new to tell, `sequence` and `heardAt` aside. */
  changed(): Promise<void>;
  close(): void;
}

/** Follows the event stream in a response until its run has ended, it breaks, or it is closed. */
export function followStream(
  { body, headers }: Pick<Response, "body" | "headers">,
  options: { clock: Pick<Clock, "steady">; sequence?: number },
): RunStream {
  const reader = body?.getReader();
  let runId: string | undefined;
  let sequence = options.sequence ?? -1;
  let last: string | undefined;
  let heardAt = options.clock.steady();
  let progress: RunProgress | undefined;
  let ended: RunResponse | undefined;
  let closed = false;
  let failure: unknown;
  let next = Promise.withResolvers<void>();
  let giveUp: NodeJS.Timeout | undefined;

  function notify(): void {
    const current = next;
    next = Promise.withResolvers<void>();
    current.resolve();
  }

  function take({ name, data }: RawEvent): void {
    if (ended !== undefined || data === "[DONE]") return;
    heardAt = options.clock.steady();
    last = data;
    // Of some only the name counts, and they repeat the whole request.
    const isKnown = runId !== undefined && PROGRESS.has(name);
    if (isKnown || PART_EVENT.test(name)) return showProgress(name);
    const event = parseObject(data);
    const type = "type" in event ? String(event.type) : name;
    const error = "error" in event && isObject(event.error) ? event.error : event;
    if (type === "error" || error !== event) throw new APIError(undefined, error, undefined, headers);
    showProgress(type);
    if (!("response" in event) || !isRunResponse(event.response)) return;
    runId = event.response.id;
    if (isEnded(event.response)) ended = event.response;
    notify();
  }

  function showProgress(type: string): void {
    const step = PROGRESS.get(type);
    if (step === undefined || step === progress) return;
    progress = step;
    notify();
  }

  async function read(): Promise<void> {
    try {
      // To its very end, also behind the last event: the connection can be used again then.
      if (reader !== undefined) await readEvents(reader, take);
    } catch (error) {
      failure = error;
      cancel();
    } finally {
      clearTimeout(giveUp);
      closed = true;
      notify();
    }
  }
  void read();

  function cancel(): void {
    reader?.cancel().catch(() => undefined);
  }

  return {
    runId: () => runId,
    sequence() {
      // Read only now: most streams never have to be opened again.
      if (last !== undefined) sequence = readSequence(last) ?? sequence;
      return sequence;
    },
    heardAt: () => heardAt,
    progress: () => progress,
    ended: () => ended,
    closed: () => closed,
    failure: () => failure,
    changed: () => (closed ? Promise.resolve() : next.promise),
    close() {
      if (closed) return;
      if (ended === undefined) cancel();
      else giveUp ??= setTimeout(cancel, CLOSE_WITHIN_MS).unref();
    },
  };
}

/** Not queued and not in progress; a status that we do not know is not taken for an end. */
export function isEnded(response: Pick<RunResponse, "status">): boolean {
  return ["completed", "failed", "cancelled", "incomplete"].includes(response.status ?? "");
}

/** Guards against servers that answer something else with 200. */
export function isRunResponse(value: unknown): value is RunResponse {
  return isObject(value) && "id" in value && typeof value.id === "string" && "status" in value;
}

/** An event about a part of the answer, such as `response.output_text.delta`: only its name counts. */
const PART_EVENT = /^response\.\w+\./;

const PROGRESS = new Map<string, RunProgress>([
  ["response.queued", { step: "queued" }],
  ["response.in_progress", { step: "thinking" }],
  ["response.file_search_call.in_progress", { step: "searching" }],
  ["response.file_search_call.searching", { step: "searching" }],
  ["response.file_search_call.completed", { step: "thinking" }],
  ["response.output_text.delta", { step: "writing" }],
] satisfies [RunEvent["type"], RunProgress][]);

/** Undefined for an event without a number, or one that cannot be read. */
function readSequence(data: string): number | undefined {
  try {
    const event = parseObject(data);
    return "sequence_number" in event && typeof event.sequence_number === "number" ? event.sequence_number : undefined;
  } catch {
    return undefined;
  }
}

/** @throws SyntaxError for everything but a JSON object, like any other body that cannot be read */
function parseObject(data: string): object {
  const value: unknown = JSON.parse(data);
  if (!isObject(value)) throw new SyntaxError("An event of OpenAI's stream is not an object.");
  return value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
