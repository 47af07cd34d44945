import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../world/random.ts";
import { startChild } from "../world/start-program.ts";
import { openWorld } from "../world/world.ts";
import { makePdf } from "../fixtures/make-pdf.ts";
import { startOpenAIServer } from "../servers/openai-server.ts";

/** One look at the running program. */
export interface Sample {
  readonly minute: number;
  readonly asked: number;
  readonly residentMb: number;
  readonly heapMb: number;
  /** What V8 has taken for the heap, used or not. */
  readonly heapTotalMb: number;
  readonly externalMb: number;
  readonly openFiles: number;
  readonly activeResources: number;
  readonly databaseMb: number;
}

export interface SoakReport {
  readonly samples: readonly Sample[];
  readonly asked: number;
  readonly answered: number;
  readonly errors: number;
  /** Resident memory, median of the last samples over median of those around the second minute. */
  readonly memoryGrowth: number;
  readonly openFilesGrowth: number;
  /** Bytes of the database by table and index at the end, and for each question. */
  readonly tables: readonly { readonly name: string; readonly bytes: number; readonly perQuestion: number }[];
}

const SAMPLE_MS = 10_000;
const SETTLE_MS = 60_000;
/** Every so many questions bring a file. */
const FILE_EVERY = 50;

/** Asks the whole program on Slack, Discord and the page at an even rate for so long, and watches what it holds. */
export async function runSoak(options: {
  minutes: number;
  perSecond: number;
  channels: number;
  seed: number;
  onSample?: (sample: Sample) => void;
}): Promise<SoakReport> {
  const { minutes, perSecond, channels, seed } = options;
  const random = createRandom(seed);
  const openai = await startOpenAIServer({
    runTimeMs: 100,
    eventGapMs: 5,
    answer: (_request, { question }) => ({ text: `Echo: ${/question [\w-]+\./.exec(question)?.[0] ?? question}` }),
  });
  const world = await openWorld(channels);
  const dataDir = mkdtempSync(path.join(tmpdir(), "docent-soak-"));
  let url = "";
  const child = await startChild(
    {
      PATH: process.env["PATH"] ?? "",
      DATA_DIR: dataDir,
      PORT: "0",
      LOG_LEVEL: "error",
      LOG_FORMAT: "json",
      OPENAI_API_KEY: "test-key",
      OPENAI_BASE_URL: openai.url,
      ...world.env,
    },
    {
      setUrls(urls) {
        url = urls[0] ?? "";
        world.setUrls(urls);
      },
    },
  );
  const file = { name: "note.pdf", bytes: await makePdf(["The corridor lights are checked weekly."]) };
  const samples: Sample[] = [];
  const startedAt = performance.now();
  let asked = 0;

  try {
    let nextSample = 0;
    const endAt = startedAt + minutes * 60_000;
    for (let now = startedAt; now < endAt; now = performance.now()) {
      for (const due = ((now - startedAt) / 1000) * perSecond; asked < due;) ask();
      if (now - startedAt >= nextSample) {
        nextSample += SAMPLE_MS;
        const sample = await look((now - startedAt) / 60_000);
        samples.push(sample);
        options.onSample?.(sample);
      }
      await sleep(20);
    }
    let texts = await readAnswers();
    for (const until = performance.now() + SETTLE_MS; texts.length < asked && performance.now() < until;) {
      await sleep(500);
      texts = await readAnswers();
    }
    samples.push(await look((performance.now() - startedAt) / 60_000));
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
    return {
      samples,
      asked,
      answered: texts.filter((text) => text.includes("Echo: ")).length,
      errors: texts.filter((text) => !text.includes("Echo: ")).length,
      memoryGrowth: growth(samples, ({ residentMb }) => residentMb),
      openFilesGrowth: growth(samples, ({ openFiles }) => openFiles),
      tables: weigh(dataDir, asked),
    };
  } finally {
    child.kill("SIGKILL");
    await Promise.all([openai.close(), world.close()]);
    rmSync(dataDir, { recursive: true, force: true });
  }

  function ask(): void {
    asked += 1;
    const place = world.places[Math.floor(random() * world.places.length)];
    place?.ask(`question q${asked}.`, asked % FILE_EVERY === 0 ? { ...file, name: `note-${asked}.pdf` } : undefined);
  }

  async function readAnswers(): Promise<readonly string[]> {
    return (await Promise.all(world.places.map((place) => place.answers()))).flat();
  }

  async function look(minute: number): Promise<Sample> {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const read = (name: string): number =>
      Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(metrics)?.[1]);
    const toMb = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;
    const files = ["docent.db", "docent.db-wal"].map((name) => statSync(path.join(dataDir, name)).size);
    return {
      minute: Math.round(minute * 10) / 10,
      asked,
      residentMb: toMb(read("docent_process_resident_memory_bytes")),
      heapMb: toMb(read("docent_nodejs_heap_size_used_bytes")),
      heapTotalMb: toMb(read("docent_nodejs_heap_size_total_bytes")),
      externalMb: toMb(read("docent_nodejs_external_memory_bytes")),
      openFiles: read("docent_process_open_fds"),
      activeResources: read("docent_nodejs_active_resources_total"),
      databaseMb: toMb(files.reduce((sum, size) => sum + size, 0)),
    };
  }
}

/** The last minute's median over that of the samples between a minute and a half and two and a half. */
function growth(samples: readonly Sample[], read: (sample: Sample) => number): number {
  const end = samples.at(-1)?.minute ?? 0;
  const first = samples.filter(({ minute }) => minute >= Math.min(1.5, end / 4) && minute <= Math.max(2.5, end / 3));
  const last = samples.filter(({ minute }) => minute >= end - 1);
  return Math.round((median(last.map(read)) / median(first.map(read))) * 100) / 100;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function weigh(dataDir: string, questions: number): SoakReport["tables"] {
  const db = new DatabaseSync(path.join(dataDir, "docent.db"), { readOnly: true });
  const rows = db.prepare("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC").all();
  db.close();
  return rows.map((row) => {
    const bytes = Number(row["bytes"]);
    return { name: String(row["name"]), bytes, perQuestion: Math.round(bytes / questions) };
  });
}
