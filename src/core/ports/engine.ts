import type { Document, ReadableDocument } from "../document.ts";
import type { Problem } from "../incoming.ts";
import type { Run, Usage } from "../turn.ts";
import type { Readiness } from "./readiness.ts";

/** What an engine is asked. Everything it may look at is in here: it uses no document that is not listed. */
export interface Question {
  readonly turnId: string;
  /** What shares a memory. */
  readonly conversation: string;
  /** The channel, for the engine's own grouping of documents. */
  readonly channel: string;
  readonly workspace: string;
  readonly text: string;
  readonly context: string | null;
  readonly author: { readonly id: string; readonly name: string | null };
  /** BCP 47 of the texts that the engine writes itself. */
  readonly locale: string;
  /** Came with this very message: the engine should prefer these. */
  readonly attached: readonly ReadableDocument[];
  /** Everything else that may be used: the channel's documents, then team knowledge. All are `ready`. */
  readonly available: readonly ReadableDocument[];
  /** By the clock's `steady`, in milliseconds. */
  readonly deadlineAt: number;
}

/** A source that an engine names. Core turns it into a `Citation`: where `page` is missing it looks for `passage`. */
export interface Source {
  readonly documentId: string;
  /** Where in `RunResult.text` (UTF-16 offset) the mark belongs; null puts it into the list only. */
  readonly at: number | null;
  /** The exact page, when the engine knows it. */
  readonly page: number | null;
  /** The text that the engine found; it may differ from ours in spaces, hyphens and ligatures. */
  readonly passage: string | null;
  /** Texts of the same document that could as well be what was meant: the page must be the same for all of them. */
  readonly otherPassages?: readonly string[];
}

export interface RunResult {
  /** Markdown, without marks of sources. */
  readonly text: string;
  readonly sources: readonly Source[];
  /** Documents whose whole text the model had before it: sources that it used without naming them are looked for there. */
  readonly consulted: readonly string[];
  readonly usage: Usage | null;
  /** The answer stopped early: `length` or `filter`. Null when it is whole. */
  readonly cutShort: "length" | "filter" | null;
  /**
   * Settles when what the run left behind is written down; absent when that is done. Awaited together with the answer's
   * own saving, so that both share a commit: before the next question of the conversation. A rejection is handled.
   */
  readonly noted?: Promise<void>;
}

export type RunProgress =
  | { readonly step: "queued" }
  | { readonly step: "thinking" }
  | { readonly step: "searching" }
  | { readonly step: "writing" };

/** What answers. Errors are DocentErrors; ids and handles are kept by the engine itself, keyed by ours. */
export interface Engine {
  readonly name: string;
  check(): Promise<Readiness>;
  /** What keeps this engine from ever using a document that it would answer from, as far as its type tells. */
  problemWith?(document: Document): Problem | null;
  /**
   * Makes a document usable. Safe to repeat: a document that it has is left as it is.
   * @throws DocentError with a `file_…` code when this document cannot be used; other codes mean: not now.
   */
  addDocument(document: ReadableDocument, signal: AbortSignal): Promise<void>;
  /** Deletes everything that the engine holds of a document. Safe to repeat. */
  removeDocument(document: Document): Promise<void>;
  /** Deletes a turn's question and answer from what the engine remembers of a conversation. Safe to repeat. */
  forgetTurn(conversation: string, turnId: string): Promise<void>;
  /**
   * What a question will cost in USD, about: enough for most, and soon known. Null when the model's price is not known;
   * left out by an engine that costs nothing.
   */
  estimate?(question: Question): Promise<number | null>;
  /**
   * Starts the model's work and returns as soon as it has an id. With `mayExist` a run of this turn could have been
   * started before a crash: the engine looks for it first and never asks the model twice.
   */
  startRun(question: Question, options: { mayExist: boolean; signal: AbortSignal }): Promise<Run>;
  /**
   * Waits until the run has ended; also for a run that another process started.
   * When `signal` aborts, it stops waiting and leaves the run alone.
   * @throws DocentError `run_deadline` (after cancelling the run), `run_failed`, `cancelled`, …
   */
  waitForRun(
    run: Run,
    question: Question,
    options: { signal: AbortSignal; onProgress: (progress: RunProgress) => void },
  ): Promise<RunResult>;
  /** Asks for the run to be stopped. Safe to repeat, also after its end. */
  cancelRun(run: Run): Promise<void>;
  /**
   * Lets go of a conversation: the next question begins a fresh one. Local and quick; what the old one holds is deleted
   * by `forgetConversation`. Safe to repeat.
   */
  leaveConversation(conversation: string): Promise<void>;
  /**
   * Deletes what the engine remembers of a conversation, items first; implies `leaveConversation`, but with
   * `keepsPresent` only what was let go of before is deleted. Safe to repeat.
   */
  forgetConversation(conversation: string, options?: { readonly keepsPresent: boolean }): Promise<void>;
  stop(): Promise<void>;
}
