import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";

import { createPassageIndex, type Passage, type PassageIndex } from "../src/engines/local/passage-index.ts";
import { createPostgresPostings } from "../src/engines/local/postgres-postings.ts";
import { createSqlitePostings } from "../src/engines/local/sqlite-postings.ts";
import { createLog } from "../src/log.ts";
import { createReader } from "../src/readers/create-reader.ts";
import { openPostgres } from "../src/stores/postgres/open-postgres.ts";

/** One line of questions.jsonl: where in which document the answer stands. */
interface QuestionLine {
  readonly document: string;
  readonly question: string;
  /** Pages with the evidence, from 1. */
  readonly pages: readonly number[];
  readonly language: string;
  readonly set: string;
}

/** Of the first five pages those that an answer without a model quotes: it leaves out what is far behind the best. */
interface Shown {
  readonly pages: number;
  readonly hasEvidence: boolean;
}

interface Result extends QuestionLine {
  /** Rank of the first page with evidence, from 0; -1 when it is not among the first five. */
  readonly own: number;
  readonly mixed: number;
  readonly ownShown: Shown;
  readonly mixedShown: Shown;
  readonly ownMs: number;
  readonly mixedMs: number;
}

const HITS = 5;
const LIMITS = { maxTokens: 5_000_000, maxPages: 10_000, timeoutMs: 600_000 };

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { "at-least": { type: "string" }, database: { type: "string" } },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    "Usage: npm run bench:retrieval -- FOLDER [--at-least OWN1,OWN5,MIXED1,MIXED5] [--database URL]\n" +
      "FOLDER holds questions.jsonl and files/. With --at-least it fails when the shares of all questions are lower.\n" +
      "With --database the index is kept in that Postgres, which must be empty, instead of in memory.\n",
  );
  process.exitCode = 2;
} else {
  const opened = await openIndex(values.database);
  const shares = await bench(opened.index, folder);
  await opened.close();
  const least = (values["at-least"] ?? "").split(",").map(Number);
  if (shares.some((share, index) => share < (least[index] ?? 0))) {
    process.stderr.write(`Lower than asked for: ${values["at-least"]}\n`);
    process.exitCode = 1;
  }
}

/** Asks every question of a folder twice, of its own document and of all of them, and prints how often the page was found. */
async function bench(index: PassageIndex, from: string): Promise<readonly number[]> {
  const questions = (await readFile(join(from, "questions.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as QuestionLine);
  const names = (await readdir(join(from, "files"))).toSorted();
  const { pages, readMs, indexMs } = await indexFiles(index, join(from, "files"), names);
  const results: Result[] = [];
  for (const question of questions) results.push(await ask(index, question, names));
  progress("\n");

  const lines = [
    "| | questions | own hit@1 | own hit@5 | mixed hit@1 | mixed hit@5 |",
    "|---|---|---|---|---|---|",
    ...toGroups(results).map(([name, group]) => toRow(name, group)),
    "",
    "| quoted in an answer | pages | with evidence |",
    "|---|---|---|",
    toShownRow(
      "own",
      results.map(({ ownShown }) => ownShown),
    ),
    toShownRow(
      "mixed",
      results.map(({ mixedShown }) => mixedShown),
    ),
    "",
    "| time per question | median ms | p95 ms |",
    "|---|---|---|",
    toTimeRow(
      "own",
      results.map(({ ownMs }) => ownMs),
    ),
    toTimeRow(
      "mixed",
      results.map(({ mixedMs }) => mixedMs),
    ),
    "",
    `${names.length} documents, ${pages} pages: read in ${seconds(readMs)} s, indexed in ${seconds(indexMs)} s.`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return toShares(results);
}

async function openIndex(url: string | undefined): Promise<{ index: PassageIndex; close: () => Promise<void> }> {
  if (url === undefined) {
    const db = new DatabaseSync(":memory:");
    return { index: createPassageIndex(createSqlitePostings(db)), close: () => Promise.resolve(db.close()) };
  }
  const log = createLog({
    level: "warn",
    format: "pretty",
    redact: (line) => line,
    stream: process.stderr,
    colours: false,
  });
  const postgres = await openPostgres({ url, log, max: 4 });
  return { index: createPassageIndex(createPostgresPostings(postgres)), close: () => postgres.close() };
}

async function indexFiles(
  index: PassageIndex,
  from: string,
  names: readonly string[],
): Promise<{ pages: number; readMs: number; indexMs: number }> {
  const reader = createReader();
  const total = { pages: 0, readMs: 0, indexMs: 0 };
  for (const [done, name] of names.entries()) {
    progress(`\rReading and indexing ${done + 1} of ${names.length}`);
    const started = performance.now();
    const { signal } = new AbortController();
    const reading = await reader.read({ path: join(from, name), name }, LIMITS, { signal });
    const read = performance.now();
    await index.add({ id: name, name, scope: "bench" }, reading.pages);
    total.pages += reading.pages.length;
    total.readMs += read - started;
    total.indexMs += performance.now() - read;
    if (reading.problem !== null) progress(`\r${name}: ${reading.problem.code}\n`);
  }
  await reader.stop();
  return total;
}

async function ask(index: PassageIndex, question: QuestionLine, names: readonly string[]): Promise<Result> {
  const started = performance.now();
  const own = await findEvidence(index, question, [question.document]);
  const between = performance.now();
  const mixed = await findEvidence(index, question, names);
  const mixedMs = performance.now() - between;
  return {
    ...question,
    own: own.rank,
    mixed: mixed.rank,
    ownShown: own.shown,
    mixedShown: mixed.shown,
    ownMs: between - started,
    mixedMs,
  };
}

async function findEvidence(
  index: PassageIndex,
  question: QuestionLine,
  documentIds: readonly string[],
): Promise<{ rank: number; shown: Shown }> {
  const passages = await index.search(question.question, { documentIds, limit: HITS });
  const isEvidence = ({ documentId, page }: Passage): boolean =>
    documentId === question.document && question.pages.includes(page);
  const shown = passages.filter(({ relevant }) => relevant);
  return {
    rank: passages.findIndex(isEvidence),
    shown: { pages: shown.length, hasEvidence: shown.some(isEvidence) },
  };
}

function toGroups(results: readonly Result[]): (readonly [name: string, group: readonly Result[]])[] {
  const sets = Map.groupBy(results, ({ set }) => set);
  return [
    ["all", results],
    ...[...sets].flatMap(([set, ofSet]) => {
      const languages = Map.groupBy(ofSet, ({ language }) => language);
      const perLanguage = [...languages].map(([language, group]) => [`${set} ${language}`, group] as const);
      return languages.size === 1 ? perLanguage : [[set, ofSet] as const, ...perLanguage];
    }),
  ];
}

function toRow(name: string, group: readonly Result[]): string {
  const cells = toShares(group).map((share) => share.toFixed(2));
  return `| ${name} | ${group.length} | ${cells.join(" | ")} |`;
}

/** Own hit@1 and hit@5, then mixed hit@1 and hit@5. */
function toShares(group: readonly Result[]): number[] {
  const share = (isHit: (result: Result) => boolean): number => group.filter(isHit).length / group.length;
  return [
    share(({ own }) => own === 0),
    share(({ own }) => own >= 0),
    share(({ mixed }) => mixed === 0),
    share(({ mixed }) => mixed >= 0),
  ];
}

function toShownRow(name: string, shown: readonly Shown[]): string {
  const pages = shown.reduce((sum, { pages: count }) => sum + count, 0) / shown.length;
  const share = shown.filter(({ hasEvidence }) => hasEvidence).length / shown.length;
  return `| ${name} | ${pages.toFixed(1)} | ${share.toFixed(2)} |`;
}

function toTimeRow(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((first, second) => first - second);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `| ${name} | ${at(0.5)} | ${at(0.95)} |`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function progress(text: string): void {
  process.stderr.write(text);
}
