import type { Question } from "../../core/ports/engine.ts";
import type { Clock, Lock, Log } from "../../core/ports/system.ts";
import type { Usage } from "../../core/turn.ts";
import type { Fetch } from "./openai-client.ts";
import type { ReasoningEffort } from "./reasoning-effort.ts";
import type { OpenAIStores } from "./records.ts";

export interface OpenAIEngineOptions {
  readonly apiKey: string;
  /** Another address of the API, ending in `/v1`. */
  readonly baseUrl?: string;
  readonly model: string;
  /** Estimated tokens up to which documents stand in the prompt, each and all new ones of a question together. */
  readonly inlineMaxTokens: number;
  /** Sent with every question; without it the model's own default holds. */
  readonly reasoningEffort?: ReasoningEffort;
  /** Told what was spent behind a question's answer: on notes of older turns. */
  readonly onUsage?: (question: Question, usage: Usage) => void;
  /** Shown to people when a run is stopped at its deadline. */
  readonly deadlineSeconds?: number;
  readonly stores: OpenAIStores;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch?: Fetch;
  /** Milliseconds without an answer after which a request is given up; uploads get more. */
  readonly requestTimeoutMs?: number;
  /** The same for the one request that finds out whether OpenAI is back. */
  readonly probeTimeoutMs?: number;
}
