import { toCostUsd } from "../../src/engines/openai/spending/prices.ts";
import type { HistoryPlan } from "../../src/engines/openai/moving/plan-history.ts";
import type { ChannelHistory } from "./collect-channels.ts";
import type { Input } from "./input.ts";
import type { Outcome, Reason } from "./move-channel.ts";

const MAX_REMARKS = 20;

const REASONS: Readonly<Record<Reason, string>> = {
  "has-conversation":
    "left alone: it has a conversation of Docent's already. --replace deletes that and begins afresh.",
  "moved-before": "left alone: it was moved before. --replace begins afresh.",
  "forgotten-since": "left alone: it was moved before and forgotten in chat since. --replace moves it again.",
};

/** Of a channel of which nothing is left to be moved. */
export function nothingText(tooOld: number): string {
  return tooOld === 0
    ? "nothing to move: no messages. Its first question begins a fresh conversation."
    : `nothing to move: ${countText(tooOld, "message")}, all left out for RETENTION_DAYS.`;
}

/** What becomes of a history, in words: `6 turns word by word, notes of 40 older ones, 3 left out`. */
export function planText(plan: HistoryPlan, { tooOld }: Pick<ChannelHistory, "tooOld">, unnoted = 0): string {
  const noted = plan.chapters.reduce((sum, turns) => sum + turns.length, 0) - unnoted;
  const parts = [
    `${countText(plan.kept.length, "turn")} word by word`,
    noted > 0 ? `notes of ${noted} older ones` : "",
    unnoted > 0 ? `${unnoted} of which the model noted nothing` : "",
    plan.leftOut > 0 ? `${plan.leftOut} older ones left out` : "",
    plan.withoutQuestion > 0 ? `${countText(plan.withoutQuestion, "message")} before the first question left out` : "",
    tooOld > 0 ? `${countText(tooOld, "message")} left out for RETENTION_DAYS` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

export function leftText(reason: Reason): string {
  return REASONS[reason];
}

export function outcomeText(outcome: Outcome, plan: HistoryPlan, history: ChannelHistory): string {
  if (outcome.kind === "left") return leftText(outcome.reason);
  if (outcome.kind === "failed") return `FAILED: ${outcome.message} Run it again.`;
  const cost = outcome.costUsd > 0 ? ` Notes cost ${usdText(outcome.costUsd)}.` : "";
  return `moved: ${planText(plan, history, outcome.unnoted)}; ${outcome.tokens} tokens.${cost}`;
}

export function foreseenText(plan: HistoryPlan, history: ChannelHistory, model: string): string {
  const tokens = plan.wordTokens + plan.noteTokens;
  const counts = { inputTokens: tokens, cachedInputTokens: 0, cacheWriteTokens: tokens, outputTokens: 0, searches: 0 };
  const notes = plan.chapters.length > 0 ? ` Notes: about ${usdText(plan.costUsd)}, once.` : "";
  const each = `at most ${usdText(toCostUsd(model, counts))} more for a question`;
  return `would be moved: ${planText(plan, history)}; about ${tokens} tokens, ${each}.${notes}`;
}

/** An amount, or that nobody knows the model's price. */
export function usdText(usd: number | null): string {
  return usd === null ? "$? (no known price of this model)" : `$${usd.toFixed(5)}`;
}

/** What is wrong with the files, then what was left out of them on purpose. */
export function inputText({ problems, remarks }: Input): string {
  const more = remarks.length > MAX_REMARKS ? [`… and ${remarks.length - MAX_REMARKS} more like these`] : [];
  const notes = [...remarks.slice(0, MAX_REMARKS), ...more].map((each) => `note   ${each}\n`);
  return [...problems.map((each) => `wrong  ${each}\n`), ...notes].join("");
}

/** `1 turn`, `2 turns`. */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
