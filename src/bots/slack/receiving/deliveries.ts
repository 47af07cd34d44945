import type { MessageEvent } from "../payloads.ts";

/** The newest messages that were delivered, so that each is taken once by this process. */
export interface Deliveries {
  /**
   * Takes a message, or waits for the delivery of the same that came first: a mention comes as `message` and as
   * `app_mention` (facts S3), and what was not acknowledged in time comes again. When the first fails, the next is taken
   * by itself.
   */
  once(event: MessageEvent, isMention: boolean, take: () => Promise<void>): Promise<void>;
}

interface Delivery {
  readonly content: string;
  readonly taken: Promise<void>;
}

const MAX_KEPT = 1_000;

export function createDeliveries(): Deliveries {
  const kept = new Map<string, Delivery>();
  return {
    async once(event, isMention, take) {
      const key = `${event.channel}:${event.ts}`;
      const content = toContent(event, isMention);
      for (;;) {
        const known = kept.get(key);
        if (known?.content !== content) break;
        if (await succeeds(known.taken)) return;
        if (kept.get(key) === known) kept.delete(key);
      }
      const delivery = { content, taken: take() };
      kept.set(key, delivery);
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      try {
        await delivery.taken;
      } catch (error) {
        if (kept.get(key) === delivery) kept.delete(key);
        throw error;
      }
    },
  };
}

async function succeeds(taken: Promise<void>): Promise<boolean> {
  return await taken.then(
    () => true,
    () => false,
  );
}

/** What both kinds of event carry: one that has more than the other is taken by itself, and core knows its key. */
function toContent(
  { text, thread_ts, user, client_msg_id, files, attachments }: MessageEvent,
  isMention: boolean,
): string {
  const ids = files?.map(({ id }) => id);
  return JSON.stringify([text, thread_ts, user, client_msg_id, isMention, ids ?? [], attachments?.length ?? 0]);
}
