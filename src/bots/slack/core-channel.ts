import type { Channel } from "../../core/incoming.ts";

/** A channel of Slack as core knows it, of Slack's ids `T…` and `C…`, `G…` or `D…`. */
export function toCoreChannel(teamId: string, id: string, facts: Pick<Channel, "isDirect" | "isShared">): Channel {
  const workspace = `slack:${teamId}`;
  return { key: `${workspace}:${id}`, workspace, ...facts };
}

/** The memory of one Slack thread, by the `ts` of the message that it begins with. */
export function toThreadConversation(channel: Pick<Channel, "key">, rootTs: string): string {
  return `${channel.key}:${rootTs}`;
}
