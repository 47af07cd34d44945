import type { Contestant } from "./contestant.ts";

type Name = Contestant["name"];
type PlatformName = "Slack" | "Discord";

/** Milliseconds that a contestant added to the model's time. */
export interface AddedTime {
  readonly contestant: Name;
  readonly platform: PlatformName;
  readonly conversations: number;
  readonly questions: number;
  readonly lost: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Saturation {
  readonly contestant: Name;
  readonly platform: PlatformName;
  readonly questions: number;
  readonly lost: number;
  readonly questionsPerSecond: number;
  readonly processorMsPerQuestion: number;
}

export interface Memory {
  readonly contestant: Name;
  readonly idleMb: number;
  /** After so many questions, and a pause. */
  readonly questions: number;
  readonly afterQuestionsMb: number;
  /** What 1,000 conversations with a question each keep, after a collection: in kilobytes for each conversation. */
  readonly kbPerConversation: number;
}

export interface Start {
  readonly contestant: Name;
  readonly readyMs: number;
}

/** Docent only: from the message with a PDF to the answer from it. */
export interface Upload {
  readonly pages: number;
  readonly megabytes: number;
  readonly ms: number;
}

export interface Results {
  readonly measuredAt: string;
  readonly node: string;
  readonly processors: number;
  /** What else the machine did: runnable processes in the last minute, before the run and after it. */
  readonly loadAverage: readonly [number, number];
  readonly isQuick: boolean;
  readonly addedTime: readonly AddedTime[];
  readonly saturation: readonly Saturation[];
  readonly memory: readonly Memory[];
  readonly start: readonly Start[];
  readonly uploads: readonly Upload[];
}
