// @ts-check
import { ApiError, channelPath, upload } from "./api.js";

const DELAYS_MS = [1000, 2000, 4000, 8000];

/**
 * @typedef {{ id: string, channel: string, text: string, files: File[], progress: number, createdAt: number,
 *   state: "sending" | "waiting" | "refused", problem: string | null, tries: number }} OutboxItem
 */

/**
 * Messages on their way. Each keeps the id it was made with, so that a repeat after a lost answer asks nothing twice;
 * in one channel they leave one after the other, in the order they were written.
 * @param {{ onChange: () => void, onPosted: (item: OutboxItem, posted: any) => void }} handlers
 */
export function createOutbox({ onChange, onPosted }) {
  /** @type {OutboxItem[]} */
  let items = [];
  /** @type {Map<string, ReturnType<typeof setTimeout> | null>} A channel's timer, or null while it sends. */
  const busy = new Map();

  return {
    /** @param {string} channel */
    of: (channel) => items.filter((item) => item.channel === channel),
    isEmpty: () => items.length === 0,
    /** @param {{ channel: string, text: string, files: File[] }} message */
    add(message) {
      const fresh = { id: newId(), progress: 0, createdAt: Date.now(), problem: null, tries: 0 };
      items = [...items, { ...message, ...fresh, state: "sending" }];
      onChange();
      void next(message.channel);
    },
    /** @param {string} id */
    retry(id) {
      const item = items.find((candidate) => candidate.id === id);
      if (item === undefined) return;
      Object.assign(item, { state: "sending", problem: null, progress: 0 });
      onChange();
      void next(item.channel);
    },
    /** @param {string} id */
    discard(id) {
      items = items.filter((item) => item.id !== id);
      onChange();
    },
    /** The server is back: what waits need not wait any longer. */
    flush() {
      for (const [channel, timer] of busy) {
        if (timer === null) continue;
        clearTimeout(timer);
        busy.delete(channel);
        void next(channel);
      }
    },
  };

  /** @param {string} channel */
  async function next(channel) {
    if (busy.has(channel)) return;
    const item = items.find((candidate) => candidate.channel === channel && candidate.state !== "refused");
    if (item === undefined) return;
    busy.set(channel, null);
    item.state = "sending";
    onChange();
    try {
      const posted = await send(item);
      items = items.filter((candidate) => candidate !== item);
      onPosted(item, posted);
      busy.delete(channel);
    } catch (error) {
      busy.delete(channel);
      put(item, error);
    }
    onChange();
    void next(channel);
  }

  /** @param {OutboxItem} item */
  function send(item) {
    const form = new FormData();
    form.append("id", item.id);
    form.append("text", item.text);
    for (const file of item.files) form.append("files", file, file.name);
    return upload(`${channelPath(item.channel)}/messages`, form, {
      onProgress(share) {
        item.progress = share;
        onChange();
      },
    });
  }

  /** @param {OutboxItem} item @param {unknown} error */
  function put(item, error) {
    if (error instanceof ApiError && error.isPassing) {
      item.state = "waiting";
      const delay = DELAYS_MS[Math.min(item.tries, DELAYS_MS.length - 1)];
      item.tries += 1;
      const timer = setTimeout(() => {
        busy.delete(item.channel);
        void next(item.channel);
      }, delay);
      busy.set(item.channel, timer);
    } else {
      item.state = "refused";
      item.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

/** `randomUUID` exists on secure origins only; a page behind plain HTTP in a local network needs an id too. */
function newId() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
