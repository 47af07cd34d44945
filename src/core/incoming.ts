import type { ErrorCode, ErrorDetails } from "./errors.ts";

/** A channel of a platform. Core compares keys and never looks into them; only the bot that made one parses it. */
export interface Channel {
  /** Unique over all bots, e.g. `web:general`, `slack:T1:C2`. Documents belong to it. */
  readonly key: string;
  /** The workspace it belongs to, e.g. `web`, `slack:T1`. Team knowledge belongs to it. */
  readonly workspace: string;
  readonly isDirect: boolean;
  /** People of another organisation can read it (Slack Connect, a guest channel). */
  readonly isShared: boolean;
}

/** Who wrote. */
export interface Author {
  readonly id: string;
  readonly name: string | null;
  /** May see this channel and nothing else of the workspace: a guest. */
  readonly isGuest?: boolean;
}

/** A file that came with a message, by reference: URLs expire, so the bot is asked for the bytes when they are needed. */
export interface Attachment {
  /** Unique over all bots and stable over redeliveries, e.g. `slack:T1:F3`. The document's id is derived from it. */
  readonly key: string;
  /** As the person named it; never used as a path. */
  readonly name: string;
  readonly sizeBytes: number | null;
  /** What only the bot understands: what it needs to fetch the bytes. Plain JSON. */
  readonly reference: unknown;
  /** Set when the bytes already lie in `Blobs` under this id (a bot whose platform keeps no files: the web page). */
  readonly blobId?: string;
  /** Set when the bot refuses it without fetching it: its size, an external host, a voice note. */
  readonly problem?: Problem;
}

/** What is wrong with one file: a code of `ErrorCode` and the values its sentence shows. */
export interface Problem {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

/**
 * One thing that happened on a platform and that Docent has to act on, in plain data: it is stored as JSON.
 * `question` asks and gets exactly one answer; `note` only brings files to a channel; `knowledge` brings files to the
 * whole workspace; `start-over` begins a fresh conversation behind what was asked before, and names the memory itself.
 */
export interface Incoming {
  /** The natural key: every delivery of the same message carries the same one, e.g. `web:general:4f…`. */
  readonly key: string;
  readonly bot: string;
  readonly kind: "question" | "note" | "knowledge" | "start-over";
  readonly channel: Channel;
  /** What shares a memory: the channel's key, or with CONVERSATION_PER=thread that of the platform's thread. */
  readonly conversation: string;
  readonly author: Author;
  readonly text: string;
  /** Text the question is about but that is not the question: the message replied to, a shortcut's target. */
  readonly context: string | null;
  readonly attachments: readonly Attachment[];
  /** BCP 47, e.g. `ko-KR`; null when the platform does not tell. */
  readonly locale: string | null;
  /** Where the answer goes. Plain JSON that only the bot understands; null where a `start-over` is not answered. */
  readonly replyTo: unknown;
  /** Milliseconds since the epoch, by the platform's clock where it has one. */
  readonly sentAt: number;
}
