import type { Attachment } from "../../../core/incoming.ts";
import type { SlackMessage } from "../payloads.ts";
import type { Room } from "../room.ts";
import { explainRefusal } from "../slack-api.ts";
import { decode } from "./decode-message.ts";
import { toAttachments } from "./to-attachment.ts";

const WAIT_MS = 1_500;

/**
 * The message that began a thread: somebody who mentions Docent below it asks about it. Null when it is the bot's own,
 * or when Slack does not tell it in time for the acknowledgement.
 */
export async function readParent(
  room: Room,
  channel: string,
  ts: string,
): Promise<{ readonly text: string; readonly attachments: readonly Attachment[] } | null> {
  const parent = await fetchParent(room, channel, ts);
  if (parent === null || parent.user === room.identity().botUserId) return null;
  const [text, attachments] = await Promise.all([
    decode(room, parent.text ?? ""),
    toAttachments(room, parent.files, { channel, ts, threadTs: null, isNote: false }),
  ]);
  return { text, attachments };
}

async function fetchParent(room: Room, channel: string, ts: string): Promise<SlackMessage | null> {
  const { clock, log } = room.options;
  const asked = room.api
    .call<{ messages: readonly SlackMessage[] }>(
      "conversations.replies",
      { channel, ts, limit: 1, inclusive: true },
      { isRepeatable: true },
    )
    .then(({ messages }) => messages.find((message) => message.ts === ts) ?? null)
    .catch((error: unknown) => {
      log.warn("The message that a thread began with could not be read.", {
        reason: explainRefusal("conversations.replies", error),
      });
      return null;
    });
  const patience = new AbortController();
  const tired = clock.sleep(WAIT_MS, patience.signal).then(
    () => null,
    () => null,
  );
  try {
    return await Promise.race([asked, tired]);
  } finally {
    patience.abort("done");
  }
}
