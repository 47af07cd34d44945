import { expect, test } from "vitest";
import { readEvents, type RawEvent } from "../../../src/engines/openai/runs/read-events.ts";
import { followStream } from "../../../src/engines/openai/runs/run-stream.ts";

const TEXT = `event: response.queued\ndata: {"a":"é €"}\n\n: a comment\n\nid: 7\ndata: one\ndata:two\n\nevent: last\ndata: {}\n\n`;
const EVENTS: readonly RawEvent[] = [
  { name: "response.queued", data: '{"a":"é €"}' },
  { name: "", data: "one\ntwo" },
  { name: "last", data: "{}" },
];

const forms: readonly { label: string; text: string }[] = [
  { label: "lines that end in LF", text: TEXT },
  { label: "lines that end in CRLF", text: TEXT.replaceAll("\n", "\r\n") },
  { label: "no empty line behind the last event", text: TEXT.trimEnd() },
];

test.for(forms)("events come whole, in pieces of any size, with $label", async ({ text }) => {
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size += 1) {
    const seen: RawEvent[] = [];
    await readEvents(toBody(bytes, size).getReader(), (event) => seen.push(event));
    expect(seen, `pieces of ${size} bytes`).toEqual(EVENTS);
  }
});

const clock = { steady: () => 0 };

function toEvent(event: { type: string; [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

test("a stream that broke goes on behind the last piece of text that came", async () => {
  const text =
    toEvent({ type: "response.created", sequence_number: 0, response: { id: "resp_1", status: "queued" } }) +
    toEvent({ type: "response.output_text.delta", sequence_number: 41, delta: '"sequence_number":99' }) +
    "event: response.output_text.delta\n";
  const stream = followStream({ body: toBody(new TextEncoder().encode(text), 20), headers: new Headers() }, { clock });
  while (!stream.closed()) await stream.changed();
  expect(stream.sequence()).toBe(41);
  expect(stream.progress()).toEqual({ step: "writing" });
  expect(stream.ended()).toBeUndefined();
});

test("every piece of text tells that the stream is alive", async () => {
  let now = 0;
  let push: (text: string) => void = () => undefined;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => void (push = (text) => controller.enqueue(new TextEncoder().encode(text))),
  });
  const stream = followStream({ body, headers: new Headers() }, { clock: { steady: () => now } });
  for (now of [5_000, 9_000]) {
    push(toEvent({ type: "response.output_text.delta", delta: "word" }));
    await expect.poll(() => stream.heardAt()).toBe(now);
  }
  stream.close();
});

const failures: readonly { label: string; text: string; failure: object }[] = [
  {
    label: "an error event",
    text: toEvent({ type: "error", code: "server_error", message: "no", param: null }),
    failure: { code: "server_error", status: undefined },
  },
  {
    label: "an error without a name",
    text: `data: {"error":{"code":"rate_limit_exceeded"}}\n\n`,
    failure: { code: "rate_limit_exceeded", status: undefined },
  },
  { label: "what is not JSON", text: "data: <html>\n\n", failure: { name: "SyntaxError" } },
];

test.for(failures)("a stream that holds $label has failed", async ({ text, failure }) => {
  const stream = followStream({ body: toBody(new TextEncoder().encode(text), 50), headers: new Headers() }, { clock });
  while (!stream.closed()) await stream.changed();
  expect(stream.failure()).toMatchObject(failure);
  expect(stream.sequence()).toBe(-1);
});

function toBody(bytes: Uint8Array, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(Uint8Array.from(bytes.subarray(at, at + size)));
      at += size;
    },
  });
}
