// @ts-check
import { toDetail, toMessage, toPending, toTurnStatus } from "./message-view.js";

/** Nearer to the end than this, the list follows what is new. */
const NEAR_PX = 120;

/**
 * The list of a conversation. `show` is given everything each time; only what changed is built anew, so that focus,
 * selection and scrolling stay where they are.
 * @param {{ list: HTMLElement, scroller: HTMLElement, jump: HTMLElement, empty: HTMLElement }} elements
 * @param {import("./message-view.js").MessageActions} actions
 */
export function createMessages({ list, scroller, jump, empty }, actions) {
  /** What a message looked like when it was drawn; messages do not change, so each is written down once. */
  const prints = new WeakMap();
  /** @type {Map<string, { print: string, element: HTMLElement }>} */
  let shown = new Map();
  jump.addEventListener("click", toEnd);
  scroller.addEventListener("scroll", () => {
    if (isNearEnd()) jump.hidden = true;
  });

  return {
    /** @param {{ messages: any[], pending: any[], turns: Map<string, any>, isLoaded: boolean }} state */
    show({ messages, pending, turns, isLoaded }) {
      const follows = isNearEnd();
      const rows = toRows(messages, pending, turns);
      const before = shown;
      shown = new Map();
      for (const { key, print, build, update } of rows) {
        const old = before.get(key);
        if (old?.print === print) shown.set(key, old);
        else if (old !== undefined && update?.(old.element)) shown.set(key, { print, element: old.element });
        else shown.set(key, { print, element: build() });
      }
      place(
        [...shown.values()].map(({ element }) => element),
        before,
      );
      empty.hidden = !isLoaded || rows.length > 0;
      const newest = rows.at(-1)?.key;
      if (follows || before.size === 0) {
        toEnd();
        if (newest !== undefined && before.size > 0 && !before.has(newest)) toBeginningOfLong();
      } else if (rows.length > before.size) jump.hidden = false;
    },
    clear() {
      shown = new Map();
      list.replaceChildren();
      jump.hidden = true;
    },
    toEnd,
  };

  /** @param {any[]} messages @param {any[]} pending @param {Map<string, any>} turns */
  function toRows(messages, pending, turns) {
    const known = new Set(messages.map(({ id }) => id));
    const questions = new Map(messages.flatMap((each) => (each.author === "you" ? [[each.turnId, each]] : [])));
    const rows = messages.flatMap((message, index) => {
      const isApart = message.author !== "you" && messages[index - 1]?.turnId !== message.turnId;
      const question = isApart ? questions.get(message.turnId) : undefined;
      const row = { key: message.id, print: `${toPrint(message)} ${question?.id}` };
      const turn = message.author === "you" && message.turn ? turns.get(message.turn.id) : undefined;
      const own = { ...row, build: () => toMessage(message, question, actions), update: undefined };
      return turn === undefined ? [own] : [own, toStatusRow(turn)];
    });
    const waiting = pending
      .filter(({ id }) => !known.has(id))
      .map((item) => ({
        key: item.id,
        print: `pending ${item.state} ${item.progress} ${item.problem}`,
        build: () => toPending(item, actions),
        update: undefined,
      }));
    return [...rows, ...waiting];
  }

  /** @param {any} message @returns {string} */
  function toPrint(message) {
    const print =
      prints.get(message) ?? JSON.stringify([message.text, message.files, message.citations, message.usage]);
    prints.set(message, print);
    return print;
  }

  /** @param {any} turn */
  function toStatusRow(turn) {
    return {
      key: `turn ${turn.id}`,
      print: JSON.stringify(turn),
      build: () => toTurnStatus(turn, actions),
      // The words change many times a second while pages are read; the button must stay the same one under the finger.
      update: (/** @type {HTMLElement} */ element) => {
        const detail = element.querySelector(".turn-detail");
        const stop = element.querySelector("button");
        if (detail === null || stop === null) return false;
        detail.textContent = toDetail(turn);
        element.dataset.state = turn.state;
        stop.disabled = turn.stopping === true;
        return true;
      },
    };
  }

  /**
   * Puts elements into the list in order and touches none that stands right.
   * @param {HTMLElement[]} elements
   * @param {typeof shown} before
   */
  function place(elements, before) {
    const wanted = new Set(elements);
    for (const { element } of before.values()) if (!wanted.has(element)) element.remove();
    elements.forEach((element, index) => {
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
  }

  function isNearEnd() {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
  }

  /** An answer that fills the screen is read from its first line. */
  function toBeginningOfLong() {
    const last = list.lastElementChild;
    if (last instanceof HTMLElement && last.offsetHeight > scroller.clientHeight * 0.8) last.scrollIntoView();
  }

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    jump.hidden = true;
  }
}
