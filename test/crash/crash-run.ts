import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CRASH_POINTS } from "../../src/core/crash-point.ts";
import { makePdf } from "../fixtures/make-pdf.ts";
import { startOpenAIServer } from "../servers/openai-server.ts";
import { createLedger, toAsked } from "../world/ledger.ts";
import type { Place } from "../world/place.ts";
import { createRandom } from "../world/random.ts";
import { startChild } from "../world/start-program.ts";
import { openWorld } from "../world/world.ts";

export interface CrashReport {
  readonly seed: number;
  readonly kills: number;
  readonly killsAt: Readonly<Record<string, number>>;
  readonly questions: number;
  /** Questions that never got an answer. */
  readonly lost: readonly string[];
  /** Questions with more than one answer. */
  readonly doubled: readonly string[];
  /** Channels whose answers came in another order than their questions. */
  readonly outOfOrder: readonly string[];
  /** Questions that the model was asked more than once. */
  readonly askedTwice: readonly string[];
  /** Commands and deletions that were acknowledged and not done, or answered twice. */
  readonly undone: readonly string[];
  /** Times that the program was asked to stop and did not do so cleanly within ten seconds. */
  readonly forced: readonly string[];
  /** Answers that are errors instead. */
  readonly errors: readonly string[];
  readonly seconds: number;
}

/** How long a program may live before it is killed at a random moment, and how long it may take to reach its point. */
const MAX_LIFE_MS = 2_500;
const POINT_WITHIN_MS = 8_000;
const SETTLE_MS = 120_000;
/** So many questions make a conversation long enough for notes. */
const LONG_TURNS = 14;

/**
 * Runs the whole program against servers of ours while people ask on Slack, Discord and the page; kills it (`SIGKILL`)
 * at each named crash point in turn and at random moments, starts it again, and compares what people see with what
 * they asked.
 */
export async function runCrashes(options: {
  kills: number;
  questions: number;
  channels: number;
  seed: number;
  onProgress?: (line: string) => void;
}): Promise<CrashReport> {
  const { kills, questions, channels, seed, onProgress = () => undefined } = options;
  const startedAt = Date.now();
  const random = createRandom(seed);
  const openai = await startOpenAIServer({
    runTimeMs: 60,
    eventGapMs: 5,
    answer: (_request, { question }) => ({ text: `Echo: ${/question [\w-]+\./.exec(question)?.[0] ?? question}` }),
  });
  const world = await openWorld(channels);
  const dataDir = mkdtempSync(path.join(tmpdir(), "docent-crash-"));
  const env = {
    PATH: process.env["PATH"] ?? "",
    DATA_DIR: dataDir,
    PORT: "0",
    LOG_LEVEL: "error",
    LOG_FORMAT: "json",
    OPENAI_API_KEY: "test-key",
    OPENAI_BASE_URL: openai.url,
    ...world.env,
  };
  const ledger = createLedger(onProgress);
  const forced: string[] = [];
  const killsAt: Record<string, number> = {};
  const file = { name: "note.pdf", bytes: await makePdf(["The corridor lights are checked weekly."]) };
  let done = 0;

  try {
    // Channels that Docent knows: in one where it was never asked, nothing that was missed is looked for.
    const first = await startChild(env, world);
    for (const place of world.places) askIn(place);
    await ledger.settle(SETTLE_MS);
    first.kill("SIGKILL");
    await once(first, "exit");
    world.setUrls([]);

    while (done < kills) {
      const isAtPoint = random() < 0.8;
      const point = isAtPoint ? CRASH_POINTS[done % CRASH_POINTS.length] : undefined;
      const child = await startChild(env, world, point, random() < 0.3 ? 2 : 1);
      const life = sleep(point === undefined ? random() * MAX_LIFE_MS : POINT_WITHIN_MS, "late");
      const exit = once(child, "exit").then(() => "dead");
      if (point === "conversation: created, not recorded") askIn(world.addPage());
      // Notes are made only of a conversation with many turns.
      if (point?.startsWith("renewal:") === true) askLong();
      if (point?.startsWith("job:") === true) for (const place of world.places) place.change?.();
      else if (random() < 0.2) changeSomething();
      askSome(Math.ceil((questions * 1.05) / kills));
      const end = await Promise.race([exit, life]);
      const isAsked = end === "late" && random() < 0.25;
      if (end === "late") child.kill(isAsked ? "SIGTERM" : "SIGKILL");
      await exit;
      world.setUrls([]);
      // One that is only starting up knows no SIGTERM yet; another code says that the stop had to be forced.
      if (isAsked && child.exitCode !== 0 && child.signalCode !== "SIGTERM") forced.push(`stop ${done}`);
      done += 1;
      const moment = isAsked ? "SIGTERM at a random moment" : "a random moment";
      const place = end === "dead" && point !== undefined ? point : moment;
      killsAt[place] = (killsAt[place] ?? 0) + 1;
      if (done % 25 === 0) onProgress(`${done} kills, ${ledger.count()} questions`);
    }
    askSome(questions - ledger.count());
    const child = await startChild(env, world);
    await ledger.settle(SETTLE_MS);
    const { overtaken, ...report } = await ledger.compare(() => toAsked(openai.to("responses.create")));
    const names = new Set([...openai.state.files.values()].map(({ filename }) => filename));
    const undone = await Promise.all(
      world.places.map(async (place) => await place.undone?.((name) => names.has(name))),
    );
    child.kill("SIGKILL");
    return {
      seed,
      kills: done,
      killsAt,
      questions: ledger.count(),
      ...report,
      outOfOrder: [...report.outOfOrder, ...overtaken],
      forced,
      undone: undone.flatMap((each) => each ?? []),
      seconds: Math.round((Date.now() - startedAt) / 1000),
    };
  } finally {
    await Promise.all([openai.close(), world.close()]);
    rmSync(dataDir, { recursive: true, force: true });
  }

  function askSome(count: number): void {
    for (let index = 0; index < count && ledger.count() < questions; index++) {
      const place = world.places[Math.floor(random() * world.places.length)];
      if (place !== undefined) askIn(place);
    }
  }

  function askLong(): void {
    const place = world.places[Math.floor(random() * world.places.length)];
    for (let index = 0; index < LONG_TURNS && place !== undefined; index++) askIn(place);
  }

  function changeSomething(): void {
    const able = world.places.filter((place) => place.change !== undefined);
    able[Math.floor(random() * able.length)]?.change?.();
  }

  function askIn(place: Place): void {
    ledger.ask(place, (name) => (random() < 0.3 ? { file: { ...file, name: `note-${name}.pdf` } } : {}));
  }
}
