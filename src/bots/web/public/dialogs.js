// @ts-check
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";

/**
 * Asks before something is deleted. The safe answer has the focus.
 * @param {{ title: string, text: string, confirm: string }} question
 * @returns {Promise<boolean>}
 */
export function confirmDeletion({ title, text, confirm }) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-yes").textContent = confirm;
  const answer = ask(dialog);
  byId("confirm-no").focus();
  return answer.then((value) => value === "yes");
}

/**
 * Asks for the name of a new channel.
 * @returns {Promise<string | null>}
 */
export function askChannelName() {
  const dialog = byId("new-channel");
  const field = byId("new-channel-name");
  const problem = byId("new-channel-problem");
  field.value = "";
  problem.textContent = "";
  field.removeAttribute("aria-invalid");
  const answer = ask(dialog);
  field.focus();

  /** @param {SubmitEvent} event */
  const check = (event) => {
    const isCancel = event.submitter?.getAttribute("value") === "no";
    if (isCancel || toChannelName(field.value) !== null) return;
    event.preventDefault();
    problem.textContent = t("channel.invalid");
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  dialog.addEventListener("submit", check);
  return answer.then((value) => {
    dialog.removeEventListener("submit", check);
    return value === "yes" ? toChannelName(field.value) : null;
  });
}

/** Counts the questions. */
let asked = 0;

/**
 * Opens a dialog and waits for its answer. Chromium tells of a dialog's end in the next frame: by then it may be open
 * for another question, which this end must not answer.
 * @param {any} dialog
 * @returns {Promise<string>}
 */
function ask(dialog) {
  const own = (asked += 1);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const settle = () => {
      if (own === asked && dialog.open) return;
      dialog.removeEventListener("close", settle);
      resolve(own === asked ? dialog.returnValue : "");
    };
    dialog.addEventListener("close", settle);
  });
}

/**
 * A channel's name as the server takes it, or null; spaces become hyphens.
 * @param {string} written
 */
export function toChannelName(written) {
  const name = written.trim().normalize("NFC").replace(/^#+/, "").replace(/\s+/g, "-");
  return /^[\p{L}\p{M}\p{N}._-]{1,80}$/u.test(name) && !/^\.+$/.test(name) ? name : null;
}

/** Says something at the edge of the page for a few seconds. @param {string} sentence */
export function toast(sentence) {
  const element = h("p", { class: "toast" }, sentence);
  placeToasts();
  byId("toasts").append(element);
  setTimeout(() => element.remove(), 6000);
}

/** What is outside of an open dialog lies under it, and is silent for a screen reader: toasts go where people are. */
function placeToasts() {
  // In the order of dialogs.html a dialog that opens over another stands behind it.
  const front = [...document.querySelectorAll("dialog[open]")].at(-1);
  const place = front ?? document.body;
  if (byId("toasts").parentElement !== place) place.append(byId("toasts"));
  front?.addEventListener("close", placeToasts, { once: true });
}
