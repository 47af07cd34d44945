import { toDay } from "../../src/core/calendar.ts";
import { DocentError, isDocentError, type ErrorCode } from "../../src/core/errors.ts";
import { toTurnId } from "../../src/core/ids.ts";
import type { Inbox, KeyValue } from "../../src/core/ports/stores.ts";
import type { Clock, Lock } from "../../src/core/ports/system.ts";
import type { Budgets } from "../../src/core/spending/budgets.ts";
import type { Turn } from "../../src/core/turn.ts";
import type { HistoryMover } from "../../src/engines/openai/moving/history-mover.ts";
import type { HistoryPlan } from "../../src/engines/openai/moving/plan-history.ts";
import type { ChannelHistory } from "./collect-channels.ts";

/** Written before anything is made of a channel, deleted when it is done: what a crash leaves tells where it was. */
export interface Moving {
  /** `replacing`: the conversation that was there may still be. `putting`: what is there now came by this move. */
  readonly step: "replacing" | "putting";
}

export const MOVING = "openai-moving";

/** Why a channel stays as it is. */
export type Reason = "has-conversation" | "moved-before" | "forgotten-since";

export type Outcome =
  | { readonly kind: "moved"; readonly tokens: number; readonly costUsd: number; readonly unnoted: number }
  | { readonly kind: "left"; readonly reason: Reason }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

export interface MoveDeps {
  readonly mover: HistoryMover;
  readonly moving: KeyValue<Moving>;
  readonly inbox: Pick<Inbox, "add" | "get">;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly budgets: Budgets;
  readonly replace: boolean;
  readonly signal: AbortSignal;
}

/** The turn that stands for what was moved into a conversation. */
export function toMovedTurnId(conversation: string): string {
  return toTurnId(toMovedKey(conversation));
}

/**
 * Moves the history of one channel. Safe to repeat after a crash at any moment: it is finished then, or done again from
 * the start with what lay half done at OpenAI deleted.
 */
export async function moveChannel(history: ChannelHistory, plan: HistoryPlan, deps: MoveDeps): Promise<Outcome> {
  const key = history.found.conversation;
  return await deps.lock(`moving ${key}`, async () => {
    try {
      return await move(history, plan, deps);
    } catch (error) {
      if (!isDocentError(error)) throw error;
      // What OpenAI does not let go of now is deleted by the next run, or with the channel.
      await deps.mover.sweep(key).catch(() => undefined);
      return { kind: "failed", code: error.code, message: error.message };
    }
  });
}

async function move(history: ChannelHistory, plan: HistoryPlan, deps: MoveDeps): Promise<Outcome> {
  const { mover, moving, inbox, replace, signal } = deps;
  const key = history.found.conversation;
  const begun = await moving.get(key);
  const isThere = await mover.hasConversation(key);
  if (begun !== undefined) await mover.sweep(key);
  if (begun?.step === "putting" && isThere) return await leave("moved-before");
  if (isThere && !replace) return await leave((await isKnown()) ? "moved-before" : "has-conversation");
  if (begun === undefined && !replace && (await isKnown())) return await leave("moved-before");

  await moving.set(key, { step: isThere ? "replacing" : "putting" });
  // By it the channel is known to have something that can be forgotten, and since when, for RETENTION_DAYS.
  const { turn, isNew } = await inbox.add(toMovedTurn(history, toMovedKey(key), deps.clock));
  const isForgotten = !isNew && turn.state === "cancelled";
  if (isForgotten && begun === undefined && !replace) return await leave("forgotten-since");
  if (isForgotten) await inbox.add(toMovedTurn(history, `${toMovedKey(key)}:${deps.clock.now()}`, deps.clock));
  const { notes, unnoted, costUsd } = await makeNotes(history, plan, deps);
  if (isThere) {
    await mover.forget(key);
    await moving.set(key, { step: "putting" });
  }
  const tokens = await mover.put(key, { plan, notes }, signal);
  if (tokens === null) return await leave("has-conversation");
  await moving.delete(key);
  return { kind: "moved", tokens, costUsd, unnoted };

  async function isKnown(): Promise<boolean> {
    return (await inbox.get(toMovedTurnId(key))) !== undefined;
  }

  async function leave(reason: Reason): Promise<Outcome> {
    if (begun !== undefined || (await moving.get(key)) !== undefined) await moving.delete(key);
    return { kind: "left", reason };
  }
}

/** Notes are paid for: out of the day's budgets, but for those of a person. */
async function makeNotes(
  { found }: ChannelHistory,
  plan: HistoryPlan,
  { mover, budgets, clock, signal }: MoveDeps,
): Promise<Awaited<ReturnType<HistoryMover["makeNotes"]>> & { readonly costUsd: number }> {
  if (plan.chapters.length === 0) return { notes: [], unnoted: 0, costUsd: 0 };
  const { ledger, limits, timeZone } = budgets;
  const now = clock.now();
  const turnId = `${toMovedTurnId(found.conversation)}~notes~${now}`;
  const charge = { turnId, day: toDay(now, timeZone), channel: found.channel.key, userId: "" };
  const lacking = await ledger.reserve(charge, plan.costUsd ?? 0, { ...limits, user: null });
  if (lacking !== null) {
    const seen = "what notes of the older messages cost does not fit the budgets of this day";
    throw new DocentError("budget_used_up", `${seen} (${lacking}). Run it again tomorrow, or with --no-notes.`);
  }
  let costUsd = 0;
  try {
    const onUsage = (usage: { readonly costUsd: number | null }): void => void (costUsd += usage.costUsd ?? 0);
    return { ...(await mover.makeNotes(plan, { signal, onUsage })), costUsd };
  } finally {
    await ledger.settle(charge, costUsd);
  }
}

function toMovedKey(conversation: string): string {
  return `moved:${conversation}`;
}

/** As old as the oldest message. It is over, and nobody gets it. */
function toMovedTurn({ found, messages }: ChannelHistory, key: string, clock: Clock): Turn {
  const times = messages.flatMap(({ at }) => at ?? []);
  const at = times.reduce((oldest, each) => Math.min(oldest, each), clock.now());
  return {
    id: toTurnId(key),
    incoming: {
      key,
      bot: found.bot,
      kind: "note",
      channel: found.channel,
      conversation: found.conversation,
      author: { id: "", name: null },
      text: "",
      context: null,
      attachments: [],
      locale: null,
      replyTo: null,
      sentAt: at,
    },
    createdAt: at,
    state: "answered",
    detail: null,
    cancelRequested: false,
    runRequestedAt: null,
    run: null,
    answer: null,
    error: null,
    sent: {},
  };
}
