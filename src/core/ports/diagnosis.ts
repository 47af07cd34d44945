import type { TextKey } from "../texts/language.ts";
import type { TextValues } from "../texts/fill-text.ts";
import type { Sentence } from "../texts/text.ts";

/** One thing that was looked at. Holds nothing of a secret. */
export interface Finding {
  /** What it is about: the part, then the thing, such as `slack.scope`. */
  readonly subject: string;
  /**
   * `problem`: Docent, or a part that is set up, does not work. `warning`: it works with less than it could, or not for
   * long. `skipped`: it could not be looked at.
   */
  readonly status: "ok" | "warning" | "problem" | "skipped";
  readonly seen: Sentence;
  /** What to click or to change; null where there is nothing to do. */
  readonly remedy: Sentence | null;
}

/** What a part finds out about itself, as it finds it. Never throws for what a vendor or the network says. */
export type Diagnosis = AsyncGenerator<Finding, void, undefined>;

/** A Docent that runs on this machine with the same settings. */
export interface RunningDocent {
  readonly url: string;
  /** How many deliveries of Slack it has taken so far; null when it does not say. */
  slackDeliveries(): Promise<number | null>;
}

/** One of our sentences, with what it names. */
export type Said = TextKey | readonly [key: TextKey, values: TextValues];

/** A finding from our sentences. */
export function found(status: Finding["status"], subject: string, seen: Said, remedy: Said | null = null): Finding {
  return { subject, status, seen: toSentence(seen), remedy: remedy === null ? null : toSentence(remedy) };
}

function toSentence(said: Said): Sentence {
  return typeof said === "string" ? { key: said, values: {} } : { key: said[0], values: said[1] };
}
