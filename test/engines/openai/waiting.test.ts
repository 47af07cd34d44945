import { describe, expect, test } from "vitest";
import type { Fault } from "../../servers/openai/faults.ts";
import type { OpenAIServerOptions } from "../../servers/openai-server.ts";
import type { ErrorCode } from "../../../src/core/errors.ts";
import type { RunProgress } from "../../../src/core/ports/engine.ts";
import { askEngine, followEngine, ignore, LEASE, never, startTalk, toReadable } from "./talk.ts";

describe("waiting by the event stream", () => {
  test("needs no other request", async () => {
    const talk = await startTalk();
    await talk.ask();
    expect(talk.server.to("responses.retrieve")).toHaveLength(0);
    expect(talk.server.to("responses.stream")).toHaveLength(0);
  });

  test("goes on behind the last event when the stream breaks", async () => {
    const talk = await startTalk();
    talk.server.hold();
    talk.server.faults.add("responses.create", { kind: "stream-cut", afterEvents: 3 });
    // The fourth event comes with the end of the run, and breaks the stream.
    const answered = talk.ask();
    await talk.server.whenRequested("responses.create");
    talk.server.release();
    expect((await answered).text).not.toBe("");
    expect(talk.server.state.responses.size).toBe(1);
    expect(talk.server.to("responses.retrieve").length).toBeGreaterThan(0);
  });

  test("opens another stream behind the last event while the run goes on", async () => {
    const talk = await startTalk({ runTimeMs: 40 });
    talk.server.hold();
    talk.server.faults.add("responses.create", { kind: "stream-cut", afterEvents: 2 });
    const answered = talk.ask();
    await talk.server.whenRequested("responses.stream");
    talk.server.release();
    expect((await answered).text).not.toBe("");
    expect(talk.server.to("responses.stream")[0]?.query).toMatchObject({ stream: "true", starting_after: "1" });
  });

  test("asks after fifteen silent seconds, and opens another stream", async () => {
    const talk = await startTalk();
    talk.server.hold();
    talk.server.faults.add("responses.create", { kind: "stream-silent", afterEvents: 2 });
    const answered = talk.ask();
    await talk.clock.whenSleeping(15_000);
    talk.clock.advance(15_000);
    await talk.server.whenRequested("responses.stream");
    talk.server.release();
    expect((await answered).text).not.toBe("");
    expect(talk.server.to("responses.retrieve")).toHaveLength(1);
  });

  test("notices an end that a silent stream did not tell", async () => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "stream-silent", afterEvents: 2 });
    const answered = talk.ask();
    await talk.server.whenEnded(1);
    await talk.clock.whenSleeping(15_000);
    talk.clock.advance(15_000);
    expect((await answered).text).not.toBe("");
  });

  test("falls back to asking when every stream breaks at once", async () => {
    const talk = await startTalk();
    talk.server.hold();
    talk.server.faults.add("responses.create", { kind: "stream-cut", afterEvents: 2 });
    talk.server.faults.add("responses.stream", { kind: "stream-cut", afterEvents: 0 }, { times: 100 });
    const answered = talk.ask();
    await talk.server.whenRequested("responses.retrieve", 8);
    talk.server.release();
    expect((await answered).text).not.toBe("");
    expect(talk.server.to("responses.stream").length).toBeLessThan(8);
  });
});

describe("waiting without streams", () => {
  const servers: readonly (OpenAIServerOptions & { label: string; creates: number })[] = [
    { label: "refuses to stream", supportsStream: false, creates: 2 },
    { label: "answers a stream with JSON", supportsStream: "ignored", creates: 1 },
  ];

  test.for(servers)("polls a server that $label", async (server) => {
    const talk = await startTalk({ ...server, runTimeMs: 20 });
    const { result } = await followEngine(talk.engine, talk.question());
    expect(result.text).not.toBe("");
    expect(talk.server.to("responses.create")).toHaveLength(server.creates);
    expect(talk.server.to("responses.retrieve").length).toBeGreaterThan(0);
    expect(talk.server.to("responses.stream")).toHaveLength(0);
    await talk.ask();
    expect(talk.server.to("responses.create")).toHaveLength(server.creates + 1);
  });

  test("asks at rising intervals", async () => {
    const talk = await startTalk({ supportsStream: "ignored" });
    talk.server.hold();
    const answered = talk.ask();
    await talk.server.whenRequested("responses.retrieve", 6);
    talk.server.release();
    await answered;
    expect(talk.clock.sleeps.slice(0, 5)).toEqual([500, 750, 1_125, 1_687.5, 2_000]);
  });

  test("asks when the server wants to be asked", async () => {
    const talk = await startTalk({ supportsStream: "ignored", pollAfterMs: 321 });
    talk.server.hold();
    const answered = talk.ask();
    await talk.server.whenRequested("responses.retrieve", 3);
    talk.server.release();
    await answered;
    expect(talk.clock.sleeps).toContain(321);
  });

  test("goes on asking when the server cannot be asked for a while", async () => {
    const talk = await startTalk({ supportsStream: "ignored" });
    talk.server.faults.add("responses.retrieve", { kind: "error", code: "server_error" }, { times: 5 });
    talk.server.faults.add("responses.retrieve", { kind: "reset" }, { times: 3 });
    talk.server.faults.add("responses.retrieve", { kind: "cut-after" }, { times: 3 });
    expect((await talk.ask()).text).not.toBe("");
    expect(talk.server.faults.pending()).toBe(0);
  });

  test("says that a server without background runs cannot be used", async () => {
    const talk = await startTalk({ supportsBackground: false });
    await expect(talk.ask()).rejects.toMatchObject({ code: "engine_incomplete" });
  });
});

describe("waiting after a restart", () => {
  test.for([{ supportsStream: true as const }, { supportsStream: "ignored" as const }])(
    "goes on with the saved id (streams: $supportsStream)",
    async ({ supportsStream }) => {
      const talk = await startTalk({ supportsStream });
      const lease = toReadable("lease.md", LEASE.join("\n"));
      const question = talk.question({ attached: [lease] });
      talk.server.hold();
      const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
      const saved: typeof run = JSON.parse(JSON.stringify(run)) as typeof run;
      const answered = talk.restart().waitForRun(saved, question, { signal: never(), onProgress: ignore });
      await talk.server.whenRequested("responses.retrieve");
      talk.server.release();
      const result = await answered;
      expect(result.text).toContain("three months");
      expect(result.consulted).toEqual([lease.document.id]);
      expect(talk.server.to("responses.create")).toHaveLength(1);
      await talk.ask({ available: [lease] }, talk.restart());
      expect(talk.server.to("responses.create")[1]?.body?.["input"]).toEqual([
        expect.objectContaining({ content: [expect.objectContaining({ type: "input_text" })] }),
      ]);
    },
  );

  test("says so when OpenAI no longer has the run", async () => {
    const talk = await startTalk();
    const question = talk.question();
    const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
    await talk.server.whenEnded(1);
    talk.server.state.responses.clear();
    const waiting = talk.restart().waitForRun(run, question, { signal: never(), onProgress: ignore });
    await expect(waiting).rejects.toMatchObject({ code: "run_expired" });
  });
});

describe("stopping", () => {
  test("to wait leaves the run alone; another process can wait for it", async () => {
    const talk = await startTalk();
    talk.server.hold();
    const question = talk.question();
    const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
    const stop = new AbortController();
    const waiting = talk.engine.waitForRun(run, question, { signal: stop.signal, onProgress: ignore });
    waiting.catch(ignore);
    stop.abort("stopping");
    await expect(waiting).rejects.toBe("stopping");
    expect(talk.server.to("responses.cancel")).toHaveLength(0);
    const other = talk.restart().waitForRun(run, question, { signal: never(), onProgress: ignore });
    talk.server.release();
    expect((await other).text).not.toBe("");
  });

  test("a run by hand ends its waiting as cancelled, and is safe to repeat", async () => {
    const talk = await startTalk();
    talk.server.hold();
    const question = talk.question();
    const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
    const waiting = talk.engine.waitForRun(run, question, { signal: never(), onProgress: ignore });
    waiting.catch(ignore);
    await talk.restart().cancelRun(run);
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    await talk.engine.cancelRun(run);
    talk.server.state.responses.clear();
    await talk.engine.cancelRun(run);
    await talk.engine.cancelRun({ engine: "openai", id: "resp_unknown", resume: {} });
  });

  test.for([{ supportsStream: true as const }, { supportsStream: "ignored" as const }])(
    "a stuck run at its deadline cancels it (streams: $supportsStream)",
    async ({ supportsStream }) => {
      const talk = await startTalk({ supportsStream });
      talk.server.faults.add("responses.create", { kind: "run-stuck" });
      const question = talk.question({ deadlineAt: talk.clock.steady() + 30_000 });
      const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
      const thinking = Promise.withResolvers<void>();
      const onProgress = ({ step }: RunProgress): void => (step === "thinking" ? thinking.resolve() : undefined);
      const answered = talk.engine.waitForRun(run, question, { signal: never(), onProgress });
      answered.catch(ignore);
      if (supportsStream === true) {
        await thinking.promise;
        await talk.clock.whenSleeping(15_000);
        talk.clock.advance(15_000);
        await talk.server.whenRequested("responses.stream");
        await talk.clock.whenSleeping(15_000);
        talk.clock.advance(15_000);
      }
      await expect(answered).rejects.toMatchObject({ code: "run_deadline", details: { seconds: 300 } });
      expect(talk.server.to("responses.cancel")).toHaveLength(1);
      expect([...talk.server.state.responses.values()][0]?.body["status"]).toBe("cancelled");
      expect((await talk.ask()).text).not.toBe("");
    },
  );

  test("at the deadline takes an answer that is there after all", async () => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "stream-silent", afterEvents: 2 });
    const question = talk.question({ deadlineAt: talk.clock.steady() + 14_000 });
    const answered = askEngine(talk.engine, question);
    await talk.server.whenEnded(1);
    await talk.clock.whenSleeping(14_000);
    talk.clock.advance(14_000);
    expect((await answered).text).not.toBe("");
  });
});

describe("a run that ends without an answer", () => {
  const endings: readonly { label: string; fault: Fault; code: ErrorCode }[] = [
    { label: "server_error", fault: { kind: "run-failed", code: "server_error" }, code: "run_failed" },
    { label: "rate_limit_exceeded", fault: { kind: "run-failed", code: "rate_limit_exceeded" }, code: "rate_limited" },
    {
      label: "vector_store_timeout",
      fault: { kind: "run-failed", code: "vector_store_timeout" },
      code: "engine_overloaded",
    },
    { label: "invalid_prompt", fault: { kind: "run-failed", code: "invalid_prompt" }, code: "engine_refused" },
    { label: "bio_policy", fault: { kind: "run-failed", code: "bio_policy" }, code: "engine_refused" },
    { label: "image_too_large", fault: { kind: "run-failed", code: "image_too_large" }, code: "engine_refused" },
    {
      label: "invalid_image_format",
      fault: { kind: "run-failed", code: "invalid_image_format" },
      code: "engine_refused",
    },
    { label: "insufficient_quota", fault: { kind: "run-failed", code: "insufficient_quota" }, code: "out_of_credit" },
    { label: "an unknown code", fault: { kind: "run-failed", code: "made_up_tomorrow" }, code: "run_failed" },
    { label: "cancelled by the server", fault: { kind: "run-cancelled" }, code: "cancelled" },
    {
      label: "filtered without text",
      fault: { kind: "run-incomplete", reason: "content_filter", text: "" },
      code: "content_filtered",
    },
    {
      label: "cut without text",
      fault: { kind: "run-incomplete", reason: "max_output_tokens", text: "" },
      code: "run_failed",
    },
  ];

  test.for(endings)("because of $label is $code", async ({ fault, code }) => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", fault);
    await expect(talk.ask()).rejects.toMatchObject({ code });
    expect(talk.server.to("responses.create")).toHaveLength(1);
  });

  test.for([
    { reason: "max_output_tokens" as const, cutShort: "length" },
    { reason: "content_filter" as const, cutShort: "filter" },
  ])("but stopped by $reason after some text gives that text", async ({ reason, cutShort }) => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "run-incomplete", reason, text: "The notice" });
    expect(await talk.ask()).toMatchObject({ text: "The notice", cutShort });
  });
});
