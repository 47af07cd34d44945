import { describe, expect, it } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { toTurnId } from "../../src/core/ids.ts";
import { startCore } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleDocument, sampleIncoming, sampleTurn } from "../fakes/sample-data.ts";

const DAY_MS = 24 * 60 * 60_000;
/** How often what is too old is looked for. */
const LOOK_MS = 6 * 60 * 60_000;

describe("with RETENTION_DAYS", () => {
  it("what is older goes, with the memory that reaches back so far; newer things and the team's knowledge stay", async () => {
    const clock = createManualClock();
    const core = startCore({ clock, retentionDays: 30 });
    const { documents } = core.options;
    await documents.add(sampleDocument({ id: "d_old", createdAt: clock.now() }));
    await documents.add(
      sampleDocument({ id: "k_old", createdAt: clock.now(), scope: { kind: "workspace", key: "test" } }),
    );
    const first = core.bot.nextPost();
    await core.docent.accept(sampleIncoming({ key: "old", conversation: "one" }));
    await first;
    clock.advance(29 * DAY_MS);
    await documents.add(sampleDocument({ id: "d_new", createdAt: clock.now() }));
    const second = core.bot.nextPost();
    await core.docent.accept(sampleIncoming({ key: "new", conversation: "two" }));
    await second;
    expect((await documents.list({})).map(({ id }) => id)).toEqual(["d_old", "k_old", "d_new"]);
    clock.advance(2 * DAY_MS);
    await expect.poll(async () => (await documents.list({})).map(({ id }) => id)).toEqual(["k_old", "d_new"]);
    await expect.poll(() => core.engine.log).toContain("forget one");
    await expect.poll(() => core.options.inbox.get(toTurnId("old"))).toBeUndefined();
    expect(await core.options.inbox.get(toTurnId("new"))).toMatchObject({ state: "answered" });
    expect(core.engine.log).not.toContain("forget two");
  });

  it("a memory begins afresh behind the question under way, and nobody is told", async () => {
    const clock = createManualClock();
    const before = startCore({ clock });
    await before.stop();
    const database = openDatabase(before.folder);
    const inbox = createSqliteInbox(database.db, clock);
    const old = clock.now() - 31 * DAY_MS;
    await inbox.add({ ...sampleTurn(sampleIncoming({ key: "old" })), createdAt: old, state: "answered" });
    // The process before stopped with a run asked for whose id was not saved.
    const underWay = { ...sampleTurn(sampleIncoming({ key: "now" })), createdAt: clock.now() };
    await inbox.add({ ...underWay, state: "running", runRequestedAt: clock.now() });
    database.close();
    const core = startCore({ clock, retentionDays: 30, folder: before.folder });
    await expect.poll(() => core.engine.log).toContain("forget test:general");
    expect(core.engine.log).toEqual(["look for a run", "wait for run-1", "leave test:general", "forget test:general"]);
    await expect.poll(() => core.options.jobs.list()).toEqual([]);
    expect(core.bot.posted.map(({ turnId }) => turnId)).toEqual([underWay.id]);
    expect(core.bot.replies).toEqual([]);
  });

  it("of a channel in use the memory begins afresh once in that time, not whenever old questions come of age", async () => {
    const clock = createManualClock();
    const core = startCore({ clock, retentionDays: 30 });
    const startsAfter: number[] = [];
    for (let day = 0; day < 95; day += 1) {
      await core.docent.accept(sampleIncoming({ key: `day ${day}` }));
      await core.bot.posts(day + 1);
      await clock.whenSleeping(LOOK_MS);
      const before = core.engine.log.length;
      clock.advance(DAY_MS);
      await clock.whenSleeping(LOOK_MS);
      await expect.poll(async () => (await core.options.inbox.openTurns()).length).toBe(0);
      if (core.engine.log.slice(before).includes("leave test:general")) startsAfter.push(day + 1);
    }
    expect(startsAfter).toEqual([30, 60, 90]);
  });

  it("unset, nothing goes by itself", async () => {
    const clock = createManualClock();
    const core = startCore({ clock });
    await core.options.documents.add(sampleDocument({ id: "d_old", createdAt: clock.now() }));
    clock.advance(1_000 * DAY_MS);
    const post = core.bot.nextPost();
    await core.docent.accept(sampleIncoming());
    await post;
    expect(await core.options.documents.get("d_old")).toBeDefined();
  });
});
