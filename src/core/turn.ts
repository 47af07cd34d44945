import type { Citation } from "./document.ts";
import type { ErrorCode, ErrorDetails } from "./errors.ts";
import type { Incoming } from "./incoming.ts";

export type TurnState = "queued" | "reading" | "running" | "answered" | "failed" | "cancelled";

export const FINAL_STATES: readonly TurnState[] = ["answered", "failed", "cancelled"];

export function isFinal(state: TurnState): boolean {
  return FINAL_STATES.includes(state);
}

/** What one run cost. `costUsd` is null when the model has no known price. */
export interface Usage {
  readonly model: string;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly searches: number;
  readonly costUsd: number | null;
}

/** The model's work on one turn, by the ids of the engine that does it. Saved before anything waits on it. */
export interface Run {
  readonly engine: string;
  readonly id: string;
  /** What the engine needs to go on with it after a restart. Plain JSON. */
  readonly resume: Readonly<Record<string, string>>;
}

/** An answer as it will be posted: Markdown in which `[1]` refers to the first citation. */
export interface Answer {
  readonly kind: "answer" | "error" | "notice";
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly usage: Usage | null;
}

/**
 * One question and its answer, or one note; everything that a worker needs to go on after a crash.
 * Fields below `state` are the steps that are done: what is set is not done again.
 */
export interface Turn {
  /** Derived from `incoming.key`, so that a redelivery finds the same turn. */
  readonly id: string;
  readonly incoming: Incoming;
  readonly createdAt: number;
  readonly state: TurnState;
  /** What people are shown of it, e.g. "Reading 3 documents (412 pages)". */
  readonly detail: string | null;
  /** Set when somebody pressed stop; a worker that sees it cancels the run. */
  readonly cancelRequested: boolean;
  /** When a run was asked for: from then on the engine must look whether one exists before it starts another. */
  readonly runRequestedAt: number | null;
  /**
   * It was taken up in the write that stored it: from then on a run may exist though no request is on record. Not so once
   * it is on record that files are read first: the request has a write of its own then.
   */
  readonly mayHaveRun?: true | undefined;
  readonly run: Run | null;
  /** What is to be posted; null again once it is: what it quotes is not kept here. */
  readonly answer: Answer | null;
  readonly error: { readonly code: ErrorCode; readonly details: ErrorDetails } | null;
  /** Parts of the answer that the platform has: part id to the platform's message id. */
  readonly sent: Readonly<Record<string, string>>;
}

/** What a bot shows of a turn. `position` is the number of turns ahead of it while it is queued, else null. */
export interface TurnView {
  readonly id: string;
  readonly state: TurnState;
  readonly detail: string | null;
  readonly position: number | null;
  readonly channel: string;
  readonly replyTo: unknown;
}
