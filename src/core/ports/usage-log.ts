import type { Usage } from "../turn.ts";

export interface UsageEntry {
  readonly turnId: string;
  /** The calendar day on which it is counted, `2026-11-26`. */
  readonly day: string;
  readonly workspace: string;
  readonly channel: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly usage: Usage;
}

/** Days from the first to the last, both included; of one workspace or channel, or of all. */
export interface UsageFilter {
  readonly from: string;
  readonly to: string;
  readonly workspace?: string;
  readonly channel?: string;
}

/** A question without a known price adds nothing to `costUsd`. */
export interface UsageSum {
  readonly questions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export type UsageGroup = "day" | "channel" | "user" | "model";

export interface UsageTotal extends UsageSum {
  /** The day, the channel's key, the person's id, or the model. */
  readonly key: string;
  /** Of a channel or a person; else empty. */
  readonly workspace: string;
  /** One of the newest questions in it: who asks for a name finds it there, as long as it is kept. */
  readonly lastTurnId: string;
}

/** What one person used of one model in one channel on one day. */
export interface UsageRow extends UsageSum {
  readonly day: string;
  readonly workspace: string;
  readonly channel: string;
  readonly userId: string;
  readonly model: string;
  readonly lastTurnId: string;
}

/** What answers cost, by question, and summed up by day. It holds no text and no name, and outlives its channel. */
export interface UsageLog {
  /** Records a turn's usage once; a repeat changes nothing. */
  record(entry: UsageEntry): Promise<void>;
  sum(filter: UsageFilter): Promise<UsageSum>;
  /** Days in their order, everything else by cost, the most first. */
  totals(filter: UsageFilter, by: UsageGroup, limit?: number): Promise<readonly UsageTotal[]>;
  /** All that there is of a day, in the order of channel, person and model. */
  rows(day: string): Promise<readonly UsageRow[]>;
}
