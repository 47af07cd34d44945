import { describe, expect, it } from "vitest";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { plainResult } from "../fakes/scripted-engine.ts";

/** Lets the database grow no further; returns what frees the disk again. */
function fillDisk({ db }: CoreUnderTest): () => void {
  const before = db.prepare("PRAGMA max_page_count").get()?.["max_page_count"];
  // Free pages inside the file would still take something.
  db.exec("VACUUM; PRAGMA max_page_count = 1");
  return () => db.exec(`PRAGMA max_page_count = ${Number(before)}`);
}

const LONG = "x".repeat(30_000);

describe("a full disk", () => {
  it("refuses what cannot be stored, so that it is not acknowledged, and takes it once there is room", async () => {
    const core = startCore();
    const free = fillDisk(core);
    const incoming = sampleIncoming({ text: LONG });
    await expect(core.docent.accept(incoming)).rejects.toMatchObject({ code: "storage_full" });
    free();
    const post = core.bot.nextPost();
    expect((await core.docent.accept(incoming)).isNew).toBe(true);
    await post;
    expect(core.engine.asked).toHaveLength(1);
  });

  it("in the middle of an answer delays it until there is room, and the model is asked once", async () => {
    const clock = createManualClock();
    const core = startCore({ clock });
    let free: () => void = () => undefined;
    const { promise: filled, resolve } = Promise.withResolvers<void>();
    core.engine.answer = () => {
      free = fillDisk(core);
      resolve();
      return { text: LONG, sources: [], consulted: [], usage: null, cutShort: null };
    };
    await core.docent.accept(sampleIncoming());
    await filled;
    core.engine.answer = () => ({ text: LONG, sources: [], consulted: [], usage: null, cutShort: null });
    const waits = (): number => core.engine.log.filter((line) => line.startsWith("wait for")).length;
    // The lease ends, the turn is taken again, and its answer cannot be kept this time either.
    await expect.poll(() => (clock.advance(31_000), waits())).toBeGreaterThanOrEqual(2);
    expect(core.bot.posted).toEqual([]);
    free();
    await expect.poll(() => (clock.advance(31_000), core.bot.posted.length)).toBe(1);
    expect(core.bot.posted[0]?.text).toBe(LONG);
    expect(core.engine.log.filter((line) => line === "start a run")).toHaveLength(1);
  });
});

describe("a database that another program holds", () => {
  it("delays what is asked meanwhile, and loses nothing", async () => {
    const core = startCore();
    const { DatabaseSync } = await import("node:sqlite");
    const other = new DatabaseSync(`${core.folder}/docent.db`);
    other.exec("BEGIN IMMEDIATE");
    const accepted = core.docent.accept(sampleIncoming());
    // A moment in which the process is free for others.
    await new Promise((resolve) => setTimeout(resolve, 300));
    other.exec("ROLLBACK");
    other.close();
    const post = core.bot.nextPost();
    expect((await accepted).isNew).toBe(true);
    expect((await post).text).toContain("Answer to");
  });
});

describe("what a run left behind", () => {
  it("is written down before the answer is posted", async () => {
    const core = startCore();
    const { promise: noted, resolve } = Promise.withResolvers<void>();
    core.engine.answer = ({ text }) => plainResult(`To ${text}`, text === "first" ? { noted } : {});
    await core.docent.accept(sampleIncoming({ key: "test:one:1", conversation: "test:one", text: "first" }));
    const other = core.bot.nextPost();
    await core.docent.accept(sampleIncoming({ key: "test:two:1", conversation: "test:two", text: "second" }));
    // Asked later, and posted: by now the first would be as well.
    expect((await other).text).toBe("To second");
    expect(core.bot.posted).toHaveLength(1);
    const post = core.bot.nextPost();
    resolve();
    expect((await post).text).toBe("To first");
  });

  it("and could not be written down costs nobody the answer, and the model is asked once", async () => {
    const clock = createManualClock();
    const core = startCore({ clock });
    core.engine.answer = () => {
      const noted = Promise.reject(new Error("disk I/O error"));
      noted.catch(() => undefined);
      return plainResult("Ninety days.", { noted });
    };
    await core.docent.accept(sampleIncoming());
    await expect.poll(() => (clock.advance(31_000), core.bot.posted.length)).toBe(1);
    expect(core.bot.posted[0]).toMatchObject({ kind: "answer", text: "Ninety days." });
    expect(core.engine.log.filter((line) => line === "start a run")).toHaveLength(1);
  });
});
