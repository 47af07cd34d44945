import type { Channel, Attachment } from "../incoming.ts";
import type { Citation, Document } from "../document.ts";
import type { Answer, TurnView, Usage } from "../turn.ts";
import type { CommandReply } from "./command.ts";
import type { Docent } from "./docent.ts";
import type { Readiness } from "./readiness.ts";

/** One message that a bot has to post. The same `id` may be sent again after a crash: the bot must not show it twice. */
export interface OutgoingMessage {
  /** Deterministic: derived from the turn and the number of the part. */
  readonly id: string;
  readonly turnId: string;
  readonly kind: "answer" | "error" | "notice";
  /** An error after which the same question may succeed: the last part offers to ask again. */
  readonly canRetry: boolean;
  /** An earlier attempt may have posted it, in this process or in one before: the bot has to look. */
  readonly isRepeat: boolean;
  readonly part: number;
  readonly parts: number;
  /** A piece of what `render` gave, never longer than the bot's `maxMessageCharacters`. */
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly usage: Usage | null;
  readonly channel: Channel;
  readonly replyTo: unknown;
  readonly locale: string;
}

/** An adapter to a chat platform: it translates events to `Docent.accept` and these calls to the platform. */
export interface Bot {
  readonly name: string;
  /** What fits one message; longer answers come in parts, split between blocks, never inside code, tables or links. */
  readonly maxMessageCharacters: number;
  /** Connects and begins to accept. Resolves when it is ready or is trying again by itself. */
  start(docent: Docent): Promise<void>;
  /** Stops accepting; what was accepted stays in the inbox. */
  stop(): Promise<void>;
  check(): Promise<Readiness>;
  /** Connections to the platform that are open now; left out by a bot that holds none. */
  connections?(): number;
  /**
   * Fetches an attachment's bytes with a fresh URL, from the platform's own hosts only.
   * @throws DocentError `file_download_failed`, `file_forbidden` (details: the `permission` that Docent lacks), `file_gone`, `file_too_large`
   */
  download(
    attachment: Pick<Attachment, "key" | "name" | "reference">,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  /**
   * An answer as this platform shows it best, whole: Markdown of its dialect with the list of sources, in which nothing
   * can mention anybody. `documents` are those that the citations name. Pure; core splits the result into parts.
   */
  render(answer: Answer, documents: readonly Document[], locale: string): string;
  /**
   * Posts one message and returns the platform's id of it. Repeatable: a second call with the same `id` posts nothing.
   * The last part of an answer carries buttons for feedback, an error that can be tried again a button for that.
   */
  send(message: OutgoingMessage): Promise<string>;
  /** Shows what a turn is doing. May be dropped; never throws away a turn. */
  showTurn(turn: TurnView): Promise<void>;
  /**
   * Answers a command that was acknowledged before its work was done, maybe by an earlier process. May be dropped when
   * the platform takes no answer any more and the reply is for one person alone.
   */
  reply(replyTo: unknown, reply: CommandReply): Promise<void>;
  /** Deletes what the bot itself keeps of texts until a time, of one channel or of all. Returns how many messages that were. */
  forgetChannel(channel: Channel | null, until: number): Promise<number>;
  /** Deletes what the bot itself keeps that quotes a document. */
  forgetDocument(document: Pick<Document, "id" | "name">): Promise<void>;
  /** Shows that a document was noted, read, refused or removed. May be dropped. */
  showDocument(document: Document, event: "changed" | "removed"): Promise<void>;
}
