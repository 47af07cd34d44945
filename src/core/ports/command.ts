import type { Author, Channel, Incoming } from "../incoming.ts";

/** Commands of chat, the same words on every platform. `ask` is a question and goes through `accept`. */
export const COMMAND_NAMES = ["docs", "knowledge", "new", "forget", "usage", "help"] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];

/** What somebody asked Docent to do, as the platform gave it: `argument` is the rest of the line, e.g. `remove lease.pdf`. */
export interface Command {
  /** The natural key: every delivery of the same command or click carries the same one. */
  readonly key: string;
  readonly name: CommandName;
  readonly argument: string;
  readonly channel: Channel;
  readonly conversation: string;
  readonly author: Author;
  readonly bot: string;
  /** Where the answer goes when it takes longer than the acknowledgement. Plain JSON that only the bot understands. */
  readonly replyTo: unknown;
  /** An admin of the workspace, or somebody with the platform's right to manage this channel. */
  readonly isAdmin: boolean;
  readonly locale: string | null;
  /** The person pressed the button of the question whether they are sure. */
  readonly confirmed: boolean;
  /** The files of `knowledge add`, of kind `knowledge`: core checks the rights and then accepts it. */
  readonly brings?: Incoming;
}

/** A button under a reply; pressing it runs its command as the person who pressed it. */
export interface CommandAction {
  readonly label: string;
  readonly style: "plain" | "danger";
  readonly command: Pick<Command, "name" | "argument" | "confirmed">;
}

export interface CommandReply {
  /** Markdown, in the language of the person. May be longer than one message. */
  readonly text: string;
  /** Shown to the person alone where the platform can. */
  readonly isPrivate: boolean;
  readonly actions: readonly CommandAction[];
}
