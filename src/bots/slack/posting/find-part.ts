import type { SlackMessage } from "../payloads.ts";
import { refusalOf, type SlackApi } from "../slack-api.ts";

/** What was posted long ago is not looked for further back than this: 1,000 messages. */
const PAGES = 5;
const PAGE_SIZE = 200;

interface Page {
  readonly messages?: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** The `ts` of the message that carries a part's id, or null when Slack has none. */
export async function findPart(
  api: SlackApi,
  part: {
    readonly id: string;
    readonly channel: string;
    readonly threadTs: string | null;
    readonly after: string | null;
  },
): Promise<string | null> {
  const { id, channel, threadTs, after } = part;
  const method = threadTs === null ? "conversations.history" : "conversations.replies";
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const found = await read(cursor);
    if (found === null) return null;
    const match = found.messages?.find(
      ({ metadata }) => metadata?.event_type === "docent_part" && metadata.event_payload?.["id"] === id,
    );
    if (match !== undefined) return match.ts;
    cursor = found.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return null;
  }
  return null;

  async function read(from: string | undefined): Promise<Page | null> {
    try {
      return await api.call<Page>(
        method,
        {
          channel,
          ...(threadTs === null ? {} : { ts: threadTs }),
          ...(after === null ? {} : { oldest: after }),
          ...(from === undefined ? {} : { cursor: from }),
          limit: PAGE_SIZE,
          include_all_metadata: true,
        },
        { isRepeatable: true },
      );
    } catch (error) {
      // Where Docent is not, and in a thread that is gone, it posted nothing.
      if (["channel_not_found", "not_in_channel", "thread_not_found"].includes(refusalOf(error) ?? "")) return null;
      throw error;
    }
  }
}
