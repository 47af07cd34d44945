import type { Bot } from "../../src/core/ports/bot.ts";
import type { MessageLog } from "../../src/core/ports/stores.ts";

export interface LoggingBot extends Bot {
  /** Resolves when this turn's answer is posted and its end is saved. */
  ended(turnId: string): Promise<void>;
}

/** A platform that does with an answer what the page does: writes it down. */
export function createLoggingBot(messages: MessageLog): LoggingBot {
  const waiting = new Map<string, () => void>();
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    name: "web",
    maxMessageCharacters: 100_000,
    ended: (turnId) => new Promise((resolve) => waiting.set(turnId, resolve)),
    start: nothing,
    stop: nothing,
    check: () => Promise.resolve({ ready: true }),
    download: () => Promise.reject(new Error("There is nothing to download.")),
    render: ({ text }) => text,
    async send({ id, turnId, text, citations, usage, channel }) {
      const about = { author: "docent", kind: "answer", files: [], createdAt: Date.now() } as const;
      await messages.append({ id, turnId, channel: channel.key, text, citations, usage, ...about });
      return id;
    },
    showTurn({ id, state }) {
      if (state !== "answered" && state !== "failed") return Promise.resolve();
      waiting.get(id)?.();
      waiting.delete(id);
      return Promise.resolve();
    },
    reply: nothing,
    forgetChannel: () => Promise.resolve(0),
    forgetDocument: nothing,
    showDocument: nothing,
  };
}
