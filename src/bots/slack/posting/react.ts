import type { Room } from "../room.ts";
import { refusalOf, type CallOptions } from "../slack-api.ts";

/** Puts a reaction on a message, or takes it away. What Slack refuses only shows less. */
export async function react(
  room: Room,
  method: "reactions.add" | "reactions.remove",
  message: { readonly channel: string; readonly ts: string },
  name: string,
  options: Pick<CallOptions, "isDispensable"> = {},
): Promise<void> {
  const args = { channel: message.channel, timestamp: message.ts, name };
  try {
    await room.api.call(method, args, { ...options, isRepeatable: true });
  } catch (error) {
    // `already_reacted` and `no_reaction` are what was wanted.
    if (refusalOf(error) === null) throw error;
  }
}
