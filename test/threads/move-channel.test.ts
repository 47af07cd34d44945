import { expect, it, onTestFinished } from "vitest";
import { collectChannels } from "../../scripts/threads/collect-channels.ts";
import { moveChannel, type MoveDeps, type Outcome } from "../../scripts/threads/move-channel.ts";
import { parseInput } from "../../scripts/threads/parse-input.ts";
import { createKeyedLock } from "../../src/core/keyed-lock.ts";
import type { KeyValue } from "../../src/core/ports/stores.ts";
import { createHistoryMover } from "../../src/engines/openai/moving/history-mover.ts";
import { planHistory } from "../../src/engines/openai/moving/plan-history.ts";
import { createOpenAIStores } from "../../src/engines/openai/records.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { startTalk } from "../engines/openai/talk.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { noBudgets } from "../fakes/no-budgets.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { tell } from "./migrate-threads.ts";
import { conversationsAt } from "./world.ts";

/** More writes than a move makes. */
const MOST_WRITES = 14;

/** Stores of which the write with this number kills, before it takes effect or after it. */
interface Death {
  readonly at: number;
  readonly when: "before" | "after";
}

async function createWorld() {
  const { server, clock } = await startTalk();
  const database = openDatabase(temporaryFolder());
  onTestFinished(() => database.close());
  const { db } = database;
  const values = new Map<string, unknown>();

  return {
    server,
    /** A process that moves one fact into a channel. */
    move: async (fact: string, options: { replace: boolean; death?: Death }): Promise<Outcome | "killed"> => {
      let writes = 0;
      const write = async <T>(work: () => Promise<T> | T): Promise<T> => {
        writes += 1;
        if (writes === options.death?.at && options.death.when === "before") throw new Error("killed");
        const done = await work();
        if (writes === options.death?.at) throw new Error("killed");
        return done;
      };
      const keyValue = <T>(namespace: string): KeyValue<T> => ({
        get: (key) => Promise.resolve(structuredClone(values.get(`${namespace}:${key}`)) as T | undefined),
        set: (key, value) => write(() => values.set(`${namespace}:${key}`, structuredClone(value))),
        delete: (key) => write(() => values.delete(`${namespace}:${key}`)),
      });
      const lock = createKeyedLock();
      const inbox = createSqliteInbox(db, clock);
      const connection = { apiKey: "test-key", baseUrl: server.url, model: "gpt-6-luna", inlineMaxTokens: 1_000 };
      const stores = createOpenAIStores(keyValue);
      const deps: MoveDeps = {
        mover: createHistoryMover({ ...connection, stores, lock, clock, log: silentLog }),
        moving: keyValue("openai-moving"),
        inbox: { get: (id) => inbox.get(id), add: (turn) => write(() => inbox.add(turn)) },
        lock,
        clock,
        budgets: noBudgets(db),
        replace: options.replace,
        signal: new AbortController().signal,
      };
      const channel = { key: "slack:T1:C1", workspace: "slack:T1", isDirect: false, isShared: false };
      const input = parseInput("old.json", JSON.stringify([{ channel: "C1", messages: tell([fact]) }]), 0);
      const found = { bot: "slack", channel, conversation: channel.key, name: null } as const;
      const { histories } = await collectChannels(input, () => Promise.resolve(found), { keptSince: null });
      const [history] = histories;
      if (history === undefined) throw new Error("There is nothing to move.");
      const plan = planHistory(channel.key, history.messages, {
        model: "gpt-6-luna",
        withNotes: true,
        countTokens: (text) => text.length / 4,
      });
      try {
        return await moveChannel(history, plan, deps);
      } catch (error) {
        if (error instanceof Error && error.message === "killed") return "killed";
        throw error;
      }
    },
  };
}

const DEATHS = Array.from({ length: MOST_WRITES }, (_, index) => [
  { at: index + 1, when: "before" } as const,
  { at: index + 1, when: "after" } as const,
]).flat();

it("killed at any write, a move is whole after the next run, and is made once", async () => {
  const seen = new Set<boolean>();
  for (const death of DEATHS) {
    const { server, move } = await createWorld();
    seen.add((await move("Ada signs.", { replace: false, death })) === "killed");
    await move("Ada signs.", { replace: false });
    expect(conversationsAt(server).filter((texts) => texts.length > 0)).toEqual([
      [expect.stringContaining("Ada signs."), "Noted."],
    ]);
    expect(server.state.orphanItems).toEqual([]);
    expect(await move("Grace signs.", { replace: false })).toEqual({ kind: "left", reason: "moved-before" });
  }
  expect(seen).toEqual(new Set([true, false]));
});

it("killed at any write, a replacement is whole after the next run that is told to replace", async () => {
  const seen = new Set<boolean>();
  for (const death of DEATHS) {
    const { server, move } = await createWorld();
    await move("Ada signs.", { replace: false });
    seen.add((await move("Grace signs.", { replace: true, death })) === "killed");
    await move("Grace signs.", { replace: true });
    expect(conversationsAt(server).filter((texts) => texts.length > 0)).toEqual([
      [expect.stringContaining("Grace signs."), "Noted."],
    ]);
    expect(server.state.orphanItems).toEqual([]);
  }
  expect(seen).toEqual(new Set([true, false]));
});

it("killed at any write, a replacement that nobody repeats leaves the old conversation or the new one", async () => {
  for (const death of DEATHS) {
    const { server, move } = await createWorld();
    await move("Ada signs.", { replace: false });
    await move("Grace signs.", { replace: true, death });
    await move("Grace signs.", { replace: false });
    expect(conversationsAt(server).filter((texts) => texts.length > 0)).toEqual([
      [expect.stringMatching(/(Ada|Grace) signs\.$/), "Noted."],
    ]);
    expect(server.state.orphanItems).toEqual([]);
  }
});
