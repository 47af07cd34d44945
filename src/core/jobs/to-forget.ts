import type { Channel } from "../incoming.ts";
import type { JobAction } from "../job.ts";
import type { Documents, Inbox } from "../ports/stores.ts";

/** The wish to forget a channel: it names what there is now. */
export async function toForget(
  channel: Channel,
  { documents, inbox }: { readonly documents: Documents; readonly inbox: Inbox },
): Promise<JobAction> {
  return {
    kind: "forget-channel",
    channel,
    documents: await documents.list({ scope: { kind: "channel", key: channel.key } }),
    conversations: await inbox.conversations(channel.key),
  };
}
