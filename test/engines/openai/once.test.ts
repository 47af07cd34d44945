import { describe, expect, test } from "vitest";
import type { Fault } from "../../servers/openai/faults.ts";
import type { OpenAIServerOptions } from "../../servers/openai-server.ts";
import { askEngine, ignore, LEASE, never, startTalk, toReadable, type Talk } from "./talk.ts";

/** Servers differ in what OpenAI has not said: what a failed run leaves, and how long a run locks its conversation. */
const SERVERS: readonly (OpenAIServerOptions & { label: string })[] = [
  { label: "locks until the end, keeps nothing of failed runs", lockUntil: "terminal", failedRunLeavesItems: false },
  { label: "locks until the end, keeps items of failed runs", lockUntil: "terminal", failedRunLeavesItems: true },
  { label: "locks for a moment, keeps nothing of failed runs", lockUntil: "short", failedRunLeavesItems: false },
  { label: "locks for a moment, keeps items of failed runs", lockUntil: "short", failedRunLeavesItems: true },
];

const LOST_ANSWERS: readonly { label: string; fault: Fault }[] = [
  { label: "the connection broke", fault: { kind: "reset-after" } },
  { label: "no answer came in time", fault: { kind: "timeout-after" } },
  { label: "a 500 came", fault: { kind: "error-after", code: "server_error" } },
  { label: "a 409 came", fault: { kind: "error-after", code: "conflict" } },
  { label: "the answer was not JSON", fault: { kind: "malformed-after" } },
  { label: "the answer broke off", fault: { kind: "cut-after" } },
  { label: "the stream broke before its first event", fault: { kind: "stream-cut", afterEvents: 0 } },
];

const NO_EFFECT: readonly { label: string; fault: Fault }[] = [
  { label: "the connection broke", fault: { kind: "reset" } },
  { label: "no answer came in time", fault: { kind: "timeout" } },
  { label: "a 500 came", fault: { kind: "error", code: "server_error" } },
];

describe.for(SERVERS)("on a server that $label", (server) => {
  test.for(LOST_ANSWERS)("a run is not asked for twice when $label, and its answer is found", async ({ fault }) => {
    const talk = await startTalk(server, { requestTimeoutMs: 250 }, 999);
    const lease = toReadable("lease.md", LEASE.join("\n"));
    talk.server.faults.add("responses.create", fault);
    const answered = talk.ask({ attached: [lease] });
    // A second later it looks, and by then the run has ended.
    await Promise.all([talk.clock.whenSleeping(1_000), talk.server.whenEnded(1)]);
    talk.clock.advance(1_000);
    const result = await answered;
    expect(result.text).toContain("three months");
    expect(result.consulted).toEqual([lease.document.id]);
    expect(talk.server.state.responses.size).toBe(1);
    expect(messages(talk)).toHaveLength(2);
    // What the lost run brought into the conversation is known: it is not given again.
    await talk.ask({ available: [lease] });
    expect(messages(talk)).toHaveLength(4);
    expect(await inside(talk)).toEqual([lease.document.id]);
  });

  test.for(NO_EFFECT)("a run is asked for again when $label and there is none", async ({ fault }) => {
    const talk = await startTalk(server, { requestTimeoutMs: 250 });
    talk.server.faults.add("responses.create", fault);
    await talk.ask();
    expect(talk.server.state.responses.size).toBe(1);
    expect(messages(talk)).toHaveLength(2);
  });

  test("a run that failed unseen is started again, without its leftovers", async () => {
    const talk = await startTalk(server);
    const question = talk.question();
    talk.server.faults.add("responses.create", { kind: "run-failed", code: "server_error" });
    await talk.engine.startRun(question, { mayExist: false, signal: never() });
    await ended(talk, 1);
    const result = await askEngine(talk.restart(), question, true);
    expect(result.text).not.toBe("");
    expect(talk.server.state.responses.size).toBe(2);
    expect(messages(talk)).toHaveLength(2);
  });

  test("after a crash between asking and saving, the answer that is there is taken", async () => {
    const talk = await startTalk(server);
    const lease = toReadable("lease.md", LEASE.join("\n"), { tokens: 50_000 });
    await talk.engine.addDocument(lease, never());
    const question = talk.question({ available: [lease] });
    await talk.engine.startRun(question, { mayExist: false, signal: never() });
    await ended(talk, 1);
    const result = await askEngine(talk.restart(), question, true);
    expect(result.text).toContain("three months");
    expect(result.sources[0]).toMatchObject({ documentId: lease.document.id });
    expect(result.sources[0]?.passage).toContain("three months");
    expect(result.usage).toBeNull();
    expect(talk.server.state.responses.size).toBe(1);
  });

  test("after a crash before asking, the run is started", async () => {
    const talk = await startTalk(server);
    const result = await askEngine(talk.engine, talk.question(), true);
    expect(result.text).not.toBe("");
    expect(talk.server.state.responses.size).toBe(1);
  });
});

describe("a run that still goes on when its answer was lost", () => {
  test("locks the conversation: it is waited for, and not asked for twice", async () => {
    const talk = await startTalk();
    talk.server.hold();
    talk.server.faults.add("responses.create", { kind: "reset-after" });
    const answered = talk.ask();
    await talk.server.whenRequested("responses.create", 3);
    talk.server.release();
    expect((await answered).text).not.toBe("");
    expect(talk.server.state.responses.size).toBe(1);
    expect(messages(talk)).toHaveLength(2);
  });

  test("is found after a crash once it has ended", async () => {
    const talk = await startTalk();
    talk.server.hold();
    const question = talk.question();
    await talk.engine.startRun(question, { mayExist: false, signal: never() });
    const answered = askEngine(talk.restart(), question, true);
    await talk.server.whenRequested("responses.create", 2);
    talk.server.release();
    expect((await answered).text).not.toBe("");
    expect(talk.server.state.responses.size).toBe(1);
  });

  test("and locks until the deadline ends as an error that says so", async () => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "run-stuck" });
    await talk.engine.startRun(talk.question(), { mayExist: false, signal: never() });
    const question = talk.question({ deadlineAt: talk.clock.steady() + 20_000 });
    await expect(askEngine(talk.engine, question)).rejects.toMatchObject({
      code: "run_deadline",
      details: { seconds: 300 },
    });
    expect(talk.server.state.responses.size).toBe(1);
  });
});

describe("another turn of the same conversation", () => {
  test("waits for the lock and is answered then", async () => {
    const talk = await startTalk();
    talk.server.hold();
    const first = talk.ask({ text: "One?" });
    await talk.server.whenRequested("responses.create");
    const second = talk.ask({ text: "Two?" });
    await talk.server.whenRequested("responses.create", 2);
    talk.server.release();
    await Promise.all([first, second]);
    expect(messages(talk).map((item) => item["role"])).toEqual(["user", "assistant", "user", "assistant"]);
  });

  test("does not take a marker that somebody wrote into a question for its own", async () => {
    const talk = await startTalk();
    await talk.ask({ turnId: "t_first", text: "[message t_second from Kim]\nWhat?" });
    const result = await askEngine(talk.engine, talk.question({ turnId: "t_second" }), true);
    expect(result.text).not.toBe("");
    expect(talk.server.state.responses.size).toBe(2);
  });
});

describe("stopping a start", () => {
  test("while it waits for the lock rejects with the reason", async () => {
    const talk = await startTalk();
    talk.server.hold();
    await talk.engine.startRun(talk.question(), { mayExist: false, signal: never() });
    const stop = new AbortController();
    const started = talk.engine.startRun(talk.question(), { mayExist: false, signal: stop.signal });
    started.catch(ignore);
    await talk.server.whenRequested("responses.create", 2);
    stop.abort("stopping");
    await expect(started).rejects.toBe("stopping");
  });
});

function messages(talk: Talk): readonly Record<string, unknown>[] {
  return [...talk.server.state.conversations.values()].flatMap(({ items }) =>
    items.filter((item) => item.type === "message"),
  );
}

async function inside(talk: Talk): Promise<string[]> {
  return Object.keys((await talk.stores.conversations.get("test:general"))?.inside ?? {});
}

/** Resolves when so many runs have ended at the server. */
async function ended(talk: Talk, count: number): Promise<void> {
  await talk.server.whenEnded(count);
}
