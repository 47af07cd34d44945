import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startOpenAIServer, type OpenAIServer } from "../servers/openai-server.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { toAsked, createLedger, type Comparison, type Ledger } from "../world/ledger.ts";
import type { Place } from "../world/place.ts";
import { createRandom } from "../world/random.ts";
import { openWorld } from "../world/world.ts";
import { startFleet } from "./fleet.ts";
import { createModel } from "./model.ts";
import { createNotes, type NoteProblems } from "./notes.ts";
import { evenly, every, schedule } from "./schedule.ts";
import { forgetChannel, stopQuestion } from "./stories.ts";

export interface FleetOptions {
  readonly questions: number;
  readonly channels: number;
  readonly replicas: number;
  readonly perSecond: number;
  readonly killEverySeconds: number;
  /** Every other one kills the server's processes instead. */
  readonly postgresRestarts: number;
  /** Channels that are forgotten and questions that are stopped. */
  readonly stories: number;
  readonly seed: number;
  /** `sqlite` is for one replica. */
  readonly store: "postgres" | "sqlite";
  readonly onProgress?: (line: string) => void;
}

export interface FleetReport extends Comparison, NoteProblems {
  readonly seed: number;
  readonly questions: number;
  readonly kills: number;
  readonly postgresRestarts: number;
  readonly documents: number;
  /** Commands, deletions, stops that were acknowledged and not done, or answered twice. */
  readonly undone: readonly string[];
  /** Replicas that ended by themselves. */
  readonly deaths: readonly string[];
  readonly logged: Readonly<Record<string, number>>;
  /** From asking to the model's answer: the median, of a hundred the second slowest, the slowest few by question. */
  readonly waitSeconds: { readonly p50: number; readonly p99: number; readonly slowest: readonly string[] };
  readonly seconds: number;
}

const RUN_MS = 400;
const SETTLE_MS = 180_000;
const DONE_WITHIN_MS = 90_000;
const TICK_MS = 25;

/** What people do when they do more than ask, as shares of their messages. */
const WITH_FILE = 0.1;
const ABOUT_EARLIER = 0.25;
const NOTE_FIRST = 0.08;
const CHANGE = 0.02;
const REMOVE = 0.04;
const TWO_AT_ONCE = 0.05;

/**
 * Runs several of the program on one Postgres while people ask on Slack, Discord and the page; kills one of them again
 * and again, restarts Postgres, and compares what people see with what they asked.
 */
export async function runFleet(options: FleetOptions): Promise<FleetReport> {
  const { questions, seed, onProgress = () => undefined } = options;
  const startedAt = performance.now();
  const random = createRandom(seed);
  const folder = mkdtempSync(path.join(tmpdir(), "docent-fleet-"));
  const ledger = createLedger(onProgress);
  const model = createModel((question) => ledger.noteRun(question));
  const openai = await startOpenAIServer({
    runTimeMs: RUN_MS,
    eventGapMs: 5,
    extraction: null,
    answer: model.answer,
  });
  const world = await openWorld(options.channels);
  const postgres = options.store === "postgres" ? await startPostgresServer() : null;
  const fleet = startFleet({
    size: options.replicas,
    folder,
    onUrls: (urls) => world.setUrls(urls),
    env: {
      PATH: process.env["PATH"] ?? "",
      LOG_LEVEL: "error",
      LOG_FORMAT: "json",
      OPENAI_API_KEY: "test-key",
      OPENAI_BASE_URL: openai.url,
      ...(postgres === null ? {} : { DATABASE_URL: await postgres.createDatabase() }),
      ...world.env,
    },
  });
  const notes = createNotes();
  const placeOf = new Map<string, Place>();
  const stories: Promise<readonly string[]>[] = [];
  const holds = (fileName: string): boolean => namesAt(openai).has(fileName);
  let documents = 0;
  let kills = 0;
  let restarts = 0;

  try {
    await fleet.ready();
    // Channels that Docent knows: in one where it was never asked, nothing that was missed is looked for.
    for (const place of world.places) ask(place);
    await ledger.settle(SETTLE_MS);

    const begunAt = performance.now();
    const already = ledger.count();
    const secondsOf = (count: number): number => (count - already) / options.perSecond;
    const trouble = schedule([
      ...every(options.killEverySeconds, secondsOf(questions), killOne),
      ...evenly(options.postgresRestarts, secondsOf(questions), (index) => restartPostgres(postgres, index)),
      ...evenly(options.stories, secondsOf(questions), tellStory),
    ]);
    while (ledger.count() < questions) {
      const due = already + ((performance.now() - begunAt) / 1000) * options.perSecond;
      while (ledger.count() < Math.min(due, questions)) await act();
      await sleep(TICK_MS);
    }
    await trouble;
    await fleet.ready();
    await ledger.settle(SETTLE_MS);
    const told = await Promise.all(stories);
    const comparison = await ledger.compare(() => toAsked(openai.to("responses.create")));
    const undone = await whenDone(async () => {
      const left = await Promise.all(world.places.map(async (place) => (await place.undone?.(holds)) ?? []));
      return left.flat();
    });
    return {
      seed,
      questions: ledger.count(),
      kills,
      postgresRestarts: restarts,
      documents,
      ...comparison,
      ...notes.check(
        await ledger.answers(),
        (question) => placeOf.get(question),
        (question) => model.requestOf(question),
      ),
      undone: [...undone, ...told.flat()],
      deaths: fleet.deaths,
      logged: fleet.logged,
      waitSeconds: toWaits(ledger.waits()),
      seconds: Math.round((performance.now() - startedAt) / 1000),
    };
  } finally {
    await fleet.stop();
    await Promise.all([openai.close(), world.close(), postgres?.remove()]);
    rmSync(folder, { recursive: true, force: true });
  }

  /** One thing that somebody does. */
  async function act(): Promise<void> {
    const place = pick(world.places);
    if (place === undefined) return;
    if (random() < CHANGE) {
      place.change?.();
      notes.changed(place);
    }
    if (random() < REMOVE) notes.removeOldest(place);
    if (random() < NOTE_FIRST) {
      documents += 1;
      notes.post(place, await notes.make(place));
    }
    const newest = notes.newest(place);
    if (random() < WITH_FILE) {
      documents += 1;
      const note = await notes.make(place);
      notes.attach(place, note);
      ask(place, note, true);
    } else if (newest !== undefined && random() < ABOUT_EARLIER) {
      ask(place, newest);
    } else {
      ask(place);
      if (random() < TWO_AT_ONCE) ask(place);
    }
  }

  function ask(place: Place, note?: Awaited<ReturnType<typeof notes.make>>, isAttached = false): void {
    ledger.ask(place, (number) => {
      const question = `question q${number}.`;
      placeOf.set(question, place);
      if (note === undefined) return {};
      notes.expect(question, note);
      const words = ` What is the code of note ${note.number}?`;
      return isAttached ? { words, file: note.file } : { words };
    });
  }

  async function killOne(): Promise<void> {
    const index = Math.floor(random() * fleet.size);
    if (fleet.size > 1 && !fleet.canSpare(index)) return;
    kills += 1;
    await fleet.kill(index);
    if (kills % 10 === 0) onProgress(`${kills} kills, ${ledger.count()} questions`);
  }

  async function restartPostgres(server: PostgresServer | null, index: number): Promise<void> {
    if (server === null) return;
    onProgress(index % 2 === 0 ? "Postgres is restarted" : "Postgres is killed");
    await (index % 2 === 0 ? server.restart() : server.crash());
    restarts += 1;
  }

  async function tellStory(index: number): Promise<void> {
    const { file } = await notes.make(world.places[0] as Place);
    const story = index % 2 === 0 ? stopQuestion(world.findUrl, `stop-${index}`) : forget(index, file);
    stories.push(story);
  }

  async function forget(index: number, file: Parameters<Place["note"]>[0]): Promise<readonly string[]> {
    return await forgetChannel(world.findUrl, `forget-${index}`, { file, holds });
  }

  function pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(random() * list.length)];
  }
}

function toWaits(waits: ReturnType<Ledger["waits"]>): FleetReport["waitSeconds"] {
  const at = (share: number): number => Math.round((waits[Math.floor(waits.length * share)]?.[1] ?? 0) / 100) / 10;
  const slowest = waits.slice(0, 20).map(([question, ms]) => `${question} ${(ms / 1000).toFixed(1)} s`);
  return { p50: at(0.5), p99: at(0.01), slowest };
}

/** What a dead replica had begun is taken up when its lease has ended. */
async function whenDone(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const deadline = performance.now() + DONE_WITHIN_MS;
  for (;;) {
    const left = await look();
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(1_000);
  }
}

function namesAt(openai: OpenAIServer): ReadonlySet<string> {
  return new Set([...openai.state.files.values()].map(({ filename }) => filename));
}
