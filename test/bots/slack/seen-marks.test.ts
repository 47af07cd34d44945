import { describe, expect, it } from "vitest";
import { createMemory } from "../../../src/bots/slack/memory.ts";
import { createSeenMarks } from "../../../src/bots/slack/receiving/seen-marks.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";

function start() {
  const clock = createManualClock();
  const stored = new Map<string, unknown>();
  const written: string[] = [];
  const memory = createMemory(
    {
      get: (key) => Promise.resolve(stored.get(key)),
      set(key, value) {
        written.push(key);
        stored.set(key, value);
        return Promise.resolve();
      },
      delete: (key) => Promise.resolve(stored.delete(key)),
    },
    createKeyedLock(),
  );
  const tasks: Promise<void>[] = [];
  const marks = createSeenMarks({
    memory,
    clock,
    background: (_, work) => void tasks.push(work()),
    stopping: new AbortController().signal,
  });
  return { clock, memory, marks, written, settle: () => Promise.all(tasks) };
}

describe("marks of what was seen", () => {
  it("are written at once for a channel that has none, and then a second later, the latest of each channel", async () => {
    const { clock, memory, marks, written, settle } = start();
    for (const id of ["C1", "C2"]) marks.note(id, "1.000000");
    await settle();
    expect(await memory.lastSeen("C2")).toBe("1.000000");
    expect(written.splice(0).toSorted()).toEqual(["channels", "seen:C1", "seen:C2"]);
    for (const ts of ["1.000001", "1.000003", "1.000002"]) for (const id of ["C1", "C2"]) marks.note(id, ts);
    expect(written).toEqual([]);
    await clock.whenSleeping(1_000);
    clock.advance(1_000);
    await settle();
    expect(written.toSorted()).toEqual(["seen:C1", "seen:C2"]);
    expect(await memory.channels()).toEqual(["C1", "C2"]);
    expect(await memory.lastSeen("C2")).toBe("1.000003");
  });

  it("are written at once at the end, and never go back", async () => {
    const { memory, marks, written } = start();
    marks.note("C1", "1.000002");
    await marks.flush();
    marks.note("C1", "1.000001");
    await marks.flush();
    expect(await memory.lastSeen("C1")).toBe("1.000002");
    expect(written).toEqual(["channels", "seen:C1"]);
  });

  it("stay where they are while something before them is missing, also at the end", async () => {
    const { clock, memory, marks, settle } = start();
    marks.note("C1", "1.000001");
    await marks.flush();
    const release = marks.hold("C1");
    for (const channel of ["C1", "C2"]) marks.note(channel, "1.000002");
    await marks.flush();
    expect([await memory.lastSeen("C1"), await memory.lastSeen("C2")]).toEqual(["1.000001", "1.000002"]);
    release();
    await clock.whenSleeping(1_000);
    clock.advance(1_000);
    await settle();
    expect(await memory.lastSeen("C1")).toBe("1.000002");
  });
});
