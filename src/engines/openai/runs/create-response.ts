import { APIConnectionError, APIConnectionTimeoutError, APIError, type OpenAI } from "openai";
import type { Clock } from "../../../core/ports/system.ts";
import type { OpenAIClient } from "../openai-client.ts";
import { followStream, isRunResponse, type RunResponse, type RunStream } from "./run-stream.ts";
import { waitAtMost } from "./wait.ts";

/** How long the first event may take: with it comes the run's id. */
const FIRST_EVENT_MS = 20_000;

export interface CreatedRun {
  readonly runId: string;
  /** Undefined when the server answered without a stream. */
  readonly stream: RunStream | undefined;
  /** What the server said of the run at once, when it did not stream. */
  readonly response: RunResponse | undefined;
}

/** Sends the one request that starts a run. It is never repeated here. */
export async function createResponse(
  body: Omit<OpenAI.Responses.ResponseCreateParams, "stream">,
  options: { client: OpenAIClient; clock: Clock; stream: boolean },
): Promise<CreatedRun> {
  const { sdk } = options.client;
  if (!options.stream) {
    return toCreated(await sdk.responses.create({ ...body, stream: false }));
  }
  const response = await sdk.responses.create({ ...body, stream: true }).asResponse();
  if (!isEventStream(response)) return toCreated(await response.json());
  const stream = followStream(response, { clock: options.clock });
  while (stream.runId() === undefined && !stream.closed()) {
    const event = await waitAtMost(stream.changed(), FIRST_EVENT_MS, { clock: options.clock });
    if (event !== undefined) continue;
    stream.close();
    throw new APIConnectionTimeoutError();
  }
  const runId = stream.runId();
  if (runId !== undefined) return { runId, stream, response: undefined };
  throw stream.failure() ?? new APIConnectionError({ message: "The stream ended before it began." });
}

/** Opens another stream of a run behind an event; `undefined` when the server has no stream of it. */
export async function openStream(
  runId: string,
  options: { client: OpenAIClient; clock: Clock; after: number; signal: AbortSignal },
): Promise<RunStream | undefined> {
  const { client, clock, after, signal } = options;
  const query = { stream: true, ...(after >= 0 ? { starting_after: after } : {}) } as const;
  const response = await client.sdk.responses.retrieve(runId, query, { signal }).asResponse();
  if (isEventStream(response)) return followStream(response, { clock, sequence: after });
  await response.body?.cancel();
  return undefined;
}

/** The server has no streams at all, or none of this run. */
export function isStreamRefused(error: unknown): boolean {
  return error instanceof APIError && [400, 404, 405, 422, 501].includes(error.status ?? 0);
}

function toCreated(value: unknown): CreatedRun {
  // A SyntaxError, like any other body that cannot be read: nobody knows whether there is a run.
  if (!isRunResponse(value)) throw new SyntaxError("OpenAI's answer is not a response object.");
  return { runId: value.id, stream: undefined, response: value };
}

function isEventStream(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").includes("text/event-stream");
}
