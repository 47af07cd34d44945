// @ts-check
import { channelPath } from "./api.js";

const REOPEN_MS = 1500;

/**
 * Listens to a channel. The browser reconnects by itself after a lost connection, but not after a refusal (a proxy's
 * 502 while the server restarts), so a closed source is opened anew.
 * @param {string} channel
 * @param {{ onEvent: (name: string, data: any) => void, onOpen: () => void, onLost: () => void }} handlers
 * @returns {() => void} Ends it.
 */
export function listen(channel, { onEvent, onOpen, onLost }) {
  /** @type {EventSource} */
  let source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  open();
  window.addEventListener("online", reopen);

  return () => {
    clearTimeout(timer);
    window.removeEventListener("online", reopen);
    source.close();
  };

  function open() {
    source = new EventSource(`${channelPath(channel)}/events`);
    source.addEventListener("open", onOpen);
    source.addEventListener("error", () => {
      onLost();
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(reopen, REOPEN_MS);
    });
    for (const name of ["message", "turn", "document", "forgotten"]) {
      // An `error` and a `message` of EventSource itself never carry our JSON.
      source.addEventListener(name, (event) => onEvent(name, JSON.parse(event.data)));
    }
  }

  function reopen() {
    source.close();
    open();
  }
}
