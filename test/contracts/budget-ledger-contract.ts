import { describe, expect, it } from "vitest";
import type { BudgetCharge, BudgetLedger, BudgetLimits } from "../../src/core/ports/budget-ledger.ts";
import type { UsageLog } from "../../src/core/ports/usage-log.ts";
import { sampleUsage, sampleUsageEntry } from "../fakes/sample-data.ts";

const NONE: BudgetLimits = { all: null, channel: null, user: null };
const TODAY = "2026-11-23";
const TOMORROW = "2026-11-24";

function toCharge(turnId: string, change: Partial<BudgetCharge> = {}): BudgetCharge {
  return { turnId, day: TODAY, channel: "web:a", userId: "u1", ...change };
}

/** What every ledger of budgets must do, whatever it is built on. `open` gives an empty one on an empty log of usage. */
export function describeBudgetLedger(
  name: string,
  open: () => Promise<{ readonly ledger: BudgetLedger; readonly usage: UsageLog }>,
): void {
  describe(`${name} as a ledger of budgets`, () => {
    it("lets through what fits, to the cent, and names the budget that does not", async () => {
      const { ledger } = await open();
      const limits = { ...NONE, all: 0.3 };
      for (const id of ["t1", "t2", "t3"]) expect(await ledger.reserve(toCharge(id), 0.1, limits), id).toBeNull();
      expect(await ledger.reserve(toCharge("t4"), 0.000_001, limits)).toBe("all");
      expect(await ledger.spent(toCharge("t4"))).toEqual({ all: 0.3, channel: 0.3, user: 0.3 });
    });

    it("counts channels and people for themselves", async () => {
      const { ledger } = await open();
      const limits = { all: 10, channel: 1, user: 0.6 };
      expect(await ledger.reserve(toCharge("t1"), 0.5, limits)).toBeNull();
      expect(await ledger.reserve(toCharge("t2"), 0.5, limits)).toBe("user");
      expect(await ledger.reserve(toCharge("t3", { userId: "u2" }), 0.5, limits)).toBeNull();
      expect(await ledger.reserve(toCharge("t4", { userId: "u3" }), 0.5, limits)).toBe("channel");
      expect(await ledger.reserve(toCharge("t5", { userId: "u3", channel: "web:b" }), 0.5, limits)).toBeNull();
      expect(await ledger.spent(toCharge("t6"))).toEqual({ all: 1.5, channel: 1, user: 0.5 });
    });

    it("lets nothing through a budget of nothing, also what costs nothing", async () => {
      const { ledger } = await open();
      expect(await ledger.reserve(toCharge("t1"), 0, { ...NONE, user: 0 })).toBe("user");
    });

    it("holds a turn once, however often it is begun again", async () => {
      const { ledger } = await open();
      const limits = { ...NONE, all: 1 };
      await ledger.reserve(toCharge("t1"), 0.6, limits);
      expect(await ledger.reserve(toCharge("t1"), 0.6, limits)).toBeNull();
      expect((await ledger.spent(toCharge("t1"))).all).toBe(0.6);
    });

    it("puts the cost in place of the estimate, once, and leaves the estimate where no cost is known", async () => {
      const { ledger } = await open();
      const limits = { ...NONE, all: 1 };
      await ledger.reserve(toCharge("t1"), 0.6, limits);
      await ledger.reserve(toCharge("t2"), 0.2, limits);
      await ledger.settle(toCharge("t1"), 0.1);
      await ledger.settle(toCharge("t1"), 0.5);
      await ledger.settle(toCharge("t2"), null);
      await ledger.release("t1");
      await ledger.release("t2");
      expect((await ledger.spent(toCharge("t1"))).all).toBeCloseTo(0.3, 9);
      expect(await ledger.reserve(toCharge("t1"), 0.9, limits)).toBeNull();
    });

    it("charges a cost that is over its estimate, also over the limit", async () => {
      const { ledger } = await open();
      await ledger.reserve(toCharge("t1"), 0.5, { ...NONE, all: 1 });
      await ledger.settle(toCharge("t1"), 1.5);
      expect((await ledger.spent(toCharge("t1"))).all).toBe(1.5);
    });

    it("charges a run that began when nothing was held, and nothing for one without a cost", async () => {
      const { ledger } = await open();
      await ledger.settle(toCharge("t1"), 0.25);
      await ledger.settle(toCharge("t1"), 0.25);
      await ledger.settle(toCharge("t2"), null);
      expect(await ledger.spent(toCharge("t1"))).toEqual({ all: 0.25, channel: 0.25, user: 0.25 });
    });

    it("gives back what was held for a run that never began, once", async () => {
      const { ledger } = await open();
      const limits = { ...NONE, all: 1 };
      await ledger.reserve(toCharge("t1"), 0.7, limits);
      expect(await ledger.reserve(toCharge("t2"), 0.7, limits)).toBe("all");
      await ledger.release("t1");
      await ledger.release("t1");
      await ledger.release("unknown");
      expect(await ledger.spent(toCharge("t1"))).toEqual({ all: 0, channel: 0, user: 0 });
      expect(await ledger.reserve(toCharge("t2"), 0.7, limits)).toBeNull();
    });

    it("begins each day with nothing, and takes what is held on to the day on which it is begun again", async () => {
      const { ledger } = await open();
      const limits = { ...NONE, all: 1 };
      await ledger.reserve(toCharge("t1"), 0.9, limits);
      const tomorrow = toCharge("t1", { day: TOMORROW });
      expect(await ledger.spent(tomorrow)).toEqual({ all: 0, channel: 0, user: 0 });
      expect(await ledger.reserve(tomorrow, 0.8, limits)).toBeNull();
      expect((await ledger.spent(toCharge("t1"))).all).toBe(0);
      expect((await ledger.spent(tomorrow)).all).toBe(0.8);
    });

    it("settles a run that ends after midnight on the day on which it was held", async () => {
      const { ledger } = await open();
      await ledger.reserve(toCharge("t1"), 0.9, { ...NONE, all: 1 });
      await ledger.settle(toCharge("t1", { day: TOMORROW }), 0.4);
      expect((await ledger.spent(toCharge("t1"))).all).toBeCloseTo(0.4, 9);
      expect((await ledger.spent(toCharge("t1", { day: TOMORROW }))).all).toBe(0);
    });

    it("begins with what was used before there was a budget", async () => {
      const { ledger, usage } = await open();
      await usage.record(sampleUsageEntry({ day: TODAY, usage: sampleUsage({ costUsd: 0.5 }) }));
      await usage.record(sampleUsageEntry({ turnId: "t2", channel: "web:b", usage: sampleUsage({ costUsd: 0.3 }) }));
      expect(await ledger.spent(toCharge("t3"))).toEqual({ all: 0.8, channel: 0.5, user: 0.8 });
      expect(await ledger.reserve(toCharge("t3"), 0.3, { ...NONE, all: 1 })).toBe("all");
      expect(await ledger.reserve(toCharge("t3"), 0.2, { ...NONE, all: 1 })).toBeNull();
      expect(await ledger.spent(toCharge("t4"))).toEqual({ all: 1, channel: 0.7, user: 1 });
    });

    it("forgets days that are long past", async () => {
      const { ledger } = await open();
      await ledger.settle(toCharge("t1"), 0.5);
      await ledger.settle(toCharge("t2", { day: "2026-12-24" }), 0.5);
      expect((await ledger.spent(toCharge("t1"))).all).toBe(0);
    });

    it("lets one turn a day say that a budget is nearly used up, and that one again", async () => {
      const { ledger } = await open();
      expect(await ledger.takeNotice(toCharge("t1"), "all")).toBe(true);
      expect(await ledger.takeNotice(toCharge("t1"), "all")).toBe(true);
      expect(await ledger.takeNotice(toCharge("t2"), "all")).toBe(false);
      expect(await ledger.takeNotice(toCharge("t2"), "user")).toBe(true);
      expect(await ledger.takeNotice(toCharge("t2", { channel: "web:b" }), "all")).toBe(true);
      expect(await ledger.takeNotice(toCharge("t2", { day: TOMORROW }), "all")).toBe(true);
    });

    it("lets no more through than fits, of any number at once", async () => {
      const { ledger } = await open();
      const limits = { all: 1, channel: 0.5, user: 0.2 };
      const charges = Array.from({ length: 200 }, (_, n) =>
        toCharge(`t${n}`, { channel: `web:${n % 4}`, userId: `u${n % 50}` }),
      );
      const lacking = await Promise.all(charges.map((charge) => ledger.reserve(charge, 0.01, limits)));
      expect(lacking.filter((kind) => kind === null)).toHaveLength(100);
      await Promise.all(
        charges.map((charge, n) => (n % 2 === 0 ? ledger.settle(charge, 0.005) : ledger.release(charge.turnId))),
      );
      const settled = charges.filter((_, n) => n % 2 === 0);
      // Those that were refused are charged by `settle` as runs that began all the same.
      expect((await ledger.spent(toCharge("t"))).all).toBeCloseTo(settled.length * 0.005, 9);
    });
  });
}
