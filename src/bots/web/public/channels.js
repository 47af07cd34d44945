// @ts-check
import { byId, h } from "./dom.js";

export const DEFAULT_CHANNEL = "general";

/**
 * The list of channels. Each is a true link, so that it opens in a tab of its own too.
 * @param {{ onChoose: (name: string) => void }} options
 */
export function createChannels({ onChoose }) {
  const list = byId("channels");
  /** @type {string[]} Those that were opened here; without a message the server does not know them. */
  let opened = [];
  /** @type {{ name: string, lastAt: number }[]} */
  let stored = [];

  return {
    /** @param {{ name: string, lastAt: number }[]} channels */
    setStored(channels) {
      stored = channels;
    },
    /** @param {string} name */
    forget(name) {
      opened = opened.filter((other) => other !== name);
      stored = stored.filter((other) => other.name !== name);
    },
    /** @param {string} current */
    show(current) {
      if (!opened.includes(current)) opened = [...opened, current];
      const names = [...new Set([DEFAULT_CHANNEL, ...opened, ...stored.map(({ name }) => name)])];
      const collator = new Intl.Collator(undefined, { numeric: true });
      const [first = DEFAULT_CHANNEL, ...others] = names;
      list.replaceChildren(...[first, ...others.toSorted(collator.compare)].map((name) => toItem(name, current)));
    },
  };

  /** @param {string} name @param {string} current */
  function toItem(name, current) {
    return h(
      "li",
      {},
      h(
        "a",
        {
          href: `/?channel=${encodeURIComponent(name)}`,
          "aria-current": name === current ? "page" : null,
          onclick(/** @type {MouseEvent} */ event) {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onChoose(name);
          },
        },
        h("span", { class: "hash", "aria-hidden": "true" }, "#"),
        h("bdi", {}, name),
      ),
    );
  }
}
