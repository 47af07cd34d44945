import { describe, expect, it, vi } from "vitest";
import type { Author, Channel } from "../../src/core/incoming.ts";
import type { Command, CommandReply } from "../../src/core/ports/command.ts";
import type { BudgetLimits } from "../../src/core/ports/budget-ledger.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { createManualClock, type ManualClock } from "../fakes/manual-clock.ts";
import { createPricedEngine } from "../fakes/priced-engine.ts";
import { sampleDocument, sampleIncoming } from "../fakes/sample-data.ts";

const DAY_MS = 24 * 60 * 60_000;
const here = sampleIncoming().channel;
const other: Channel = { ...here, key: "test:finance" };
const elsewhere: Channel = { ...here, key: "rival:secret", workspace: "rival" };
const kim: Author = { id: "u1", name: "Kim" };
const bo: Author = { id: "u2", name: "Bo_*" };

interface World extends CoreUnderTest {
  readonly clock: ManualClock;
  ask(channel: Channel, author: Author, usd: number): Promise<void>;
  usage(change?: Partial<Command>): Promise<CommandReply>;
}

function start(limits: Partial<BudgetLimits> = {}, timeZone = "UTC"): World {
  const clock = createManualClock({ startAt: Date.UTC(2026, 10, 23, 12) });
  const model = createPricedEngine();
  const core = startCore({ engines: [model], clock });
  Object.assign(core.options.budgets, { limits: { ...core.options.budgets.limits, ...limits }, timeZone });
  let asked = 0;
  return {
    ...core,
    clock,
    async ask(channel, author, usd) {
      model.costs = () => usd;
      const posted = core.bot.nextPost();
      const key = `${channel.key}:${(asked += 1)}`;
      await core.docent.accept(sampleIncoming({ key, channel, conversation: channel.key, author }));
      await posted;
    },
    async usage(change = {}) {
      const common = { name: "usage", argument: "", channel: here, conversation: here.key, author: kim } as const;
      const from = { key: "c1", bot: "test", replyTo: null, isAdmin: false, locale: "en", confirmed: false };
      const reply = await core.docent.command({ ...common, ...from, ...change });
      if (reply === null) throw new Error("Usage is answered at once.");
      return reply;
    },
  };
}

describe("usage in chat", () => {
  it("tells what this channel used today and in 30 days, by model, to the person alone", async () => {
    const world = start();
    await world.ask(here, kim, 0.5);
    world.clock.advance(DAY_MS);
    await world.ask(here, kim, 0.25);
    await world.ask(other, kim, 9);
    const { text, isPrivate } = await world.usage();
    expect(isPrivate).toBe(true);
    expect(text).toBe(
      "**This channel**\n\n" +
        "- today: 1 question, 1,200 tokens in, 80 tokens out, $0.25\n" +
        "- in 30 days: 2 questions, 2,400 tokens in, 160 tokens out, $0.75\n" +
        "- gpt-6-luna: 2 questions, $0.75",
    );
    world.clock.advance(29 * DAY_MS);
    expect((await world.usage()).text).toContain("in 30 days: 1 question,");
  });

  it("tells what keeping the channel's documents costs", async () => {
    const world = start();
    const kept = { engines: ["openai"], sizeBytes: 2_000_000_000 };
    await world.options.documents.add(sampleDocument({ id: "d1", ...kept }));
    await world.options.documents.add(sampleDocument({ id: "d2", engines: [] }));
    await world.options.documents.add(sampleDocument({ id: "k1", ...kept, scope: { kind: "workspace", key: "test" } }));
    expect((await world.usage()).text).toContain(
      "documents at OpenAI: 1, about $0.20 a day (all documents together: the first 1 GB is free)",
    );
  });

  it("tells what the budgets have left for this channel and this person, and when they renew", async () => {
    const world = start({ all: 5, channel: 1, user: 0.5 }, "Asia/Seoul");
    await world.ask(here, bo, 0.4);
    await world.ask(here, kim, 0.2);
    expect((await world.usage()).text).toContain(
      "**Budgets**\n\n" +
        "- Today’s budget for all questions: $4.40 of $5.00 left\n" +
        "- Today’s budget of this channel: $0.40 of $1.00 left\n" +
        "- Your budget for today: $0.30 of $0.50 left\n\n" +
        "Budgets renew on November 24, 2026 at 12:00 AM GMT+9.",
    );
  });

  it("tells those who look after the workspace each channel and person in it, and nothing of another one", async () => {
    const world = start();
    await world.ask(here, kim, 0.5);
    await world.ask(other, bo, 0.75);
    await world.ask(elsewhere, { id: "u9", name: "Rival" }, 3);
    const { text } = await world.usage({ isAdmin: true });
    expect(text).toContain("**By channel, in 30 days**\n\n- finance: 1 question, $0.75\n- general: 1 question, $0.50");
    expect(text).toContain("**By person, in 30 days**\n\n- Bo\\_\\*: 1 question, $0.75\n- Kim: 1 question, $0.50");
    expect(text).not.toMatch(/rival|secret/i);
    expect((await world.usage()).text).not.toContain("By person");
  });

  it("knows people by their id alone when their questions are forgotten", async () => {
    const world = start();
    await world.ask(here, kim, 0.5);
    const { inbox } = world.options;
    // The turn is over a moment after its answer is there.
    await vi.waitUntil(async () => (await inbox.forgetChannel(here.key, world.clock.now())) === 1);
    expect((await world.usage({ isAdmin: true })).text).toContain("- u1: 1 question, $0.50");
  });

  it("speaks Korean, with amounts as they are written there", async () => {
    const world = start({ user: 0.5 });
    await world.ask(here, kim, 0.2);
    const { text } = await world.usage({ locale: "ko-KR" });
    expect(text).toContain("- 오늘: 질문 1개, 입력 1,200토큰, 출력 80토큰, US$0.20");
    expect(text).toContain("- 회원님의 오늘 예산: US$0.50 중 US$0.30 남음");
  });
});

describe("the report of an installation", () => {
  it("has every day, all workspaces with what people call them, and the budgets that are used most", async () => {
    const world = start({ all: 10, user: 1 });
    await world.ask(here, kim, 0.5);
    world.clock.advance(2 * DAY_MS);
    await world.ask(elsewhere, bo, 0.25);
    const report = await world.docent.usage(3);
    expect(report.days.map(({ day, costUsd }) => [day, costUsd])).toEqual([
      ["2026-11-23", 0.5],
      ["2026-11-24", 0],
      ["2026-11-25", 0.25],
    ]);
    expect(report.channels.map(({ key, name }) => [key, name])).toEqual([
      ["test:general", "general"],
      ["rival:secret", "secret"],
    ]);
    expect(report.users.map(({ key, name }) => [key, name])).toEqual([
      ["u1", "Kim"],
      ["u2", "Bo_*"],
    ]);
    expect(report.budgets).toEqual([
      { kind: "all", key: "", name: null, limitUsd: 10, spentUsd: 0.25 },
      { kind: "user", key: "u2", name: "Bo_*", limitUsd: 1, spentUsd: 0.25 },
    ]);
    expect(report).toMatchObject({ from: "2026-11-23", to: "2026-11-25", total: { questions: 2, costUsd: 0.75 } });
    expect(report.budgetsRenewAt).toBe(Date.UTC(2026, 10, 26));
  });

  it("has rows by day, channel, person and model", async () => {
    const world = start();
    await world.ask(here, kim, 0.5);
    await world.ask(here, bo, 0.25);
    const rows = [];
    for await (const { day, channel, userId, userName, costUsd } of world.docent.usageRows(2)) {
      rows.push([day, channel, userId, userName, costUsd]);
    }
    expect(rows).toEqual([
      ["2026-11-23", "test:general", "u1", "Kim", 0.5],
      ["2026-11-23", "test:general", "u2", "Bo_*", 0.25],
    ]);
  });
});
