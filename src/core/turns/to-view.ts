import type { Inbox } from "../ports/stores.ts";
import { text } from "../texts/text.ts";
import type { Turn, TurnView } from "../turn.ts";

/** What people see of a turn. `known` is its place in the queue, when that need not be counted. */
export async function toView(
  turn: Turn,
  deps: {
    readonly inbox: Pick<Inbox, "position">;
    readonly language: string | null;
    readonly isActive: (turnId: string) => boolean;
  },
  known?: number,
): Promise<TurnView> {
  const { id, incoming } = turn;
  const isQueued = turn.state === "queued" && !deps.isActive(id);
  const position = isQueued ? (known ?? (await deps.inbox.position(id))) : null;
  const state = isQueued && turn.cancelRequested ? "cancelled" : turn.state;
  const locale = deps.language ?? incoming.locale;
  const waiting = position === null || position === 0 ? text("turn.queued", locale) : undefined;
  const queued = waiting ?? text("turn.queued_behind", locale, { position: position ?? 0 });
  const detail = isQueued && state === "queued" ? queued : turn.detail;
  return { id, state, detail, position, channel: incoming.channel.key, replyTo: incoming.replyTo };
}
