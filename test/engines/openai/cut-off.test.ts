import { describe, expect, test } from "vitest";
import type { OutageKind } from "../../servers/openai/outage.ts";
import { askEngine, ignore, LEASE, never, startTalk, toReadable, type Talk } from "./talk.ts";

/** What a question that is asked again and again costs, until OpenAI is taken for dead. */
const OUTAGES: readonly { kind: OutageKind; code: string; requests: number }[] = [
  { kind: "resetting", code: "engine_unreachable", requests: 5 },
  { kind: "failing", code: "engine_unreachable", requests: 5 },
  { kind: "overloaded", code: "engine_overloaded", requests: 5 },
  { kind: "hanging", code: "engine_unreachable", requests: 2 },
];

/** Counts what meets the outage; `react` is called at contact number `at`. */
function counter(): { count: number; at: number; react: () => void; onContact: () => void } {
  const self = {
    count: 0,
    at: Number.POSITIVE_INFINITY,
    react: ignore,
    onContact() {
      self.count += 1;
      if (self.count === self.at) self.react();
    },
  };
  return self;
}

describe("a provider that is down", () => {
  test.for(OUTAGES)("($kind) is known after at most $requests requests, then refused at once", async (outage) => {
    const contacts = counter();
    // No pause is skipped: no time passes, so nothing is due.
    const talk = await startTalk({ onContact: contacts.onContact }, { requestTimeoutMs: 100 }, 8_000);
    await talk.ask();
    talk.server.outage.set(outage.kind);
    for (let index = 0; index < 5; index += 1) await talk.ask().catch(ignore);
    const before = contacts.count;
    for (let index = 0; index < 20; index += 1) {
      await expect(talk.ask()).rejects.toMatchObject({ code: outage.code });
      await expect(talk.engine.addDocument(toReadable(`${index}.md`, "text"), never())).rejects.toMatchObject({
        code: outage.code,
      });
    }
    expect(contacts.count).toBe(before);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThanOrEqual(outage.requests);
    const opened = talk.logged.filter((line) => line.startsWith("OpenAI does not answer"));
    expect(opened).toHaveLength(1);
    talk.server.outage.set(null);
    talk.clock.advance(30_000);
    expect((await talk.ask()).text).not.toBe("");
    expect(talk.logged.filter((line) => line.startsWith("OpenAI answers again"))).toHaveLength(1);
  });

  test("is not told to be ready by an answer from before, and is ready again ten seconds after it is back", async () => {
    const contacts = counter();
    const talk = await startTalk({ onContact: contacts.onContact });
    expect(await talk.engine.check()).toEqual({ ready: true });
    talk.server.outage.set("failing");
    for (let index = 0; index < 5; index += 1) await talk.ask().catch(ignore);
    expect(await talk.engine.check()).toMatchObject({ ready: false });
    const before = contacts.count;
    for (let index = 0; index < 50; index += 1) await talk.engine.check();
    expect(contacts.count).toBe(before);
    talk.server.outage.set(null);
    talk.clock.advance(30_000);
    expect(await talk.engine.check()).toEqual({ ready: true });
  });

  test("is asked for the account's readiness once in ten seconds while the answer is bad", async () => {
    const talk = await startTalk();
    talk.server.faults.add("models.retrieve", { kind: "error", code: "invalid_api_key" });
    expect(await talk.engine.check()).toMatchObject({ ready: false });
    talk.clock.advance(9_999);
    expect(await talk.engine.check()).toMatchObject({ ready: false });
    talk.clock.advance(1);
    expect(await talk.engine.check()).toEqual({ ready: true });
  });
});

describe("a run under way when OpenAI goes down", () => {
  test("is waited for, and its answer comes when OpenAI is back", async () => {
    const contacts = counter();
    const talk = await startTalk({ onContact: contacts.onContact });
    talk.server.hold();
    const question = talk.question();
    const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
    contacts.at = 8;
    contacts.react = () => {
      talk.server.outage.set(null);
      talk.server.release();
    };
    talk.server.outage.set("resetting");
    const result = await talk.engine.waitForRun(run, question, { signal: never(), onProgress: ignore });
    expect(result.text).not.toBe("");
    expect(talk.server.to("responses.create")).toHaveLength(1);
  });

  test("ends at its deadline as unreachable, no longer as one that took too long, and is noted for the next", async () => {
    const talk = await startTalk();
    talk.server.hold();
    const question = talk.question({ deadlineAt: talk.clock.steady() + 90_000 });
    const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
    talk.server.outage.set("resetting");
    const waiting = talk.engine.waitForRun(run, question, { signal: never(), onProgress: ignore });
    await expect(waiting).rejects.toMatchObject({ code: "engine_unreachable" });
    await talk.engine.cancelRun(run);
    expect(await unfinished(talk)).toEqual([question.turnId]);
    talk.server.outage.set(null);
    talk.server.release();
    talk.clock.advance(30_000);
    expect((await talk.ask()).text).not.toBe("");
    expect(await unfinished(talk)).toEqual([]);
  });

  test("whose answer lies in the conversation is read from there when OpenAI is back", async () => {
    const contacts = counter();
    const talk = await startTalk({ onContact: contacts.onContact });
    const question = talk.question();
    await talk.engine.startRun(question, { mayExist: false, signal: never() });
    await talk.server.whenEnded(1);
    const other = talk.restart();
    const run = await other.startRun(question, { mayExist: true, signal: never() });
    talk.server.outage.set("failing");
    contacts.at = 7;
    contacts.react = () => talk.server.outage.set(null);
    const result = await other.waitForRun(run, question, { signal: never(), onProgress: ignore });
    expect(result.text).not.toBe("");
    expect(talk.server.to("responses.create")).toHaveLength(1);
  });
});

describe("a run that nobody could look for", () => {
  test("was left in the conversation unanswered: it is noted, and the next question removes it", async () => {
    const talk = await startTalk({ failedRunLeavesItems: true });
    await talk.ask();
    talk.server.faults.add("responses.create", { kind: "run-failed", code: "server_error" });
    const question = talk.question({ text: "Lost?" });
    talk.server.hold();
    const started = talk.restart({
      async fetch(input, init) {
        const response = await fetch(input, init);
        // The request arrived; from then on there is nobody.
        if (init?.method === "POST" && talk.server.to("responses.create").length === 2) {
          talk.server.outage.set("resetting");
          await response.body?.cancel();
          throw new TypeError("fetch failed");
        }
        return response;
      },
    });
    await expect(askEngine(started, question)).rejects.toMatchObject({ code: "engine_unreachable" });
    expect(await unfinished(talk)).toEqual([question.turnId]);
    talk.server.outage.set(null);
    talk.server.release();
    await talk.server.whenEnded(2);
    await talk.ask({ text: "Again?" });
    const texts = [...talk.server.state.conversations.values()].flatMap(({ items }) => JSON.stringify(items));
    expect(texts.join()).not.toContain("Lost?");
    expect(texts.join()).toContain("Again?");
  });
});

test("a question that was stopped stayed in the conversation and was answered with the next: now it is removed", async () => {
  const talk = await startTalk({ failedRunLeavesItems: true });
  talk.server.hold();
  const question = talk.question({ text: "Stopped?" });
  const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
  const stop = new AbortController();
  const waiting = talk.engine.waitForRun(run, question, { signal: stop.signal, onProgress: ignore });
  waiting.catch(ignore);
  stop.abort("cancelled");
  await expect(waiting).rejects.toBe("cancelled");
  await talk.engine.cancelRun(run);
  talk.server.release();
  await talk.ask({ text: "Next?" });
  const items = [...talk.server.state.conversations.values()].map((each) => JSON.stringify(each.items)).join();
  expect(items).not.toContain("Stopped?");
  expect(items).toContain("Next?");
});

describe("an account without credit", () => {
  test("is not asked again for ten seconds after two refusals, while everything else goes on", async () => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "error", code: "credit_balance_exhausted" }, { times: 2 });
    for (let index = 0; index < 10; index += 1) {
      await expect(talk.ask({ conversation: `test:${index}` })).rejects.toMatchObject({ code: "out_of_credit" });
    }
    expect(talk.server.to("responses.create")).toHaveLength(2);
    await talk.engine.addDocument(toReadable("lease.md", LEASE.join("\n")), never());
    expect(talk.server.state.files.size).toBe(1);
    talk.clock.advance(12_500);
    expect((await talk.ask()).text).not.toBe("");
    expect((await talk.ask()).text).not.toBe("");
  });

  test("or with a bad key costs, after two, one question in ten seconds until that is put right", async () => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "error", code: "invalid_api_key" }, { times: 3 });
    for (const asked of [1, 2, 2, 3, 3]) {
      if (asked === 3 && talk.server.to("responses.create").length === 2) talk.clock.advance(30_000);
      await expect(talk.ask()).rejects.toMatchObject({ code: "invalid_key" });
      expect(talk.server.to("responses.create")).toHaveLength(asked);
    }
  });
});

describe("an upload whose answer was lost", () => {
  test("left a copy behind when OpenAI could not be asked for it: the next attempt finds it", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", LEASE.join("\n"));
    talk.server.faults.add("files.create", { kind: "reset-after" });
    talk.server.faults.add("files.list", { kind: "error", code: "server_error" }, { times: 4 });
    await expect(talk.engine.addDocument(lease, never())).rejects.toMatchObject({ code: "engine_unreachable" });
    talk.clock.advance(30_000);
    await talk.engine.addDocument(lease, never());
    expect(talk.server.state.files.size).toBe(1);
    expect(talk.server.to("files.create")).toHaveLength(1);
  });

  test("stayed at OpenAI when its document was removed meanwhile: now it is removed there too", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", LEASE.join("\n"));
    talk.server.faults.add("files.create", { kind: "reset-after" });
    talk.server.faults.add("files.list", { kind: "error", code: "server_error" }, { times: 4 });
    await talk.engine.addDocument(lease, never()).catch(ignore);
    talk.clock.advance(30_000);
    await talk.engine.removeDocument(lease.document);
    expect(talk.server.state.files.size).toBe(0);
  });
});

test("an answer that stalled in its body held the question for five minutes: now it is asked for again", async () => {
  const talk = await startTalk({ supportsStream: "ignored" }, { requestTimeoutMs: 250 });
  talk.server.faults.add("conversations.create", { kind: "stall-after" });
  talk.server.faults.add("responses.retrieve", { kind: "stall-after" });
  talk.server.faults.add("responses.retrieve", { kind: "slow", ms: 20 });
  talk.server.hold();
  const answered = talk.ask();
  await talk.server.whenRequested("responses.retrieve", 3);
  talk.server.release();
  expect((await answered).text).not.toBe("");
});

async function unfinished(talk: Talk): Promise<readonly string[] | undefined> {
  return (await talk.stores.conversations.get("test:general"))?.unfinished;
}
