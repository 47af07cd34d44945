import { DocentError } from "../../src/core/errors.ts";
import type { Bot, OutgoingMessage } from "../../src/core/ports/bot.ts";
import type { CommandReply } from "../../src/core/ports/command.ts";
import type { TurnView } from "../../src/core/turn.ts";

export interface RecordingBot extends Bot {
  maxMessageCharacters: number;
  /** What people see: each message once, whatever was sent again. */
  readonly posted: readonly OutgoingMessage[];
  readonly shown: readonly TurnView[];
  /** Bytes of attachments by key; others cannot be fetched. */
  readonly files: Map<string, Uint8Array>;
  /** Called before a message is posted; may throw. */
  onSend: (message: OutgoingMessage) => void;
  /** Answers to commands that were acknowledged before their work was done. */
  readonly replies: readonly { readonly replyTo: unknown; readonly reply: CommandReply }[];
  /** Resolves with the next of these. */
  nextReply(): Promise<CommandReply>;
  /** Resolves with the next message that is posted. */
  nextPost(): Promise<OutgoingMessage>;
  /** Resolves when so many messages are there. */
  posts(count: number): Promise<void>;
  /** Resolves when a turn is shown in this state. */
  nextState(state: TurnView["state"]): Promise<TurnView>;
}

/** A platform without a network: it keeps what is posted and hands out files that the test put there. */
export function createRecordingBot(name = "test"): RecordingBot {
  const posted: OutgoingMessage[] = [];
  const shown: TurnView[] = [];
  const files = new Map<string, Uint8Array>();
  const replies: { replyTo: unknown; reply: CommandReply }[] = [];
  const waitingForReply: ((reply: CommandReply) => void)[] = [];
  const waitingForPost: ((message: OutgoingMessage) => void)[] = [];
  const waitingForState: { state: TurnView["state"]; resolve: (view: TurnView) => void }[] = [];
  const bot: RecordingBot = {
    name,
    maxMessageCharacters: 1_000_000,
    posted,
    shown,
    files,
    replies,
    nextReply: () => new Promise((resolve) => waitingForReply.push(resolve)),
    reply(replyTo, reply) {
      replies.push({ replyTo, reply });
      for (const resolve of waitingForReply.splice(0)) resolve(reply);
      return Promise.resolve();
    },
    forgetChannel: () => Promise.resolve(0),
    forgetDocument: () => Promise.resolve(),
    onSend: () => undefined,
    render: ({ text }) => text,
    nextPost: () => new Promise((resolve) => waitingForPost.push(resolve)),
    async posts(count) {
      while (posted.length < count) await bot.nextPost();
    },
    nextState: (state) => new Promise((resolve) => waitingForState.push({ state, resolve })),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    check: () => Promise.resolve({ ready: true }),
    download({ key, name: file }) {
      const bytes = files.get(key);
      if (bytes === undefined) {
        return Promise.reject(new DocentError("file_download_failed", "No such file.", { details: { name: file } }));
      }
      return Promise.resolve(
        (async function* () {
          yield await Promise.resolve(bytes);
        })(),
      );
    },
    async send(message) {
      await Promise.resolve();
      bot.onSend(message);
      if (!posted.some(({ id }) => id === message.id)) posted.push(message);
      for (const resolve of waitingForPost.splice(0)) resolve(message);
      return `platform-${message.id}`;
    },
    showTurn(view) {
      shown.push(view);
      for (const waiting of waitingForState.filter(({ state }) => state === view.state)) {
        waitingForState.splice(waitingForState.indexOf(waiting), 1);
        waiting.resolve(view);
      }
      return Promise.resolve();
    },
    showDocument: () => Promise.resolve(),
  };
  return bot;
}
