import type { Channel, Attachment } from "../incoming.ts";
import type { Citation, Document } from "../document.ts";
import type { TurnView, Usage } from "../turn.ts";
import type { Docent } from "./docent.ts";
import type { Readiness } from "./readiness.ts";

/** One message that a bot has to post. The same `id` may be sent again after a crash: the bot must not show it twice. */
export interface OutgoingMessage {
  /** Deterministic: derived from the turn and the number of the part. */
  readonly id: string;
  readonly turnId: string;
  readonly kind: "answer" | "error" | "notice";
  readonly part: number;
  readonly parts: number;
  /** Markdown; `[1]` refers to the first citation. Never contains more than the bot's `maxMessageCharacters`. */
  readonly text: string;
  /** The sources that this part refers to, by number; the whole list comes with the last part. */
  readonly citations: readonly Citation[];
  readonly usage: Usage | null;
  readonly channel: Channel;
  readonly replyTo: unknown;
  readonly locale: string;
}

/** An adapter to a chat platform: it translates events to `Docent.accept` and these calls to the platform. */
export interface Bot {
  readonly name: string;
  /** What fits one message; longer answers come in parts. */
  readonly maxMessageCharacters: number;
  /** Connects and begins to accept. Resolves when it is ready or is trying again by itself. */
  start(docent: Docent): Promise<void>;
  /** Stops accepting; what was accepted stays in the inbox. */
  stop(): Promise<void>;
  check(): Promise<Readiness>;
  /**
   * Fetches an attachment's bytes with a fresh URL, from the platform's own hosts only.
   * @throws DocentError `file_download_failed`, `file_gone`, `file_too_large`
   */
  download(
    attachment: Pick<Attachment, "key" | "name" | "reference">,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Posts one message and returns the platform's id of it. Repeatable: a second call with the same `id` posts nothing. */
  send(message: OutgoingMessage): Promise<string>;
  /** Shows what a turn is doing. May be dropped; never throws away a turn. */
  showTurn(turn: TurnView): Promise<void>;
  /** Shows that a document was noted, read, refused or removed. May be dropped. */
  showDocument(document: Document, event: "changed" | "removed"): Promise<void>;
}
