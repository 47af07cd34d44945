import { addDays, toDay, toNextDayAt } from "../calendar.ts";
import type { Document } from "../document.ts";
import type { BudgetState, NamedUsage, NamedUsageRow, StorageUsage, UsageReport } from "../ports/usage-report.ts";
import type { BudgetKind, BudgetPlace } from "../ports/budget-ledger.ts";
import type { Documents, Inbox } from "../ports/stores.ts";
import type { Clock } from "../ports/system.ts";
import type { UsageFilter, UsageGroup, UsageLog, UsageTotal } from "../ports/usage-log.ts";
import { toStorageCost } from "./storage-cost.ts";
import type { Budgets } from "./budgets.ts";

export interface UsageDeps {
  readonly usage: UsageLog;
  readonly budgets: Budgets;
  readonly documents: Documents;
  readonly inbox: Inbox;
  readonly clock: Clock;
}

/** Channels and people that a report names. */
const NAMED = 50;
/** Budgets of channels and of people that a report shows: those of which the most is used. */
const SHOWN_BUDGETS = 5;

const NOTHING = { questions: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** So many days up to today. */
export function toPeriod(days: number, { budgets, clock }: Pick<UsageDeps, "budgets" | "clock">): UsageFilter {
  const to = toDay(clock.now(), budgets.timeZone);
  return { from: addDays(to, 1 - days), to };
}

/** What the installation used in the last `days` days, today included. */
export async function toUsageReport(days: number, deps: UsageDeps): Promise<UsageReport> {
  const { usage, budgets, clock } = deps;
  const period = toPeriod(days, deps);
  const byDay = new Map((await usage.totals(period, "day")).map((total) => [total.key, total]));
  const channels = await findUsage(period, "channel", deps, NAMED + 1);
  const users = await findUsage(period, "user", deps, NAMED + 1);
  return {
    ...period,
    timeZone: budgets.timeZone,
    total: await usage.sum(period),
    days: Array.from({ length: days }, (_, index) => {
      const day = addDays(period.from, index);
      const { questions, inputTokens, outputTokens, costUsd } = byDay.get(day) ?? NOTHING;
      return { day, questions, inputTokens, outputTokens, costUsd };
    }),
    channels: channels.slice(0, NAMED),
    users: users.slice(0, NAMED),
    models: await findUsage(period, "model", deps),
    isCut: channels.length > NAMED || users.length > NAMED,
    storage: sumStorage(await deps.documents.list({})),
    budgets: await findBudgets(deps),
    budgetsRenewAt: toNextDayAt(clock.now(), budgets.timeZone),
  };
}

/** Totals of a group with what people call them. */
export async function findUsage(
  filter: UsageFilter,
  by: Exclude<UsageGroup, "day">,
  deps: UsageDeps,
  limit?: number,
): Promise<readonly NamedUsage[]> {
  const totals = await deps.usage.totals(filter, by, limit);
  return await Promise.all(
    totals.map(async (total) => {
      const { lastTurnId, ...used } = total;
      if (by === "user") return { ...used, name: await findName(lastTurnId, deps.inbox) };
      return { ...used, name: by === "model" ? used.key : toChannelName(used) };
    }),
  );
}

/** All that was used, day by day: what one person used of one model in one channel. */
export async function* listUsageRows(days: number, deps: UsageDeps): AsyncGenerator<NamedUsageRow> {
  const { from } = toPeriod(days, deps);
  const names = new Map<string, string>();
  for (let index = 0; index < days; index += 1) {
    for (const row of await deps.usage.rows(addDays(from, index))) {
      const person = JSON.stringify([row.workspace, row.userId]);
      const userName = names.get(person) ?? (await findName(row.lastTurnId, deps.inbox));
      if (userName !== null) names.set(person, userName);
      yield { ...row, userName };
    }
  }
}

/** Documents that are kept at OpenAI. Those with the same bytes in one scope are one there. */
export function sumStorage(documents: readonly Document[]): StorageUsage {
  const costs = documents.map((document) => ({ document, usd: toStorageCost(document) }));
  const kept = costs.filter((each): each is { document: Document; usd: number } => (each.usd ?? 0) > 0);
  return {
    documents: kept.length,
    bytes: kept.reduce((sum, { document }) => sum + (document.sizeBytes ?? 0), 0),
    usdPerDay: kept.reduce((sum, { usd }) => sum + usd, 0),
  };
}

/** The budgets of today that a place counts against, as they stand. */
export async function findBudgetStates(
  place: Omit<BudgetPlace, "day">,
  { budgets, clock }: Pick<UsageDeps, "budgets" | "clock">,
): Promise<readonly BudgetState[]> {
  const { limits, ledger, timeZone } = budgets;
  const spent = await ledger.spent({ ...place, day: toDay(clock.now(), timeZone) });
  const keys: Readonly<Record<BudgetKind, string>> = { all: "", channel: place.channel, user: place.userId };
  return (["all", "channel", "user"] as const).flatMap((kind) => {
    const limitUsd = limits[kind];
    return limitUsd === null ? [] : [{ kind, key: keys[kind], name: null, limitUsd, spentUsd: spent[kind] }];
  });
}

async function findBudgets(deps: UsageDeps): Promise<readonly BudgetState[]> {
  const today = toPeriod(1, deps);
  const states = (await findBudgetStates({ channel: "", userId: "" }, deps)).filter(({ kind }) => kind === "all");
  for (const kind of ["channel", "user"] as const) {
    if (deps.budgets.limits[kind] === null) continue;
    for (const { key, name } of await findUsage(today, kind, deps, SHOWN_BUDGETS)) {
      const found = await findBudgetStates({ channel: key, userId: key }, deps);
      states.push(...found.filter((state) => state.kind === kind).map((state) => ({ ...state, name })));
    }
  }
  return states;
}

/** The name of who asked, as long as one of their newest questions is kept: usage itself holds no names. */
async function findName(turnId: string, inbox: Inbox): Promise<string | null> {
  return (await inbox.get(turnId))?.incoming.author.name ?? null;
}

/** What is left of a channel's key without its workspace: its name on the page, its id on a platform. */
function toChannelName({ key, workspace }: Pick<UsageTotal, "key" | "workspace">): string {
  return workspace !== "" && key.startsWith(`${workspace}:`) ? key.slice(workspace.length + 1) : key;
}
