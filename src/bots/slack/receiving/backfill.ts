import type { TurnView } from "../../../core/turn.ts";
import type { MessageEvent, SlackMessage } from "../payloads.ts";
import type { Room } from "../room.ts";
import { explainRefusal, refusalOf } from "../slack-api.ts";
import type { Arrival } from "./arrival-order.ts";
import { takeInLane } from "./take-message.ts";

const PAGE = 200;
/** More than a thousand messages since the last question is a channel that lived on without Docent. */
const MAX_PAGES = 5;
/** What came before the last message may have been with another replica, and lost with it; core knows what it has. */
const GRACE_SECONDS = 60;

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** Nothing can be fetched there any more. */
const GONE = ["channel_not_found", "not_in_channel"];

/**
 * Fetches what was written while the process was down, in channels where Docent was asked before. Slack redelivers by
 * itself, but gives up after three tries, and each event keeps its own time: a later question may come before an earlier
 * one. Each channel's live messages wait for the first attempt to take its missed ones, so that the order holds. What
 * fails is tried again, and the channel's mark stays where it is until that succeeds, for the next start. Several replicas may do so at once: each takes them in order, and core takes each once.
 */
export async function backfill(room: Room, { showTurn, stopping }: How): Promise<void> {
  for (const channel of await room.memory.channels()) {
    const release = room.seenMarks.hold(channel);
    const first = room.arrivals.enter(channel);
    room.background("fetch missed messages", async () => {
      await patiently(room, stopping, (tries) => takeMissed(room, channel, tries === 1 ? first : null, showTurn));
      release();
    });
  }
}

interface How {
  readonly showTurn: (turn: TurnView) => Promise<void>;
  /** Nothing is tried again after that. */
  readonly stopping: AbortSignal;
}

/** Repeats `attempt` until it succeeds or the channel is not there for Docent any more. */
async function patiently(
  { options }: Room,
  stopping: AbortSignal,
  attempt: (tries: number) => Promise<void>,
): Promise<void> {
  for (let tries = 1, pauseMs = FIRST_PAUSE_MS; ; tries += 1, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (stopping.aborted) throw error;
      const refusal = refusalOf(error);
      const seen = refusal === null ? { error } : { reason: explainRefusal("conversations.history", error) };
      if (refusal !== null && GONE.includes(refusal)) {
        return options.log.warn(
          "Slack: missed messages could not be fetched; those that Slack redelivers are answered.",
          seen,
        );
      }
      // Somebody may have to do something; said once, as it may take days.
      options.log[tries === 1 ? "warn" : "debug"]("Slack: missed messages could not be taken; trying again.", seen);
      await options.clock.sleep(pauseMs, stopping);
    }
  }
}

/** `reserved`: the place that the first attempt holds; a later one takes its place when it has fetched something. */
async function takeMissed(
  room: Room,
  channel: string,
  reserved: Arrival | null,
  showTurn: How["showTurn"],
): Promise<void> {
  let arrival = reserved;
  try {
    const lastSeen = await room.memory.lastSeen(channel);
    if (lastSeen === undefined) return;
    const missed = await fetchMissed(room, channel, lastSeen);
    arrival ??= room.arrivals.enter(channel);
    await arrival.isNext;
    for (const event of missed) {
      await takeInLane(room, event, { isShared: undefined, showTurn, isRepeat: event.ts <= lastSeen });
    }
  } finally {
    arrival?.leave();
  }
}

/** What people wrote outside threads since a little before the last message that core has; oldest first. */
async function fetchMissed(room: Room, channel: string, lastSeen: string): Promise<readonly MessageEvent[]> {
  const oldest = (Number(lastSeen) - GRACE_SECONDS).toFixed(6);
  const found: SlackMessage[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const args = { channel, oldest, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await room.api.call<HistoryPage>("conversations.history", args, { isRepeatable: true });
    found.push(...page.messages);
    cursor = page.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") break;
  }
  const isDirect = channel.startsWith("D");
  return found
    .filter(({ ts }) => ts > oldest)
    .toSorted((one, other) => (one.ts < other.ts ? -1 : 1))
    .map((message) => ({ ...message, type: "message", channel, channel_type: isDirect ? "im" : "channel" }));
}

interface HistoryPage {
  readonly messages: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}
