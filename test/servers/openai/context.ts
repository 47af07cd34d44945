import type { IncomingMessage } from "node:http";
import type { Brain } from "./brain.ts";
import type { Extraction } from "./distort.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Reply } from "./http.ts";
import type { Json, State } from "./state.ts";

/** How the server behaves, also where the vendor's behaviour is not confirmed. Times are in milliseconds. */
export interface Behaviour {
  readonly apiKeys: readonly string[];
  readonly models: readonly string[];
  /** Days on which models are switched off, by name. */
  readonly shutdowns: Readonly<Record<string, string>>;
  /** Beginnings of paths that this server does not have, as those that speak only a part of the API. */
  readonly absent: readonly string[];
  /** How long a run takes after it was accepted; it spends the first quarter queued. */
  readonly runTimeMs: number;
  readonly eventGapMs: number;
  readonly indexTimeMs: number;
  readonly failedRunLeavesItems: boolean;
  /** `terminal`: a run locks its conversation until it ends. `short`: only while the request is taken in. */
  readonly lockUntil: "terminal" | "short";
  readonly deletedFileInHistory: "fails" | "ignored";
  readonly missingFileStatus: 400 | 404;
  readonly inlineAnnotations: boolean;
  /** `refused`: a request for a stream is an error. `ignored`: it is answered with plain JSON. */
  readonly supportsStream: boolean | "ignored";
  readonly supportsBackground: boolean;
  /** False: `file_search` is refused. `unnamed`: without saying what is refused. */
  readonly supportsFileSearch: boolean | "unnamed";
  readonly pollAfterMs: number | null;
  /** How vector stores misread what they are given; null for not at all. */
  readonly extraction: Extraction | null;
  readonly answer: Brain;
}

export interface ServerContext {
  readonly state: State;
  readonly behaviour: Behaviour;
  readonly faults: Faults;
  /** Runs that tests hold back: nothing ends while it is true. */
  readonly held: () => boolean;
  readonly whenReleased: (callback: () => void) => void;
  /** To be called when a run has ended. */
  readonly onEnded: () => void;
  /** Calls back later, unless the server is closed by then. */
  readonly later: (ms: number, callback: () => void) => void;
}

export interface Call {
  readonly request: IncomingMessage;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly fault: Fault | undefined;
}

export type Handler = (context: ServerContext, call: Call) => Reply | Promise<Reply>;

export function param(call: Call, index: number): string {
  return call.params[index] ?? "";
}
