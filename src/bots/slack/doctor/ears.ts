import type { Handled, Payload } from "../payloads.ts";

/** A connection on which the events of our own messages are waited for. */
export interface Ears {
  /** Resolves when an event with this in it comes; null where events go to others. */
  readonly hear: ((nonce: string) => Promise<void>) | null;
  close(): Promise<void>;
}

/** Events go to a Docent that runs. */
export const DEAF: Ears = { hear: null, close: () => Promise.resolve() };

/** What the text of each of our own messages begins with, behind which a UUID stands. */
export const NONCE = "docent-doctor-";

/** Takes nothing but what belongs to our own messages: the rest stays unacknowledged, and Slack delivers it again. */
export function createListening(): {
  readonly take: (payload: Payload) => Promise<Handled>;
  readonly hear: (nonce: string) => Promise<void>;
} {
  const waiting = new Map<string, () => void>();
  const heard = new Set<string>();
  return {
    take(payload) {
      const nonce = new RegExp(`${NONCE}[0-9a-f-]{36}`).exec(JSON.stringify(payload))?.[0];
      if (nonce === undefined) return Promise.reject(new Error("It is for a Docent that runs."));
      heard.add(nonce);
      waiting.get(nonce)?.();
      return Promise.resolve({});
    },
    hear: (nonce) =>
      new Promise((resolve) => {
        waiting.set(nonce, resolve);
        if (heard.has(nonce)) resolve();
      }),
  };
}
