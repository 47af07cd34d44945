import type { Channel } from "../../core/incoming.ts";
import type { Scope } from "../../core/document.ts";

export const WORKSPACE = "web";

/** Where team knowledge is posted. `@` cannot be part of a channel's name, so no channel is ever this one. */
export const KNOWLEDGE_CHANNEL = toChannel("@knowledge");

export const KNOWLEDGE_SCOPE: Scope = { kind: "workspace", key: WORKSPACE };

const NAME = /^[\p{L}\p{M}\p{N}._-]{1,80}$/u;

/** A channel's name as people see it, or null: 1 to 80 letters of any script, digits, `-`, `_`, `.`. */
export function parseChannelName(written: string): string | null {
  const name = written.normalize("NFC");
  return NAME.test(name) && !/^\.+$/.test(name) ? name : null;
}

export function toChannel(name: string): Channel {
  return { key: `${WORKSPACE}:${name}`, workspace: WORKSPACE, isDirect: false, isShared: false };
}

/** The name in a channel key of the web page, or null when another bot made the key. */
export function toChannelName(key: string): string | null {
  return key.startsWith(`${WORKSPACE}:`) ? key.slice(WORKSPACE.length + 1) : null;
}
