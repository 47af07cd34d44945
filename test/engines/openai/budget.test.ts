import { describe, expect, it, onTestFinished } from "vitest";
import type { BudgetLimits } from "../../../src/core/ports/budget-ledger.ts";
import type { OutgoingMessage } from "../../../src/core/ports/bot.ts";
import { openDatabase } from "../../../src/stores/sqlite/open-database.ts";
import { createSqliteBudgetLedger } from "../../../src/stores/sqlite/sqlite-budget-ledger.ts";
import { createSqliteUsage } from "../../../src/stores/sqlite/sqlite-usage.ts";
import { silentLog } from "../../fakes/core-under-test.ts";
import { startCoreWithOpenAI, type CoreWithOpenAI } from "../../fakes/core-with-openai.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";
import { sampleIncoming } from "../../fakes/sample-data.ts";
import { temporaryFolder } from "../../fakes/temporary-folder.ts";
import { startOpenAIServer } from "../../servers/openai-server.ts";

const DAY = "2026-11-23";
const PLACE = { day: DAY, channel: "test:general", userId: "u1" };

interface World {
  readonly clock: ReturnType<typeof createManualClock>;
  readonly runs: () => number;
  start(limits: Partial<BudgetLimits>): CoreWithOpenAI;
  ask(core: CoreWithOpenAI, file?: string): Promise<OutgoingMessage>;
  /** What the store says between two processes. */
  spent(): Promise<{ ledger: number; usage: number }>;
}

/** OpenAI's API as a server of ours that bills, and Docent on one folder that can be started again. */
async function open(): Promise<World> {
  const folder = temporaryFolder();
  // Less than the pauses of a worker that has nothing to do: days would pass while OpenAI is waited for.
  const clock = createManualClock({ startAt: Date.UTC(2026, 10, 23, 12), skipUpTo: 2_000 });
  const server = await startOpenAIServer();
  onTestFinished(() => server.close());
  let asked = 0;
  return {
    clock,
    runs: () => server.to("responses.create").filter(({ status }) => status === 200).length,
    start: (limits) =>
      startCoreWithOpenAI({
        url: server.url,
        folder,
        clock,
        log: silentLog,
        limits: { all: null, channel: null, user: null, ...limits },
      }),
    async ask({ docent, bot }, file) {
      asked += 1;
      const key = `test:general:${asked}`;
      const attachments = file === undefined ? [] : [{ key, name: file, sizeBytes: null, reference: null }];
      bot.files.set(key, Buffer.from("The notice period is ninety days after receipt. ".repeat(60)));
      const posted = bot.nextPost();
      await docent.accept(sampleIncoming({ key, text: "How long is the notice period?", attachments }));
      return await posted;
    },
    async spent() {
      const database = openDatabase(folder);
      const ledger = (await createSqliteBudgetLedger(database.db).spent(PLACE)).all;
      const usage = (await createSqliteUsage(database.db).sum({ from: DAY, to: DAY })).costUsd;
      database.close();
      return { ledger, usage };
    },
  };
}

describe("a budget with OpenAI", () => {
  it("is used up in the middle of a day, stays so over a restart, and renews at midnight", async () => {
    const world = await open();
    let core = world.start({ all: 0.02 });
    const answers = [await world.ask(core, "lease.txt")];
    while (answers.at(-1)?.kind === "answer" && answers.length < 40) answers.push(await world.ask(core));
    const refusal = answers.at(-1);
    expect(refusal?.kind).toBe("error");
    expect(refusal?.text).toContain("It renews on November 24, 2026 at 12:00 AM UTC.");
    expect(refusal?.text).toContain("these passages from the documents look relevant:");
    expect(refusal?.citations.map(({ document }) => document)).toContain("lease.txt");
    const billed = answers.reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0);
    expect(answers.length).toBeGreaterThan(3);
    expect(world.runs()).toBe(answers.length - 1);
    await core.stop();
    const spent = await world.spent();
    expect(spent.ledger).toBeCloseTo(billed, 8);
    expect(spent.usage).toBeCloseTo(billed, 8);
    expect(billed).toBeLessThanOrEqual(0.02);

    core = world.start({ all: 0.02 });
    expect((await world.ask(core)).kind).toBe("error");
    expect(world.runs()).toBe(answers.length - 1);
    world.clock.advance(12 * 60 * 60_000);
    expect((await world.ask(core)).kind).toBe("answer");
    expect(world.runs()).toBe(answers.length);
    await core.stop();
  });

  it("of nothing asks OpenAI for no run, and quotes", async () => {
    const world = await open();
    const core = world.start({ all: 0 });
    const refusal = await world.ask(core, "lease.txt");
    expect(refusal.text).toContain("Today’s budget for all questions is $0.00, so I can’t ask the model.");
    expect(refusal.text).toContain("ninety days");
    expect(world.runs()).toBe(0);
    await core.stop();
  });

  it("expects a question to cost at least what one of the usual kind does", async () => {
    const world = await open();
    const core = world.start({ all: 10 });
    const { ledger } = core;
    const reserve = ledger.reserve.bind(ledger);
    const held: number[] = [];
    ledger.reserve = (charge, usd, limits) => {
      held.push(usd);
      return reserve(charge, usd, limits);
    };
    const costs = [];
    for (let n = 0; n < 12; n += 1)
      costs.push((await world.ask(core, n === 0 ? "lease.txt" : undefined)).usage?.costUsd);
    expect(held).toHaveLength(12);
    for (const [n, cost] of costs.entries()) expect(cost, `question ${n + 1}`).toBeLessThanOrEqual(held[n] ?? 0);
    await core.stop();
  });
});
