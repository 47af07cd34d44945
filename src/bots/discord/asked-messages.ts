import type { KeyValue } from "../../core/ports/stores.ts";
import type { Kept } from "./discord-bot-options.ts";

const REMEMBERED = 500;

/** The messages that show the questions of commands: an answer replies to them. */
export interface AskedMessages {
  /** A question was accepted; its message appears when the command is answered. */
  expect(interactionId: string, message: Promise<string | null>): void;
  /** Waits for the message of a question that was just asked; null where there is none. */
  find(interactionId: string): Promise<string | null>;
  /** The question that a message shows. */
  interactionOf(messageId: string): Promise<string | null>;
}

export function createAskedMessages(seen: KeyValue<Kept>): AskedMessages {
  const expected = new Map<string, Promise<string | null>>();

  async function read(key: string): Promise<string | null> {
    const kept = await seen.get(key);
    return typeof kept === "string" ? kept : null;
  }

  return {
    expect(interactionId, message) {
      const stored = message.then(async (id) => {
        if (id === null) return null;
        // Both ways: a restart may lie before the answer, and years before somebody deletes the question.
        await seen.set(`asked:${interactionId}`, id);
        await seen.set(`question:${id}`, interactionId);
        return id;
      });
      expected.set(
        interactionId,
        stored.catch(() => null),
      );
      const [oldest] = expected.keys();
      if (expected.size > REMEMBERED && oldest !== undefined) expected.delete(oldest);
    },
    find: async (interactionId) => (await expected.get(interactionId)) ?? (await read(`asked:${interactionId}`)),
    interactionOf: (messageId) => read(`question:${messageId}`),
  };
}
