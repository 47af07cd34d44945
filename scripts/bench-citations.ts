/**
 * Asks real questions through the OpenAI engine (its SDK, and a server of ours whose vector stores misread every file in
 * their own way) and compares the page of each citation with the page that the server knows the words to be from.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

import { cite } from "../src/core/citing/cite.ts";
import type { Page, ReadableDocument } from "../src/core/document.ts";
import { createKeyedLock } from "../src/core/keyed-lock.ts";
import type { Engine, Question } from "../src/core/ports/engine.ts";
import type { KeyValue } from "../src/core/ports/stores.ts";
import { createSystemClock } from "../src/core/system-clock.ts";
import { createOpenAIEngine } from "../src/engines/openai/openai-engine.ts";
import { createOpenAIStores } from "../src/engines/openai/records.ts";
import { DEFAULT_EXTRACTION } from "../test/servers/openai/distort.ts";
import { startOpenAIServer } from "../test/servers/openai-server.ts";
import { createQuotingBrain, type Quote } from "../test/servers/openai/quoting-brain.ts";
import { readFolder } from "./read-folder.ts";

/** One line of questions.jsonl. */
interface QuestionLine {
  readonly document: string;
  readonly question: string;
  readonly language: string;
  readonly set: string;
}

/** `own`: only its document can be searched. `mixed`: all of them. `whole`: its document stands in the prompt. */
type Way = "own" | "mixed" | "whole";
type Outcome = "right" | "wrong" | "none";

interface Checked {
  readonly way: Way;
  readonly group: string;
  readonly quote: Quote;
  readonly outcome: Outcome;
}

/** A document that is read as a whole is short; these are longer than what Docent would give, which makes it harder. */
const WHOLE_UP_TO_TOKENS = 60_000;
/** A passage over a page break stands on both pages; the one with most of it is right, and so is a near half. */
const NEAR_HALF = 0.4;
const PART = 0.1;

const clock = createSystemClock();

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    "at-least": { type: "string" },
    "wrong-at-most": { type: "string" },
    seed: { type: "string", default: "1" },
    show: { type: "boolean", default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    "Usage: npm run bench:citations -- FOLDER [--at-least SHARE] [--wrong-at-most SHARE] [--seed N] [--show]\n" +
      "FOLDER holds questions.jsonl and files/. It fails when fewer citations have a page, or more have a wrong one.\n" +
      "Another --seed misreads the files in other places. --show prints every citation without the right page.\n",
  );
  process.exitCode = 2;
} else {
  const { withPage, wrong } = await bench(folder);
  if (withPage < Number(values["at-least"] ?? 0) || wrong > Number(values["wrong-at-most"] ?? 1)) {
    process.stderr.write("Pages are missing or wrong more often than asked for.\n");
    process.exitCode = 1;
  }
}

async function bench(from: string): Promise<{ withPage: number; wrong: number }> {
  const started = performance.now();
  const lines = (await readFile(path.join(from, "questions.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as QuestionLine);
  const readables = await readFolder(path.join(from, "files"), (done, all) => progress(`\rReading ${done} of ${all}`));
  const quotes = new Map<string, readonly Quote[]>();
  const server = await startOpenAIServer({
    answer: createQuotingBrain((turn, given) => quotes.set(turn, given)),
    extraction: { ...DEFAULT_EXTRACTION, seed: Number(values.seed) },
  });
  const searching = createEngine(server.url, 1);
  const reading = createEngine(server.url, WHOLE_UP_TO_TOKENS);
  const checked: Checked[] = [];
  const times: number[] = [];
  try {
    await upload(searching, [...readables.values()]);
    for (const [index, line] of lines.entries()) {
      progress(`\rAsking ${index + 1} of ${lines.length}`);
      const own = readables.get(line.document);
      if (own === undefined) throw new Error(`There is no ${line.document}.`);
      await ask("own", searching, line, [own]);
      await ask("mixed", searching, line, [...readables.values()]);
      if ((own.document.tokens ?? 0) <= WHOLE_UP_TO_TOKENS) await ask("whole", reading, line, [own]);
    }
  } finally {
    await Promise.all([searching.stop(), reading.stop()]);
    await server.close();
  }
  progress("\n");
  print(checked, times, readables, performance.now() - started);
  return toShares(checked);

  async function ask(
    way: Way,
    engine: Engine,
    line: QuestionLine,
    available: readonly ReadableDocument[],
  ): Promise<void> {
    const question = toQuestion(`${way} ${times.length}`, line.question, available);
    const { signal } = new AbortController();
    const run = await engine.startRun(question, { mayExist: false, signal });
    const result = await engine.waitForRun(run, question, { signal, onProgress: () => undefined });
    const documents = new Map(available.map(({ document }) => [document.id, document]));
    // A fresh list for each answer, as a store gives it.
    const pagesOf = async (id: string): Promise<readonly Page[]> => [...((await readables.get(id)?.pages()) ?? [])];
    const before = performance.now();
    const { text, citations } = await cite(result, documents, pagesOf);
    times.push(performance.now() - before);
    const answerLines = text.split("\n");
    for (const [index, quote] of (quotes.get(question.turnId) ?? []).entries()) {
      const marks = [...(answerLines[index] ?? "").matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number));
      const cited = marks.flatMap((number) => citations[number - 1] ?? []);
      const document = server.state.files.get(quote.fileId)?.filename;
      const outcomes = cited.map(({ document: name, place }) =>
        place === null
          ? "none"
          : name === document && isRight(quote, place.number, cited.length > 1)
            ? "right"
            : "wrong",
      );
      const outcome = outcomes.find((each) => each === "wrong") ?? outcomes.find((each) => each === "right") ?? "none";
      checked.push({ way, group: `${line.set} ${line.language}`, quote, outcome });
      if (values.show && outcome !== "right") {
        const shown = cited.map(({ place }) => place?.number ?? "none").join();
        const pages = [...quote.pages].map(([page, share]) => `${page} (${share.toFixed(2)})`).join();
        progress(`\r${outcome}: ${way} ${document} ${quote.manner}, on ${pages}, cited ${shown}: ${quote.text}\n`);
      }
    }
  }
}

/** A line over a page break may be cited in parts, each with its own page. */
function isRight({ pages }: Quote, page: number, isInParts: boolean): boolean {
  const share = pages.get(page) ?? 0;
  if (isInParts) return share >= PART;
  return share >= NEAR_HALF || (share > 0 && share >= Math.max(...pages.values()));
}

function createEngine(baseUrl: string, inlineMaxTokens: number): Engine {
  const stores = createOpenAIStores(() => createKeyValue());
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return createOpenAIEngine({
    apiKey: "test-key",
    baseUrl,
    model: "gpt-6-luna",
    inlineMaxTokens,
    stores,
    lock: createKeyedLock(),
    clock,
    log,
  });
}

function ignore(): void {
  // Nobody reads it.
}

function createKeyValue<T>(): KeyValue<T> {
  const entries = new Map<string, T>();
  return {
    get: (key) => Promise.resolve(structuredClone(entries.get(key))),
    set: (key, value) => Promise.resolve(entries.set(key, structuredClone(value)).size > 0),
    delete: (key) => Promise.resolve(entries.delete(key)),
  };
}

async function upload(engine: Engine, readables: readonly ReadableDocument[]): Promise<void> {
  for (const [index, readable] of readables.entries()) {
    progress(`\rUploading ${index + 1} of ${readables.length}`);
    await engine.addDocument(readable, new AbortController().signal);
  }
}

function toQuestion(turnId: string, text: string, available: readonly ReadableDocument[]): Question {
  return {
    turnId,
    conversation: turnId,
    channel: "bench",
    workspace: "bench",
    text,
    context: null,
    author: { id: "bench", name: null },
    locale: "en",
    attached: [],
    available,
    deadlineAt: clock.steady() + 300_000,
  };
}

function print(
  checked: readonly Checked[],
  times: readonly number[],
  readables: ReadonlyMap<string, ReadableDocument>,
  ms: number,
): void {
  const toRow = (name: string, group: readonly Checked[]): string => {
    const { withPage, wrong } = toShares(group);
    return `| ${name} | ${group.length} | ${withPage.toFixed(3)} | ${wrong.toFixed(4)} |`;
  };
  const toRows = (toName: (each: Checked) => string): string[] =>
    [...Map.groupBy(checked, toName)]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, group]) => toRow(name, group));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  const pages = [...readables.values()].reduce((sum, { document }) => sum + (document.pages ?? 0), 0);
  const output = [
    "| | citations | with a page | wrong page |",
    "|---|---|---|---|",
    toRow("all", checked),
    ...toRows(({ way }) => way),
    ...toRows(({ way, quote }) => `${way}, ${quote.manner}`),
    ...toRows(({ way, group }) => `${way}, ${group}`),
    "",
    `Time to find the pages of one answer: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms.`,
    `${readables.size} documents, ${pages} pages, ${times.length} answers, ${(ms / 1000).toFixed(0)} s.`,
  ];
  process.stdout.write(`${output.join("\n")}\n`);
}

function toShares(checked: readonly Checked[]): { withPage: number; wrong: number } {
  const share = (isSo: (each: Checked) => boolean): number => checked.filter(isSo).length / Math.max(1, checked.length);
  return { withPage: share(({ outcome }) => outcome !== "none"), wrong: share(({ outcome }) => outcome === "wrong") };
}

function progress(text: string): void {
  process.stderr.write(text);
}
