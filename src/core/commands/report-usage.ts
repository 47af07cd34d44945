import type { Command } from "../ports/command.ts";
import type { NamedUsage } from "../ports/usage-report.ts";
import { budgetText, renewalText, usdText } from "../spending/spending-text.ts";
import { findBudgetStates, findUsage, sumStorage, toPeriod, type UsageDeps } from "../spending/usage-report.ts";
import { STORAGE_PRICE } from "../spending/storage-cost.ts";
import type { TextValues } from "../texts/fill-text.ts";
import type { TextKey } from "../texts/language.ts";
import { text } from "../texts/text.ts";
import { escapeName } from "./list-documents.ts";

const DAYS = 30;
/** Channels and people that a reply lists. */
const LISTED = 10;

/**
 * What `usage` answers, in Markdown: what this channel used, what the budgets have left, and for those who look after
 * the workspace what each channel and person in it used.
 */
export async function reportUsage(
  { channel, author }: Pick<Command, "channel" | "author">,
  deps: UsageDeps & { readonly locale: string | null; readonly seesAll: boolean },
): Promise<string> {
  const { usage, budgets, clock, locale } = deps;
  const say = (key: TextKey, values: TextValues = {}): string => text(key, locale, values);
  const usd = (amount: number): string => usdText(amount, locale);
  const month = toPeriod(DAYS, deps);
  const sections = [await toChannelSection(), await toBudgetSection()];
  if (deps.seesAll) {
    sections.push(await toGroupSection("command.usage.by_channel", "channel"));
    sections.push(await toGroupSection("command.usage.by_user", "user"));
  }
  return sections.filter(Boolean).join("\n\n");

  async function toChannelSection(): Promise<string> {
    const here = { ...month, channel: channel.key };
    const today = await usage.sum({ ...here, from: month.to });
    const inMonth = await usage.sum(here);
    const models = await findUsage(here, "model", deps);
    const storage = sumStorage(await deps.documents.list({ scope: { kind: "channel", key: channel.key } }));
    const { documents, usdPerDay } = storage;
    const kept = { documents, cost: usd(usdPerDay), free: STORAGE_PRICE.freeGb };
    return toSection("command.usage.title", [
      say("command.usage.today", { ...today, cost: usd(today.costUsd) }),
      say("command.usage.month", { ...inMonth, cost: usd(inMonth.costUsd) }),
      ...models.map((model) => toLine(model)),
      ...(documents === 0 ? [] : [say("command.usage.storage", kept)]),
    ]);
  }

  async function toBudgetSection(): Promise<string> {
    const states = await findBudgetStates({ channel: channel.key, userId: author.id }, deps);
    if (states.length === 0) return "";
    const lines = states.map(({ kind, limitUsd, spentUsd }) => {
      const left = usd(Math.max(0, limitUsd - spentUsd));
      return say("command.usage.budget", { budget: budgetText(kind, locale), left, limit: usd(limitUsd) });
    });
    const renewal = say("command.usage.renew", { time: renewalText(clock.now(), budgets.timeZone, locale) });
    return `${toSection("command.usage.budgets", lines)}\n\n${renewal}`;
  }

  async function toGroupSection(title: TextKey, by: "channel" | "user"): Promise<string> {
    // Not beyond the workspace: another one may belong to somebody else.
    const found = await findUsage({ ...month, workspace: channel.workspace }, by, deps, LISTED + 1);
    if (found.length === 0) return "";
    const rest = found.length > LISTED ? [say("command.usage.more")] : [];
    return toSection(title, [...found.slice(0, LISTED).map((each) => toLine(each)), ...rest]);
  }

  function toLine({ name, key, questions, costUsd }: NamedUsage): string {
    return say("command.usage.group", { name: escapeName(name ?? key), questions, cost: usd(costUsd) });
  }

  function toSection(title: TextKey, lines: readonly string[]): string {
    return `**${say(title)}**\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
  }
}
