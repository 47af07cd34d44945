import { decodeText } from "./decode-text.ts";
import type { Room } from "../room.ts";

/** A message's text as plain Markdown, with the names that can be had in time. */
export async function decode(room: Room, raw: string): Promise<string> {
  return await decodeText(raw, room.identity().botUserId, {
    person: async (id) => (await room.directory.person(id))?.name,
    channel: async (id) => (await room.directory.channel(id))?.name ?? undefined,
  });
}
