import type { Document, ReadableDocument, Scope } from "../document.ts";
import type { Channel, Incoming } from "../incoming.ts";
import type { Command, CommandReply } from "./command.ts";
import type { TurnView } from "../turn.ts";
import type { NamedUsageRow, UsageReport } from "./usage-report.ts";

export interface Accepted {
  /** Null for a note: nobody waits for an answer. */
  readonly turn: TurnView | null;
  readonly documents: readonly Document[];
  /** False when this message was accepted before: nothing more happens. */
  readonly isNew: boolean;
}

export interface ForgetReport {
  readonly messages: number;
  readonly documents: number;
  readonly conversations: number;
}

/** What core offers to the bots. */
export interface Docent {
  /**
   * Writes a message to the inbox. Durable on return: acknowledge to the platform only after it.
   * @throws DocentError `question_empty`, `question_too_long`, `storage_full`, `stopping`
   */
  accept(incoming: Incoming): Promise<Accepted>;
  turn(turnId: string): Promise<TurnView | undefined>;
  /** Stops a turn. False when it is unknown or over. */
  cancel(turnId: string): Promise<boolean>;
  documents(scope: Scope): Promise<readonly Document[]>;
  document(documentId: string): Promise<ReadableDocument | undefined>;
  /**
   * Deletes a document everywhere: text and bytes at once, then at the engines. Undefined when it is unknown. Durable on
   * return, like everything below that deletes: it is repeated until it is done. `done` settles with the first attempt.
   */
  removeDocument(documentId: string): Promise<{ readonly done: Promise<unknown> } | undefined>;
  /** A message was deleted on its platform: its documents go with it, and a turn that it began is stopped. */
  messageDeleted(messageKey: string): Promise<void>;
  /** Begins a fresh conversation behind what waits in it, and tells nobody; documents stay. */
  startOver(place: Pick<Incoming, "bot" | "channel" | "conversation">): Promise<void>;
  /**
   * Runs a command of chat. Null when it changes something: what it asks for is stored, so that the platform may be
   * acknowledged, and the answer comes by `Bot.reply` when it is done. Errors come back as text for the person, never as
   * an exception that a bot has to word.
   */
  command(command: Command): Promise<CommandReply | null>;
  /** Stores what somebody thinks of an answer; the last word of a person counts. False when the turn is unknown. */
  feedback(turnId: string, userId: string, verdict: "helpful" | "not-helpful"): Promise<boolean>;
  /** Asks a question that failed once more, as a new turn in the same place. False when it is unknown or did not fail. */
  retry(turnId: string): Promise<boolean>;
  /** What all workspaces used in the last `days` days, today included: for whoever runs Docent, and nobody else. */
  usage(days: number): Promise<UsageReport>;
  /** The same in full, day by day. */
  usageRows(days: number): AsyncIterable<NamedUsageRow>;
  /** Deletes everything of a workspace that Docent was removed from: its channels and the team's knowledge. */
  forgetWorkspace(workspace: string): Promise<void>;
  /** Deletes everything of a channel: open turns, documents, conversations, messages. */
  forget(channel: Channel): Promise<{ readonly done: Promise<ForgetReport> }>;
}
