import type { TurnView } from "../../../core/turn.ts";
import type { MessageEvent, SlackMessage } from "../payloads.ts";
import type { Room } from "../room.ts";
import { explainRefusal } from "../slack-api.ts";
import { takeInLane } from "./take-message.ts";

const PAGE = 200;
/** More than a thousand messages since the last question is a channel that lived on without Docent. */
const MAX_PAGES = 5;
/** What came before the last message may have been with another replica, and lost with it; core knows what it has. */
const GRACE_SECONDS = 60;

/**
 * Fetches what was written while the process was down, in channels where Docent was asked before. Slack redelivers by
 * itself, but gives up after three tries, and each event keeps its own time: a later question may come before an earlier
 * one. Each channel's live messages wait until its missed ones are taken, so that the order holds. Several replicas may do
 * so at once: each takes them in order, and core takes each once.
 */
export async function backfill(room: Room, showTurn: (turn: TurnView) => Promise<void>): Promise<void> {
  for (const channel of await room.memory.channels()) {
    const arrival = room.arrivals.enter(channel);
    room.background("fetch missed messages", async () => {
      try {
        const lastSeen = await room.memory.lastSeen(channel);
        if (lastSeen === undefined) return;
        for (const event of await fetchMissed(room, channel, lastSeen)) {
          await takeInLane(room, event, { isShared: undefined, showTurn, isRepeat: event.ts <= lastSeen });
        }
      } finally {
        arrival.leave();
      }
    });
  }
}

/** What people wrote outside threads since a little before the last message that core has; oldest first. */
async function fetchMissed(room: Room, channel: string, lastSeen: string): Promise<readonly MessageEvent[]> {
  const oldest = (Number(lastSeen) - GRACE_SECONDS).toFixed(6);
  const found: SlackMessage[] = [];
  let cursor: string | undefined;
  try {
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const args = { channel, oldest, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const page = await room.api.call<HistoryPage>("conversations.history", args, { isRepeatable: true });
      found.push(...page.messages);
      cursor = page.response_metadata?.next_cursor;
      if (cursor === undefined || cursor === "") break;
    }
  } catch (error) {
    const reason = explainRefusal("conversations.history", error);
    room.options.log.warn("Slack: missed messages could not be fetched; those that Slack redelivers are answered.", {
      reason,
    });
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
