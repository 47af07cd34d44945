import type { Clock, Lock, Log } from "../../core/ports/system.ts";
import type { DocentError } from "../../core/errors.ts";
import type { Question } from "../../core/ports/engine.ts";
import type { Usage } from "../../core/turn.ts";
import type { Circuit } from "./circuit.ts";
import type { OpenAIClient } from "./openai-client.ts";
import type { ReasoningEffort } from "./reasoning-effort.ts";
import type { OpenAIStores } from "./records.ts";

/** What the parts of the engine share. */
export interface EngineContext {
  readonly client: OpenAIClient;
  /** Open while the account is refused as a whole: no credit, or a bad key. Only questions ask for leave here. */
  readonly account: Circuit<DocentError>;
  readonly stores: OpenAIStores;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps the changes of one record in order, over all processes that share the stores. */
  readonly lock: Lock;
  readonly inlineMaxTokens: number;
  /** Sent with every question; undefined leaves it to the model. */
  readonly reasoningEffort: ReasoningEffort | undefined;
  /** Told what was spent behind a question's answer. */
  readonly onUsage: (question: Question, usage: Usage) => void;
  /** What a question is given, where the configuration says so; only shown. */
  readonly deadlineSeconds: number | undefined;
}
