/** A chat platform with channels that people ask in, and the moment at which an answer stood there. */
export interface Platform {
  readonly name: "Slack" | "Discord";
  /** What a bot needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Mentions the bot; each conversation has a channel of its own. */
  ask(conversation: number, text: string, files?: readonly { name: string; bytes: Uint8Array }[]): void;
  /** Called as soon as the whole answer to a question stands in a channel, by the number of the question. */
  onAnswer(listener: (question: number) => void): void;
  isConnected(): boolean;
  /** Forgets what is old, so that a long run does not slow the server down. */
  trim(): void;
  close(): Promise<void>;
}

/** Messages that stay: more than any bot looks back for. */
export const MESSAGES_KEPT = 1_000;
