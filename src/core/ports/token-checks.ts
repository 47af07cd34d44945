import type { Sentence } from "../texts/text.ts";

/** What the vendor said of a key or a token. Holds nothing of the token itself. */
export interface TokenVerdict {
  /** `warning`: it works, with less than it could. */
  readonly state: "good" | "warning" | "problem";
  readonly sentence: Sentence;
  /** What to open next, such as Discord's invite. */
  readonly link?: { readonly text: Sentence; readonly url: string };
}

/** Asks vendors about keys and tokens that are not in use yet. Never throws for what a vendor or the network says. */
export interface TokenChecks {
  /** `model` is null where the key itself is the problem. */
  openai(key: {
    readonly apiKey: string;
    readonly model: string;
  }): Promise<{ readonly key: TokenVerdict; readonly model: TokenVerdict | null }>;
  slackBot(token: string): Promise<TokenVerdict>;
  /** `botToken`: the one beside which it is to work; null where there is none that could be asked about. */
  slackApp(token: string, botToken: string | null): Promise<TokenVerdict>;
  discord(token: string): Promise<TokenVerdict>;
}
