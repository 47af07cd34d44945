import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Clock } from "../../../core/ports/system.ts";
import type { Kept } from "../discord-bot-options.ts";
import { timeOf } from "../snowflake.ts";

const REMEMBERED = 500;
/** Another replica may be about to show a question that is younger: a command is answered within three seconds. */
const SHOWN_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 250;

/** The messages that show the questions of commands: an answer replies to them. */
export interface AskedMessages {
  /**
   * A question was accepted; its message appears when the command is answered. Null when it could not be shown;
   * `elsewhere` when another replica answers the command.
   */
  expect(interactionId: string, message: Promise<string | null | typeof ELSEWHERE>): void;
  /** Waits for the message of a question that was just asked; null where there is none. */
  find(interactionId: string): Promise<string | null>;
  /** The question that a message shows. */
  interactionOf(messageId: string): Promise<string | null>;
}

export const ELSEWHERE = Symbol("elsewhere");

export function createAskedMessages(seen: KeyValue<Kept>, clock: Clock): AskedMessages {
  const expected = new Map<string, Promise<string | null>>();

  async function read(key: string): Promise<string | null> {
    const kept = await seen.get(key);
    return typeof kept === "string" ? kept : null;
  }

  async function readSoon(interactionId: string): Promise<string | null> {
    const until = timeOf(interactionId) + SHOWN_WITHIN_MS;
    for (;;) {
      const id = await read(`asked:${interactionId}`);
      if (id !== null || clock.now() >= until) return id === "" ? null : id;
      await clock.sleep(LOOK_EVERY_MS);
    }
  }

  return {
    expect(interactionId, message) {
      const stored = message.then(async (id) => {
        if (id === ELSEWHERE) return null;
        // Both ways: a restart may lie before the answer, and years before somebody deletes the question.
        await seen.set(`asked:${interactionId}`, id ?? "");
        if (id !== null) await seen.set(`question:${id}`, interactionId);
        return id;
      });
      expected.set(
        interactionId,
        stored.catch(() => null),
      );
      const [oldest] = expected.keys();
      if (expected.size > REMEMBERED && oldest !== undefined) expected.delete(oldest);
    },
    find: async (interactionId) => (await expected.get(interactionId)) ?? (await readSoon(interactionId)),
    interactionOf: (messageId) => read(`question:${messageId}`),
  };
}
