/**
 * Measures the main job through the whole program, each figure as the median of five fresh starts:
 * start to ready, idle memory, a 500-page PDF from upload to answer, and what that adds to another channel's answers.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { makeLongPdf, makePdf } from "../test/fixtures/make-pdf.ts";

const ROUNDS = 5;
const PAGES = 500;

interface Round {
  readonly readyMs: number;
  readonly idleMb: number;
  readonly answerableMs: number;
  readonly quietMs: number;
  readonly busyMs: number;
  readonly afterMb: number;
}

async function runRound(longPdf: Uint8Array, shortPdf: Uint8Array): Promise<Round> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "docent-bench-"));
  const startedAt = performance.now();
  const child = spawn("npm", ["start", "--silent"], {
    env: { PATH: process.env["PATH"] ?? "", DATA_DIR: dataDir, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  try {
    const url = await readyUrl(child.stdout);
    const readyMs = performance.now() - startedAt;
    await sleep(5_000);
    const pid = childOf(child.pid ?? 0);
    const idleMb = residentMb(pid);

    await ask(url, "other", "What is the deposit?", shortPdf);
    const quiet: number[] = [];
    for (let index = 0; index < 10; index++) quiet.push(await timed(() => ask(url, "other", "What is the deposit?")));

    const busy: number[] = [];
    let over = false;
    const long = timed(() => ask(url, "long", "What is the access code of room 417?", longPdf)).finally(
      () => (over = true),
    );
    while (!over) busy.push(await timed(() => ask(url, "other", "What is the deposit?")));
    const answerableMs = await long;
    return {
      readyMs,
      idleMb,
      answerableMs,
      quietMs: median(quiet),
      busyMs: Math.max(...busy),
      afterMb: residentMb(pid),
    };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const match = /Docent is ready: (\S+)/.exec(line);
    if (match?.[1] !== undefined) {
      output.resume();
      return match[1];
    }
  }
  throw new Error("The program did not become ready.");
}

/** npm starts a shell, which starts node: the last of them is the program. */
function childOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? pid : childOf(Number(children.split(" ")[0]));
}

function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kb) / 1024;
}

async function ask(url: string, channel: string, text: string, file?: Uint8Array): Promise<void> {
  const form = new FormData();
  form.set("text", text);
  if (file !== undefined) form.append("files", new Blob([new Uint8Array(file)]), "handbook.pdf");
  const base = `${url}/api/channels/${channel}`;
  const stream = await fetch(`${base}/events`);
  const posted = await fetch(`${base}/messages`, { method: "POST", body: form });
  const { turn } = (await posted.json()) as { turn: { id: string } };
  let seen = "";
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    seen += chunk;
    if (seen.includes('"author":"docent"') && seen.includes(turn.id)) return;
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const longPdf = await makeLongPdf(PAGES);
const shortPdf = await makePdf(["Parties.", "The deposit is 900 euros."]);
const rounds: Round[] = [];
for (let round = 1; round <= ROUNDS; round++) {
  process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  rounds.push(await runRound(longPdf, shortPdf));
}
const row = (label: string, pick: (round: Round) => number, unit: string): string =>
  `| ${label} | ${median(rounds.map(pick)).toFixed(unit === "s" ? 2 : 0)} ${unit} |\n`;
process.stdout.write(
  `| figure (median of ${ROUNDS}) | |\n|---|---|\n` +
    row("npm start to ready", ({ readyMs }) => readyMs / 1000, "s") +
    row("idle memory, 5 s after start", ({ idleMb }) => idleMb, "MB") +
    row(`${PAGES}-page PDF, upload to answer`, ({ answerableMs }) => answerableMs / 1000, "s") +
    row("another channel's answer, quiet", ({ quietMs }) => quietMs, "ms") +
    row("the slowest one meanwhile", ({ busyMs }) => busyMs, "ms") +
    row("memory right after it", ({ afterMb }) => afterMb, "MB"),
);
