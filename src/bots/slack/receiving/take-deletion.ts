import type { Scope } from "../../../core/document.ts";
import type { ChangeEvent } from "../payloads.ts";
import { isFileReference } from "../reply-to.ts";
import { toChannel, type Room } from "../room.ts";
import { toFileKey } from "./to-attachment.ts";

/** The key under which a message's files became team knowledge. */
export function toKnowledgeKey(messageKey: string): string {
  return `${messageKey}:knowledge`;
}

/** A message is gone: its documents go with it, and a turn that it began is stopped. */
export async function takeMessageDeleted(room: Room, event: ChangeEvent): Promise<void> {
  const ts = event.deleted_ts ?? event.message?.ts;
  if (ts === undefined) return;
  const { teamId } = room.identity();
  const docent = room.docent();
  const own = `slack:${teamId}:${event.channel}:${ts}`;
  const first = await room.memory.knownKey(event.previous_message?.client_msg_id);
  for (const key of new Set([own, first ?? own])) {
    await docent.messageDeleted(key);
    await docent.messageDeleted(toKnowledgeKey(key));
  }
  // Files that came into a thread's question from the message at its top carry the question's key.
  const { key: channel, workspace } = await toChannel(room, event.channel);
  const scopes: readonly Scope[] = [
    { kind: "channel", key: channel },
    { kind: "workspace", key: workspace },
  ];
  for (const scope of scopes) {
    for (const { id, reference } of await docent.documents(scope)) {
      if (!isFileReference(reference) || reference.channel !== event.channel || reference.ts !== ts) continue;
      await docent.removeDocument(id);
    }
  }
}

/** A file is gone from Slack: so are its documents, wherever it was shared. */
export async function takeFileDeleted(room: Room, fileId: string): Promise<void> {
  const docent = room.docent();
  const key = toFileKey(room.identity().teamId, fileId);
  for (const scope of await room.memory.scopesOf(fileId)) {
    for (const { id, attachmentKey } of await docent.documents(scope)) {
      if (attachmentKey === key) await docent.removeDocument(id);
    }
  }
}

/** A channel is gone: everything of it is deleted. */
export async function takeChannelDeleted(room: Room, channelId: string): Promise<void> {
  room.directory.forgetChannel(channelId);
  const { teamId } = room.identity();
  const workspace = `slack:${teamId}`;
  await room.docent().forget({ key: `${workspace}:${channelId}`, workspace, isDirect: false, isShared: false });
  room.options.log.info("A Slack channel was deleted, and everything of it goes with it.");
}
