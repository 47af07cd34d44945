import { describe, expect, it, onTestFinished } from "vitest";
import type { DocentOptions } from "../../src/core/docent.ts";
import { DocentError } from "../../src/core/errors.ts";
import type { Incoming } from "../../src/core/incoming.ts";
import type { BudgetLimits } from "../../src/core/ports/budget-ledger.ts";
import type { OutgoingMessage } from "../../src/core/ports/bot.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteBudgetLedger } from "../../src/stores/sqlite/sqlite-budget-ledger.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "../../src/stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { createSystemClock } from "../../src/core/system-clock.ts";
import { startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { createPricedEngine, type PricedEngine } from "../fakes/priced-engine.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { createScriptedEngine, hang, plainResult } from "../fakes/scripted-engine.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { askAsCrowd } from "./budget-crowd.ts";

const NONE: BudgetLimits = { all: null, channel: null, user: null };
const NOON = Date.UTC(2026, 10, 23, 12);
const DAY = "2026-11-23";

interface World extends CoreUnderTest {
  readonly model: PricedEngine;
  spent(): Promise<number>;
}

/** Core with a model that costs money and an engine behind it that quotes. */
function start(limits: Partial<BudgetLimits>, change: Partial<DocentOptions> & { folder?: string } = {}): World {
  const model = createPricedEngine();
  const standIn = createScriptedEngine("stand-in");
  standIn.answer = ({ available }) =>
    plainResult("> ninety days", {
      sources: available.map(({ document }) => ({ documentId: document.id, at: null, page: 1, passage: null })),
    });
  const core = startCore({ engines: [model, standIn], clock: createManualClock({ startAt: NOON }), ...change });
  // Not called before a first question comes.
  Object.assign(core.options.budgets, { limits: { ...NONE, ...limits } });
  const place = { day: DAY, channel: "", userId: "" };
  return { ...core, model, spent: async () => (await core.options.budgets.ledger.spent(place)).all };
}

let asked = 0;

async function ask({ docent, bot }: CoreUnderTest, change: Partial<Incoming> = {}): Promise<OutgoingMessage> {
  const posted = bot.nextPost();
  await docent.accept(sampleIncoming({ key: `test:general:${(asked += 1)}`, ...change }));
  return await posted;
}

describe("a budget", () => {
  it("that is used up is said, with its kind, its renewal and what to do, and the model is not asked", async () => {
    const world = start({ all: 0.015 });
    expect(await ask(world)).toMatchObject({ kind: "answer" });
    const refusal = await ask(world);
    expect(refusal).toMatchObject({ kind: "error", canRetry: false });
    expect(refusal.text).toBe(
      "Today’s budget for all questions has $0.005 of $0.015 left, which is too little for this question " +
        "(about $0.01), so I did not ask the model. It renews on November 24, 2026 at 12:00 AM UTC. " +
        "If it cannot wait, please ask whoever runs Docent for a larger budget.",
    );
    expect(world.model.asked).toHaveLength(1);
  });

  it.for([
    [
      "all",
      "ko",
      "예산을 모두 써서 모델에 질문할 수 없습니다. 전체 질문의 오늘 예산: US$0.01. 예산은 2026년 11월 24일",
    ],
    ["channel", "en", "Today’s budget of this channel ($0.01) is used up, so I can’t ask the model. It renews on"],
    ["user", "en", "Your budget for today ($0.01) is used up, so I can’t ask the model. It renews on"],
  ] as const)("of kind %s is named in the person's language, %s", async ([kind, locale, sentence]) => {
    const world = start({ [kind]: 0.01 });
    await ask(world, { locale });
    expect((await ask(world, { locale })).text).toContain(sentence);
  });

  it("of a person or a channel is for that one alone", async () => {
    const world = start({ channel: 0.02, user: 0.01 });
    const there = { key: "test:other", workspace: "test", isDirect: false, isShared: false };
    expect((await ask(world)).kind).toBe("answer");
    expect((await ask(world)).text).toContain("Your budget");
    expect((await ask(world, { channel: there, conversation: there.key })).text).toContain("Your budget");
    expect((await ask(world, { author: { id: "u2", name: null } })).kind).toBe("answer");
    expect((await ask(world, { author: { id: "u3", name: null } })).text).toContain("budget of this channel");
    const author = { id: "u3", name: null };
    expect((await ask(world, { author, channel: there, conversation: there.key })).kind).toBe("answer");
  });

  it("of nothing means that no model is asked, whatever it costs", async () => {
    const world = start({ all: 0 });
    world.model.expects = () => null;
    const refusal = await ask(world);
    expect(refusal.text).toBe(
      "Today’s budget for all questions is $0.00, so I can’t ask the model. " +
        "If it cannot wait, please ask whoever runs Docent for a larger budget.",
    );
    expect(world.model.asked).toHaveLength(0);
  });

  it("leaves the documents: passages still answer", async () => {
    const world = start({ all: 0 });
    world.bot.files.set("test:f1", Buffer.from("The notice period is ninety days."));
    const attachments = [{ key: "test:f1", name: "lease.txt", sizeBytes: null, reference: null }];
    await ask(world, { attachments });
    const refusal = await ask(world);
    expect(refusal.text).toContain("these passages from the documents look relevant:\n\n> ninety days");
    expect(refusal.citations.map(({ document }) => document)).toEqual(["lease.txt"]);
  });

  it("renews at midnight, of its time zone", async () => {
    const clock = createManualClock({ startAt: Date.UTC(2026, 10, 23, 14, 59) });
    const world = start({ all: 0.01 }, { clock });
    Object.assign(world.options.budgets, { timeZone: "Asia/Seoul" });
    await ask(world);
    expect((await ask(world)).text).toContain("It renews on November 24, 2026 at 12:00 AM GMT+9.");
    clock.advance(60_000);
    expect((await ask(world)).kind).toBe("answer");
  });

  it("that is nearly used up is said once a day in a channel, under the answer", async () => {
    const clock = createManualClock({ startAt: NOON });
    const world = start({ channel: 0.05 }, { clock });
    const texts = [];
    for (let n = 0; n < 5; n += 1) texts.push((await ask(world)).text.split("\n\n").slice(1));
    const word =
      "_Today’s budget of this channel is nearly used up: $0.04 of $0.05. It renews on November 24, 2026 at 12:00 AM UTC._";
    expect(texts).toEqual([[], [], [], [word], []]);
  });

  it("that an answer uses up is said at once, and not a second time", async () => {
    const world = start({ user: 0.02 });
    world.model.costs = () => 0.02;
    expect((await ask(world)).text).toContain("_Your budget for today is used up with this answer: $0.02 of $0.02.");
    expect((await ask(world)).kind).toBe("error");
  });

  it("counts what a question did cost, not what was expected", async () => {
    const world = start({ all: 1 });
    world.model.expects = () => 0.5;
    world.model.costs = () => 0.02;
    await ask(world);
    expect(await world.spent()).toBe(0.02);
  });

  it("counts a run that failed as what was expected of it: nobody tells what it did cost", async () => {
    const world = start({ all: 1 });
    world.model.expects = () => 0.3;
    world.model.answer = () => {
      throw new DocentError("run_failed", "The run failed.");
    };
    await ask(world);
    expect(await world.spent()).toBe(0.3);
  });

  it("gives back what was held for a run that never began", async () => {
    const world = start({ all: 1 });
    world.model.onStart = () => {
      throw new DocentError("rate_limited", "Not now.");
    };
    await ask(world);
    expect(await world.spent()).toBe(0);
  });

  it("does not hold a question twice that a crash interrupted: the next process settles it", async () => {
    const folder = temporaryFolder();
    const first = start({ all: 0.015 }, { folder });
    first.model.answer = (_, signal) => hang(signal);
    const running = first.bot.nextState("running");
    await first.docent.accept(sampleIncoming({ key: "test:general:crash" }));
    await running;
    await first.stop();

    const second = start({ all: 0.015 }, { folder });
    second.model.costs = () => 0.012;
    expect((await second.bot.nextPost()).kind).toBe("answer");
    expect(await second.spent()).toBe(0.012);
    expect((await ask(second)).kind).toBe("error");
  });

  it("is asked by the next process when this one stopped while a file was read: the model had not been asked", async () => {
    const folder = temporaryFolder();
    const first = start({ all: 0.015 }, { folder });
    await ask(first);
    const { promise: stopped, reject: stopReading } = Promise.withResolvers<void>();
    const reading = new Promise<void>((resolve) => {
      first.model.onAdd = () => (resolve(), stopped);
    });
    first.bot.files.set("test:f1", Buffer.from("Text."));
    const attachments = [{ key: "test:f1", name: "lease.txt", sizeBytes: null, reference: null }];
    await first.docent.accept(sampleIncoming({ key: "test:general:reads", attachments }));
    await reading;
    const stop = first.stop();
    stopReading(new Error("The process stops."));
    await stop;

    const second = start({ all: 0.015 }, { folder });
    const refusal = await second.bot.nextPost();
    expect(refusal.text).toContain("$0.005 of $0.015 left");
    expect(second.model.asked).toEqual([]);
    expect(await second.spent()).toBe(0.01);
  });

  it.for([{ files: 0 }, { files: 1 }])(
    "does not refuse a run that may exist since before a crash, on a day with nothing left ($files files read)",
    async ({ files }) => {
      const folder = temporaryFolder();
      const first = start({ all: 0.01 }, { folder });
      first.bot.files.set("test:f1", Buffer.from("Text."));
      const attachments = [{ key: "test:f1", name: "lease.txt", sizeBytes: null, reference: null }].slice(0, files);
      const requested = new Promise<void>((resolve) => {
        first.model.onStart = (_, signal) => (resolve(), hang(signal));
      });
      await first.docent.accept(sampleIncoming({ key: "test:general:crash", attachments }));
      await requested;
      await first.stop();

      const second = start({ all: 0 }, { folder, clock: createManualClock({ startAt: NOON + 24 * 60 * 60_000 }) });
      expect((await second.bot.nextPost()).kind).toBe("answer");
      expect(second.model.log).toContain("look for a run");
    },
  );

  it("counts what was used before it was set, on the same day", async () => {
    const folder = temporaryFolder();
    const first = start({}, { folder });
    await ask(first);
    await first.stop();
    const second = start({ all: 0.015 }, { folder });
    expect((await ask(second)).text).toContain("$0.005 of $0.015 left");
  });

  it("is overspent by no more than the runs under way cost above their estimates, by a hundred people at two replicas", async () => {
    const database = openDatabase(temporaryFolder());
    onTestFinished(() => database.close());
    const { db } = database;
    const stores = {
      inbox: createSqliteInbox(db, createSystemClock()),
      documents: createSqliteDocuments(db),
      usage: createSqliteUsage(db),
      ledger: createSqliteBudgetLedger(db),
      feedback: createSqliteFeedback(db),
      jobs: createSqliteJobs(db),
    };
    const { answers, refusals, billed, excess } = await askAsCrowd([stores, stores], { ...NONE, all: 0.3 });
    expect(billed).toBeLessThanOrEqual(0.3 + excess + 1e-9);
    expect(answers + refusals).toBe(100);
    expect(answers).toBeGreaterThanOrEqual(15);
    expect(refusals).toBeGreaterThan(0);
    const day = new Date().toISOString().slice(0, 10);
    expect((await stores.ledger.spent({ day, channel: "", userId: "" })).all).toBeCloseTo(billed, 9);
  });
});
