import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { addDays, toDay } from "../../src/core/calendar.ts";
import type { UsageEntry } from "../../src/core/ports/usage-log.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteBudgetLedger } from "../../src/stores/sqlite/sqlite-budget-ledger.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { launchProgram, visit, type Program } from "../e2e/program.ts";
import { makePptx, makeXlsx } from "../fixtures/make-office.ts";
import { makeEncryptedPdf, makeLongPdf } from "../fixtures/make-pdf.ts";
import { makeZip } from "../fixtures/make-zip.ts";
import { openVendors, type Vendors } from "../set-up/vendors.ts";
import { createStoryBrain } from "./story-brain.ts";
import { toPdf, type Story } from "./stories.ts";

export interface Installation {
  readonly program: Program;
  readonly vendors: Vendors;
  /** Takes back what set-up wrote. */
  reset(): void;
  close(): Promise<void>;
}

const DAYS = 30;
const SLACK = "slack:T0TEAM";
const USAGE = { model: "gpt-6-luna", inputTokens: 9_412, cachedInputTokens: 0, outputTokens: 341, searches: 0 };
const PEOPLE = ["Ann Marchetti", "Bo Lindqvist"] as const;

/** A program with no settings, which finds the vendors' test servers where set-up looks for vendors. */
export async function startFresh(env: Record<string, string> = {}): Promise<Installation> {
  const vendors = await openVendors({ discord: { hasMessageContent: false } });
  const folder = mkdtempSync(path.join(tmpdir(), "docent-screenshots-"));
  const program = await launchProgram({ ...env }, folder, killAtExit);
  const addresses = Object.entries(vendors.addresses).map(([name, value]) => `${name}=${value}\n`);
  const reset = (): void => writeFileSync(path.join(folder, ".env"), addresses.join(""));
  reset();
  const close = async (): Promise<void> => {
    await program.stop();
    await vendors.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { program, vendors, reset, close };
}

/** A program of a team: OpenAI, Slack and Discord are connected, documents are there, and it was used for a month. */
export async function startTeam(story: Story): Promise<Installation> {
  const vendors = await openVendors({ openai: { answer: createStoryBrain() } });
  const folder = mkdtempSync(path.join(tmpdir(), "docent-screenshots-"));
  const env = {
    ...vendors.addresses,
    ...vendors.good,
    TIME_ZONE: story.timezoneId,
    BUDGET_USD_PER_DAY: "5",
    BUDGET_USD_PER_CHANNEL_PER_DAY: "2",
  };
  const first = await launchProgram(env, folder, killAtExit);
  await use(first, story, vendors);
  await first.stop();
  await remember(path.join(folder, "data"), story);
  const program = await launchProgram(env, folder, killAtExit);
  const close = async (): Promise<void> => {
    await program.stop();
    await vendors.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { program, vendors, reset: () => undefined, close };
}

/** Asks on the page and in Slack, gives the team its documents, and waits until all is read. */
async function use(program: Program, story: Story, { slack }: Vendors): Promise<void> {
  const file = { name: story.policy.name, bytes: await toPdf(story, story.policy.pages) };
  await visit(program, story.channel).ask(story.question, [file]);
  for (const channel of story.others) await visit(program, channel).ask(story.question);

  const { handbook, slides, sheet, archive, archived, locked } = story.team;
  const form = new FormData();
  for (const [name, bytes] of [
    [handbook, await makeLongPdf(64)],
    [slides, makePptx(Array.from({ length: 24 }, (_, n) => `Slide ${n + 1}\n${story.answer}`))],
    [sheet, makeXlsx({ 2026: Array.from({ length: 120 }, (_, n) => [story.question, n + 1]) })],
    [archive, makeZip(Object.fromEntries(archived.map((rule) => [rule, `# ${rule}\n\n${story.answer}\n`.repeat(12)])))],
    [locked, await makeEncryptedPdf()],
  ] as const) {
    form.append("files", new Blob([new Uint8Array(bytes)]), name);
  }
  await fetch(`${program.url}/api/knowledge`, { method: "POST", body: form });

  PEOPLE.forEach((displayName, index) => {
    const id = `U${index + 1}`;
    slack.addUser({ id, displayName, isAdmin: true, locale: story.locale });
    slack.addChannel({ id: `C${index + 1}`, name: `team-${index + 1}`, members: [id] });
    slack.people.post({ user: id, channel: `C${index + 1}`, text: `<@${slack.world.botUserId}> ${story.question}` });
  });
  await slack.until(() => PEOPLE.every((_, index) => slack.botMessages(`C${index + 1}`).length > 0));
  for (;;) {
    const { documents } = (await (await fetch(`${program.url}/api/knowledge`)).json()) as {
      documents: readonly { state: string }[];
    };
    if (documents.length > 4 && documents.every(({ state }) => state === "ready" || state === "failed")) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Writes a month of use into the store. */
async function remember(dataDir: string, story: Story): Promise<void> {
  const database = openDatabase(dataDir);
  const usage = createSqliteUsage(database.db);
  const today = toDay(Date.now(), story.timezoneId);
  const places: readonly (Pick<UsageEntry, "workspace" | "channel" | "userId"> & { readonly usd: number })[] = [
    ...PEOPLE.map((_, index) => ({
      workspace: SLACK,
      channel: `${SLACK}:C${index + 1}`,
      userId: `U${index + 1}`,
      usd: 0.09 / (index + 1),
    })),
    ...[story.channel, ...story.others].map((name, index) => ({
      workspace: "web",
      channel: `web:${name}`,
      userId: "web",
      usd: 0.06 / (index + 1),
    })),
  ];
  for (let ago = DAYS - 1; ago >= 1; ago--) {
    const day = addDays(today, -ago);
    // Nobody works on Saturdays and Sundays.
    if ([0, 6].includes(new Date(day).getUTCDay())) continue;
    for (const [index, { usd, ...place }] of places.entries()) {
      const questions = 4 + ((ago * 7 + index * 5) % 9);
      for (let n = 0; n < questions; n++) {
        const at = Date.parse(`${day}T12:00:00Z`) + n;
        await usage.record({
          ...place,
          turnId: `past-${ago}-${index}-${n}`,
          day,
          at,
          usage: { ...USAGE, costUsd: usd },
        });
      }
    }
  }
  const ledger = createSqliteBudgetLedger(database.db);
  const spent = [1.46, 1.72, 0.58];
  for (const [index, { channel, userId }] of places.slice(0, spent.length).entries()) {
    await ledger.settle({ channel, userId, day: today, turnId: `today-${index}` }, spent[index] ?? 0);
  }
  database.close();
}

const started = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of started) child.kill("SIGKILL");
});

function killAtExit(child: ChildProcess): void {
  started.add(child);
  child.once("exit", () => started.delete(child));
}
