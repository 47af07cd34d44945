import type { OpenAI } from "openai";
import type { RunProgress } from "../../core/ports/engine.ts";

type RunEvent = OpenAI.Responses.ResponseStreamEvent;
export type RunResponse = OpenAI.Responses.Response;

/** The event stream of one run, read as it comes, whether or not anybody waits for the run yet. */
export interface RunStream {
  readonly runId: () => string | undefined;
  /** Number of the last event: where another stream can go on. */
  readonly sequence: () => number;
  readonly progress: () => RunProgress | undefined;
  /** The run as it ended, once it has. */
  readonly ended: () => RunResponse | undefined;
  /** Nothing more will come. */
  readonly closed: () => boolean;
  /** What broke the stream, if something did. */
  readonly failure: () => unknown;
  /** Resolves with the next event, or when the stream closes. */
  changed(): Promise<void>;
  close(): void;
}

/** Follows a stream until its run has ended, it breaks, or it is closed. */
export function followStream(
  stream: AsyncIterable<RunEvent> & { readonly controller: AbortController },
  options: { sequence?: number } = {},
): RunStream {
  let runId: string | undefined;
  let sequence = options.sequence ?? -1;
  let progress: RunProgress | undefined;
  let ended: RunResponse | undefined;
  let closed = false;
  let failure: unknown;
  let next = Promise.withResolvers<void>();

  function notify(): void {
    const current = next;
    next = Promise.withResolvers<void>();
    current.resolve();
  }

  async function read(): Promise<void> {
    try {
      for await (const event of stream) {
        if (typeof event.sequence_number === "number") sequence = event.sequence_number;
        progress = PROGRESS[event.type] ?? progress;
        if ("response" in event && isRunResponse(event.response)) {
          runId = event.response.id;
          if (isEnded(event.response)) ended = event.response;
        }
        notify();
        if (ended !== undefined) break;
      }
    } catch (error) {
      failure = error;
    } finally {
      closed = true;
      notify();
    }
  }
  void read();

  return {
    runId: () => runId,
    sequence: () => sequence,
    progress: () => progress,
    ended: () => ended,
    closed: () => closed,
    failure: () => failure,
    changed: () => (closed ? Promise.resolve() : next.promise),
    close: () => stream.controller.abort(),
  };
}

/** Not queued and not in progress; a status that we do not know is not taken for an end. */
export function isEnded(response: Pick<RunResponse, "status">): boolean {
  return ["completed", "failed", "cancelled", "incomplete"].includes(response.status ?? "");
}

/** Guards against servers that answer something else with 200. */
export function isRunResponse(value: unknown): value is RunResponse {
  return (
    typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" && "status" in value
  );
}

const PROGRESS: Readonly<Partial<Record<RunEvent["type"], RunProgress>>> = {
  "response.queued": { step: "queued" },
  "response.in_progress": { step: "thinking" },
  "response.file_search_call.in_progress": { step: "searching" },
  "response.file_search_call.searching": { step: "searching" },
  "response.file_search_call.completed": { step: "thinking" },
  "response.output_text.delta": { step: "writing" },
};
