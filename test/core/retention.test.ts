import { describe, expect, it } from "vitest";
import { countTurns, startCore } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleDocument, sampleIncoming } from "../fakes/sample-data.ts";

const DAY_MS = 24 * 60 * 60_000;

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
    await expect.poll(() => countTurns(core)).toEqual({ answered: 1 });
    await expect.poll(() => core.engine.log).toContain("forget one");
    expect(core.engine.log).not.toContain("forget two");
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
