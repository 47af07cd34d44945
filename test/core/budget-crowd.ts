import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { createDocent } from "../../src/core/docent.ts";
import { createKeyedLock } from "../../src/core/keyed-lock.ts";
import type { BudgetLedger, BudgetLimits } from "../../src/core/ports/budget-ledger.ts";
import type { Documents, FeedbackLog, Inbox, Jobs } from "../../src/core/ports/stores.ts";
import type { UsageLog } from "../../src/core/ports/usage-log.ts";
import { createSystemClock } from "../../src/core/system-clock.ts";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { plainReader } from "../fakes/plain-reader.ts";
import { createPricedEngine } from "../fakes/priced-engine.ts";
import { createRecordingBot } from "../fakes/recording-bot.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

/** The part of the stores that one replica has. */
export interface CrowdStores {
  readonly inbox: Inbox;
  readonly documents: Documents;
  readonly usage: UsageLog;
  readonly ledger: BudgetLedger;
  readonly feedback: FeedbackLog;
  readonly jobs: Jobs;
}

export interface CrowdResult {
  readonly answers: number;
  readonly refusals: number;
  /** What the model billed, in USD. */
  readonly billed: number;
  /** What the runs that were under way at the last one let through cost above their estimates. */
  readonly excess: number;
}

/**
 * A hundred people in ten channels ask two replicas at once. A question costs from half to twice what is expected of it,
 * and takes a moment.
 */
export async function askAsCrowd(replicas: readonly CrowdStores[], limits: BudgetLimits): Promise<CrowdResult> {
  const clock = createSystemClock();
  const bot = createRecordingBot();
  const engine = createPricedEngine();
  const { answer } = engine;
  const costOf = (turnId: string): number => 0.005 * (1 + (Number.parseInt(turnId.slice(-4), 36) % 4));
  engine.costs = ({ turnId }) => costOf(turnId);
  engine.answer = async (question, signal) => {
    for (let moment = 0; moment < 5; moment += 1) await setImmediate();
    return await answer(question, signal);
  };
  const underWay = new Set<string>();
  let excess = 0;
  const watch = (ledger: BudgetLedger): BudgetLedger => ({
    ...ledger,
    async reserve(charge, usd, under) {
      const lacking = await ledger.reserve(charge, usd, under);
      if (lacking !== null) return lacking;
      underWay.add(charge.turnId);
      excess = [...underWay].reduce((sum, turnId) => sum + Math.max(0, costOf(turnId) - usd), 0);
      return null;
    },
    async settle(charge, usd) {
      await ledger.settle(charge, usd);
      underWay.delete(charge.turnId);
    },
  });
  const blobs = createDiskBlobs(path.join(temporaryFolder(), "files"));
  const docents = replicas.map(({ ledger, ...stores }, index) =>
    createDocent({
      ...stores,
      blobs,
      budgets: { ledger: watch(ledger), limits, timeZone: "UTC" },
      reader: plainReader,
      bots: new Map([[bot.name, bot]]),
      engines: [engine],
      clock,
      log: silentLog,
      metrics: { count() {}, observe() {} },
      knowledgeEditors: [],
      retentionDays: null,
      owner: `replica ${index}`,
      concurrentRuns: 16,
      limits: { maxFileMb: 1, maxFileTokens: 100_000 },
      lock: createKeyedLock(),
      blobsAreShared: true,
      readUploads: "asked",
      runDeadlineSeconds: 60,
      knowledgeInSharedChannels: false,
      language: null,
    }),
  );
  await Promise.all(docents.map((docent) => docent.start()));
  const asked = Array.from({ length: 100 }, (_, n) => {
    const channel = { key: `test:${n % 10}`, workspace: "test", isDirect: false, isShared: false };
    // A conversation for each, so that nobody waits for somebody else.
    const conversation = `${channel.key}:${n}`;
    const author = { id: `u${n}`, name: null };
    return sampleIncoming({ key: `${conversation}:1`, channel, conversation, author });
  });
  await Promise.all(asked.map(async (incoming, n) => await docents[n % docents.length]?.accept(incoming)));
  await bot.posts(asked.length);
  await Promise.all(docents.map((docent) => docent.stop()));
  const answers = bot.posted.filter(({ kind }) => kind === "answer").length;
  const refusals = bot.posted.filter(({ kind, text }) => kind === "error" && text.includes("budget")).length;
  return { answers, refusals, billed: engine.billed(), excess };
}
