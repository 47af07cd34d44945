import type { Citation, Document, DocumentState, Page, Scope } from "../document.ts";
import type { Channel } from "../incoming.ts";
import type { Job } from "../job.ts";
import type { Turn, Usage } from "../turn.ts";

/** What keyv offers and Docent needs. A `Keyv` instance fits as it is. */
export interface KeyValue<T> {
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T): Promise<unknown>;
  delete(key: string): Promise<boolean>;
}

/** Who takes something, and for how long nobody else gets it unless it is renewed. */
export interface Lease {
  /** Names a process among those that share the store. */
  readonly owner: string;
  readonly leaseMs: number;
}

/** How a turn is claimed as it is added: by whom, and as what it is then stored. */
export interface Take extends Lease {
  readonly as: Turn;
}

/** Turns, first in first out within a conversation, one at a time in each. */
export interface Inbox {
  /**
   * Stores a turn under its id, or finds the one that is there: `isNew` is false for a redelivery. One that was
   * forgotten comes back as `cancelled`. Durable on return. With `take` it is claimed in the same write if nothing else
   * is open in its conversation: `isTaken`. One in a final state is given to nobody.
   */
  add(turn: Turn, take?: Take): Promise<{ readonly turn: Turn; readonly isNew: boolean; readonly isTaken: boolean }>;
  /**
   * Takes the first open turn of a conversation that nobody works on, and holds it for `leaseMs`.
   * Conversations that waited longest come first.
   */
  claim(lease: Lease): Promise<Turn | undefined>;
  /**
   * Holds claimed turns for longer. Returns those that `owner` still holds, and of each whether somebody pressed stop:
   * what is missing has been taken over.
   */
  renew(
    turnIds: readonly string[],
    lease: Lease,
  ): Promise<readonly { readonly id: string; readonly cancelRequested: boolean }[]>;
  /** Gives a claimed turn back, unfinished. */
  release(turnId: string, owner: string): Promise<void>;
  /** Gives a claimed turn back for later: nobody gets it, or one behind it, for so long. */
  postpone(turnId: string, options: { owner: string; forMs: number }): Promise<void>;
  /** Saves a step of a claimed turn; one in a final state leaves the queue. False when `owner` no longer holds it. */
  save(turn: Turn, owner: string): Promise<boolean>;
  get(turnId: string): Promise<Turn | undefined>;
  /** How many open questions stand before it: in its own conversation and in the queue as a whole. */
  position(turnId: string): Promise<number>;
  /** Marks an open turn so that whoever works on it stops. False when it is unknown or final. */
  requestCancel(turnId: string): Promise<boolean>;
  /** In the order of their arrival. */
  openTurns(filter?: { channel?: string; limit?: number }): Promise<readonly Turn[]>;
  /** The channels of a workspace in which something was accepted. */
  channels(workspace: string): Promise<readonly Channel[]>;
  /** The conversations that a channel has had. */
  conversations(channel: string): Promise<readonly string[]>;
  /**
   * Removes the finished turns of a channel, or with null of all, that were accepted until a time (milliseconds since
   * the epoch) with their texts, and returns how many. Their ids stay known: a redelivery does not bring one back.
   */
  forgetChannel(channel: string | null, until: number): Promise<number>;
  /**
   * Of each conversation whose memory began until a time, the turn that it began with: the first one behind its last
   * `start-over`.
   */
  memoriesBegun(until: number): Promise<readonly Turn[]>;
  /** Removes one finished turn with its texts; its id stays known. */
  forgetTurn(turnId: string): Promise<void>;
  /** Open turns by state. */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** Questions that nobody works on yet, and when the first of them was accepted. */
  waiting(): Promise<{ readonly questions: number; readonly since: number | null }>;
  /**
   * Calls back when a turn may have become claimable; the callback tells whether there is room to take one. Returns a
   * function that ends it.
   */
  onWork(callback: () => boolean): () => void;
  /** There is no room here for more: other processes are told that something may wait. */
  passOn(): void;
  /** Calls back when somebody pressed stop, here or in another process; may be missed: `renew` tells it again. */
  onCancel(callback: (turnId: string) => void): () => void;
}

/** What was asked for and is not done yet; see `Job`. */
export interface Jobs {
  /** Stores a job, held by who adds it; one with the same id stays as it is. Durable on return. */
  add(job: Job, lease: Lease): Promise<{ readonly isNew: boolean }>;
  has(id: string): Promise<boolean>;
  /** Takes the oldest that nobody holds. */
  claim(lease: Lease): Promise<Job | undefined>;
  renew(ids: readonly string[], lease: Lease): Promise<void>;
  /** Lets go of jobs, unfinished. */
  release(ids: readonly string[], owner: string): Promise<void>;
  update(job: Job): Promise<void>;
  /** Oldest first. */
  list(): Promise<readonly Job[]>;
  remove(id: string): Promise<void>;
}

export interface Documents {
  /**
   * Adds a document, or returns the one with the same id: a redelivery changes nothing.
   * `document` is undefined when it was removed before: a redelivery does not bring it back.
   */
  add(document: Document): Promise<{ readonly document: Document | undefined; readonly isNew: boolean }>;
  update(id: string, change: Partial<Document>): Promise<Document | undefined>;
  get(id: string): Promise<Document | undefined>;
  /** Oldest first. */
  list(filter: { scope?: Scope; messageKey?: string; states?: readonly DocumentState[] }): Promise<readonly Document[]>;
  /** Puts pages in place of those it had. One that is not there any more gets none. */
  savePages(id: string, pages: readonly Page[]): Promise<void>;
  pages(id: string): Promise<readonly Page[]>;
  /**
   * Takes it out with its text: nothing finds it any more but `retired`, and a redelivery does not bring it back. What
   * engines hold of it is still to be deleted.
   */
  retire(id: string): Promise<void>;
  retired(): Promise<readonly Document[]>;
  /** The end of one that was retired: only its id stays known, as removed. */
  remove(id: string): Promise<void>;
}

/** What people think of answers: one verdict for each person and turn, the last one counts. */
export interface FeedbackLog {
  record(entry: { turnId: string; userId: string; verdict: "helpful" | "not-helpful"; at: number }): Promise<void>;
  counts(): Promise<Readonly<Record<string, number>>>;
}

/** Both ends included, as HTTP counts. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Files as they were posted. */
export interface Blobs {
  /** Stores bytes under an id (letters, digits, `-`, `_`). Durable on return. @throws DocentError `file_too_large`, `storage_full` */
  write(
    id: string,
    bytes: AsyncIterable<Uint8Array>,
    limits: { maxBytes: number },
  ): Promise<{ readonly sizeBytes: number; readonly sha256: string }>;
  has(id: string): Promise<boolean>;
  /** What `write` returned. @throws DocentError `file_gone` */
  measure(id: string): Promise<{ readonly sizeBytes: number; readonly sha256: string }>;
  /** The bytes from `start` to `end`, both included, of a file that is longer than `end`. @throws DocentError `file_gone` */
  read(id: string, range: ByteRange): AsyncIterable<Uint8Array>;
  /** Runs `use` with a local path of the bytes. @throws DocentError `file_gone` */
  withFile<T>(id: string, use: (path: string) => Promise<T>): Promise<T>;
  /** Runs `use` with an empty folder of this machine, which is removed with everything in it when `use` has ended. */
  withFolder<T>(use: (path: string) => Promise<T>): Promise<T>;
  remove(id: string): Promise<void>;
  /** Ids of what was last written before a time (milliseconds since the epoch). */
  list(writtenBefore: number): Promise<readonly string[]>;
}

/** A message as the web page shows it. */
export interface LoggedMessage {
  readonly id: string;
  readonly channel: string;
  readonly author: "you" | "docent";
  readonly kind: "question" | "note" | "answer" | "error" | "notice";
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly turnId: string | null;
  /** Names of the files that came with it, with their documents. */
  readonly files: readonly { readonly documentId: string; readonly name: string }[];
  readonly usage: Usage | null;
  readonly createdAt: number;
}

/** What was said, for a bot whose platform keeps no messages: the web page. */
export interface MessageLog {
  /** Appends, or does nothing when the id is known. */
  append(message: LoggedMessage): Promise<{ readonly isNew: boolean }>;
  list(channel: string, options?: { limit?: number }): Promise<readonly LoggedMessage[]>;
  channels(): Promise<readonly { readonly channel: string; readonly lastAt: number; readonly messages: number }[]>;
  /** Takes out the answers that cite a document: their text becomes `text`, without citations. */
  redact(documentId: string, text: string): Promise<void>;
  /** Removes what was said in a channel, or with null in all, until a time; returns how many messages that were. */
  forgetChannel(channel: string | null, until: number): Promise<number>;
}
