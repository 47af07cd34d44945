import type { Document } from "./document.ts";
import type { Channel } from "./incoming.ts";
import type { ForgetReport } from "./ports/docent.ts";

/**
 * What a job does. It names what was there when it was asked for: what people add after that is not theirs to lose,
 * however late the job comes to its end.
 */
export type JobAction =
  | { readonly kind: "remove-document"; readonly document: Document }
  | { readonly kind: "delete-message"; readonly messageKey: string }
  /** Deletes what was let go of; the fresh conversation may be in use by then. */
  | { readonly kind: "start-over"; readonly conversation: string }
  | {
      readonly kind: "forget-channel";
      readonly channel: Channel;
      readonly documents: readonly Document[];
      readonly conversations: readonly string[];
    };

/** Who is told how a job ended: the person who gave a command, in words of their language. */
export interface JobReport {
  readonly bot: string;
  /** Plain JSON that only the bot understands. */
  readonly replyTo: unknown;
  readonly locale: string | null;
}

/**
 * Something that was asked for, is not a question, and changes what Docent holds. It is stored before the platform is
 * acknowledged and repeated until it is done, also by the next process. Plain JSON.
 */
export interface Job {
  /** The same wish has the same id, so that a redelivery is one job. */
  readonly id: string;
  readonly action: JobAction;
  readonly requestedAt: number;
  readonly report: JobReport | null;
  /** Set once it is done and before anybody is told: a repeat only tells. */
  readonly outcome: ForgetReport | null;
}
