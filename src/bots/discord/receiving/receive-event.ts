import { GatewayDispatchEvents } from "discord-api-types/v10";
import type { APIChannel, APIInteraction, GatewayDispatchPayload } from "discord-api-types/v10";
import type { Channel } from "../../../core/incoming.ts";
import { toInteractionKey } from "../commands/ask-by-command.ts";
import { isFileReference } from "../attachments.ts";
import type { Backfill } from "./backfill.ts";
import { toFacts, type ChannelFacts } from "../directory.ts";
import { belongsToParent, toDirectWorkspace, toMessageKey, toPlace, toWorkspace } from "./place.ts";
import { patiently } from "./patiently.ts";
import { receiveMessage } from "./receive-message.ts";
import type { Wiring } from "../wiring.ts";

/** Takes the gateway's events, each into the lane of its channel. Interactions have three seconds and wait for nobody. */
export function createEventReceiver(
  wiring: Wiring,
  parts: { readonly backfill: Backfill; readonly onInteraction: (interaction: APIInteraction) => void },
): (payload: GatewayDispatchPayload, shardId: number) => void {
  const { lanes, directory, watermarks, options } = wiring;

  function inLane(lane: string, task: () => Promise<unknown>): void {
    void lanes.run(lane, async () => void (await task()));
  }

  /** Core repeats what it took, and Discord does not tell a deletion again: it is taken, or that is said in the log. */
  async function take(what: string, deletion: () => Promise<unknown>): Promise<void> {
    try {
      await patiently(what, deletion, { wiring, mayPass: () => true });
    } catch (error) {
      options.log.error(`discord: ${what} failed.`, { error });
    }
  }

  function deleted(channelId: string, guildId: string | undefined, messageIds: readonly string[]): void {
    const workspace = guildId === undefined ? toDirectWorkspace(channelId) : toWorkspace(guildId);
    inLane(channelId, async () => {
      for (const id of messageIds) await take("taking a deletion", () => messageDeleted(channelId, id));
      await take("removing knowledge", () => removeKnowledge(workspace, messageIds));
    });
  }

  async function messageDeleted(channelId: string, id: string): Promise<void> {
    const interactionId = await wiring.asked.interactionOf(id);
    const key = interactionId === null ? toMessageKey(channelId, id) : toInteractionKey(interactionId);
    await wiring.docent().messageDeleted(key);
  }

  /** Files of a message that became team knowledge came by a command, and carry its key. */
  async function removeKnowledge(workspace: string, messageIds: readonly string[]): Promise<void> {
    const docent = wiring.docent();
    for (const { id, reference } of await docent.documents({ kind: "workspace", key: workspace })) {
      const source = isFileReference(reference) ? reference.message : null;
      if (source !== null && messageIds.includes(source.messageId)) await docent.removeDocument(id);
    }
  }

  function channelGone(facts: ChannelFacts): void {
    const parent = facts.parentId === null ? undefined : directory.known(facts.parentId);
    const { channel, conversation } = toPlace(facts, parent, options.conversationPer);
    if (belongsToParent(facts, parent)) {
      void take("forgetting a thread", () => threadGone(facts.id, channel, conversation));
    } else {
      void take("forgetting a channel", () => wiring.docent().forget(channel));
    }
  }

  /** The thread's part of its channel: the files posted in it, and its own conversation. */
  async function threadGone(threadId: string, channel: Channel, conversation: string): Promise<void> {
    const docent = wiring.docent();
    await wiring.threads.delete(threadId);
    for (const { id, reference } of await docent.documents({ kind: "channel", key: channel.key })) {
      const isHere = isFileReference(reference) && reference.message?.channelId === threadId;
      if (isHere) await docent.removeDocument(id);
    }
    if (conversation !== channel.key) await docent.startOver({ bot: "discord", channel, conversation });
  }

  return (payload, shardId) => {
    const { t, d } = payload;
    const ownId = t === GatewayDispatchEvents.Ready ? d.user.id : wiring.self().userId;
    // Before the directory forgets it.
    const channel =
      t === GatewayDispatchEvents.ChannelDelete || t === GatewayDispatchEvents.ThreadDelete
        ? (directory.known(d.id) ?? toFacts(d as APIChannel, d.guild_id ?? null))
        : undefined;
    directory.take(payload, ownId);
    if (t === GatewayDispatchEvents.Ready) parts.backfill.ready(d, shardId);
    if (t === GatewayDispatchEvents.GuildCreate) parts.backfill.guild(d, shardId);
    if (t === GatewayDispatchEvents.MessageCreate) {
      const done = watermarks.of(shardId).begin(d.id);
      inLane(d.channel_id, async () => done({ mattered: await receiveMessage(d, wiring) }));
    }
    if (t === GatewayDispatchEvents.MessageDelete) deleted(d.channel_id, d.guild_id, [d.id]);
    if (t === GatewayDispatchEvents.MessageDeleteBulk) deleted(d.channel_id, d.guild_id, d.ids);
    if (channel !== undefined) channelGone(channel);
    // An outage of Discord's own says "unavailable"; everything else is a goodbye.
    if (t === GatewayDispatchEvents.GuildDelete && d.unavailable !== true) {
      void take("forgetting a server", () => wiring.docent().forgetWorkspace(toWorkspace(d.id)));
    }
    if (t === GatewayDispatchEvents.InteractionCreate) parts.onInteraction(d);
  };
}
