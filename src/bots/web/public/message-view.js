// @ts-check
import { linkMarks, toSourceList } from "./citations.js";
import { h } from "./dom.js";
import { formatCost, formatTime, t } from "./i18n.js";
import { icon } from "./icons.js";
import { renderMarkdown } from "./markdown.js";

/**
 * @typedef {{ onCitation: (citation: any) => void, onFile: (file: { documentId: string, name: string }) => void,
 *   onStop: (turnId: string) => void, onRetry: (id: string) => void, onDiscard: (id: string) => void }} MessageActions
 */

/** @param {any} message @param {any} question what it answers, if that does not stand right above it @param {MessageActions} actions */
export function toMessage(message, question, actions) {
  return message.author === "you" ? toOwn(message, actions) : toAnswer(message, question, actions);
}

/** @param {any} message @param {MessageActions} actions */
function toOwn(message, actions) {
  const files = message.files.map((/** @type {any} */ file) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "chip", onclick: () => actions.onFile(file) },
        icon("file"),
        named(file.name),
      ),
    ),
  );
  return own(
    message.text,
    files,
    message.createdAt,
    message.kind === "note" ? h("p", { class: "message-state" }, t("message.noted")) : null,
  );
}

/**
 * A message on its way, shown before the server has it.
 * @param {import("./outbox.js").OutboxItem} item
 * @param {MessageActions} actions
 */
export function toPending(item, actions) {
  const files = item.files.map((file) => h("li", {}, h("span", { class: "chip" }, icon("file"), named(file.name))));
  return own(item.text, files, item.createdAt, toDelivery(item, actions));
}

/** @param {import("./outbox.js").OutboxItem} item @param {MessageActions} actions */
function toDelivery(item, actions) {
  if (item.state === "refused") {
    return h(
      "div",
      { class: "message-state failed", role: "alert" },
      icon("warning"),
      h("span", {}, item.problem ?? ""),
      h(
        "button",
        { type: "button", class: "button small", onclick: () => actions.onRetry(item.id) },
        t("outbox.retry"),
      ),
      h(
        "button",
        { type: "button", class: "button small", onclick: () => actions.onDiscard(item.id) },
        t("outbox.discard"),
      ),
    );
  }
  if (item.state === "waiting") {
    return h(
      "div",
      { class: "message-state" },
      t("outbox.waiting"),
      h(
        "button",
        { type: "button", class: "button small", onclick: () => actions.onDiscard(item.id) },
        t("outbox.discard"),
      ),
    );
  }
  if (item.files.length === 0) return h("p", { class: "message-state" }, t("outbox.sending"));
  const label = t("outbox.uploading", { files: item.files.length, share: item.progress });
  return h(
    "div",
    { class: "message-state uploading" },
    h("progress", { max: 1, value: item.progress, "aria-label": label }),
    h("span", {}, label),
  );
}

/** @param {string} text @param {any[]} files @param {number} at @param {any} state */
function own(text, files, at, state) {
  return h(
    "li",
    { class: "message you" },
    h("h3", { class: "hidden" }, t("message.you")),
    h(
      "div",
      { class: "bubble", title: formatTime(at) },
      text === "" ? null : h("p", { class: "plain" }, text),
      files.length === 0 ? null : h("ul", { class: "chips" }, ...files),
    ),
    state,
  );
}

/** @param {any} message @param {any} question @param {MessageActions} actions */
function toAnswer(message, question, actions) {
  const body = renderMarkdown(message.text);
  // "Stopped." is what was asked for, not a failure.
  const isStopped = message.kind === "error" && message.turn?.state === "cancelled";
  linkMarks(body, message.citations, actions.onCitation);
  return h(
    "li",
    { class: `message docent ${isStopped ? "notice" : message.kind}` },
    h(
      "div",
      { class: "byline" },
      h("h3", {}, t("message.docent")),
      h("time", { datetime: new Date(message.createdAt).toISOString() }, formatTime(message.createdAt)),
    ),
    question === undefined ? null : toReference(question),
    h("div", { class: "prose" }, body),
    toSourceList(message.text, message.citations, actions.onCitation),
    h(
      "footer",
      { class: "message-foot" },
      message.kind === "answer" ? toCopy(message.text) : null,
      toUsage(message.usage),
    ),
  );
}

/** @param {any} question */
function toReference({ text, files }) {
  const asked = text === "" ? files.map((/** @type {any} */ { name }) => name).join(", ") : text;
  return h("p", { class: "in-reply", dir: "auto", title: asked }, t("message.in_reply", { question: asked }));
}

/** @param {string} text */
function toCopy(text) {
  const button = h(
    "button",
    { type: "button", class: "icon-button small", title: t("message.copy"), "aria-label": t("message.copy") },
    icon("copy"),
  );
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(text);
    button.replaceChildren(icon("check"));
    button.setAttribute("aria-label", t("message.copied"));
  });
  return button;
}

/** @param {any} usage */
function toUsage(usage) {
  if (usage === null) return null;
  const tokens = t("message.usage", { input: usage.inputTokens, output: usage.outputTokens });
  return h(
    "span",
    { class: "message-usage" },
    usage.costUsd === null ? tokens : `${tokens} · ${formatCost(usage.costUsd)}`,
  );
}

/**
 * What a run is doing, with the button that stops it.
 * @param {{ id: string, state: string, detail: string | null, position: number | null, stopping?: boolean }} turn
 * @param {MessageActions} actions
 */
export function toTurnStatus(turn, actions) {
  return h(
    "li",
    { class: "turn-status", dataset: { state: turn.state } },
    h("span", { class: "pulse", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    h("span", { class: "turn-detail" }, toDetail(turn)),
    h(
      "button",
      { type: "button", class: "button small stop", disabled: turn.stopping, onclick: () => actions.onStop(turn.id) },
      icon("stop"),
      t("turn.stop"),
    ),
  );
}

/** @param {{ state: string, detail: string | null, position: number | null, stopping?: boolean }} turn */
export function toDetail(turn) {
  if (turn.stopping) return t("turn.stopping");
  if (turn.detail) return turn.detail;
  if (turn.state === "queued" && turn.position) return t("turn.queued_behind", { position: turn.position });
  if (turn.state === "queued") return t("turn.queued");
  return turn.state === "reading" ? t("turn.reading") : t("turn.running");
}

/** @param {string} name */
function named(name) {
  return h("bdi", { class: "file-name" }, name);
}
