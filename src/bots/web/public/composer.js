// @ts-check
import { chooseFiles } from "./choose-files.js";
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";

/**
 * Where a message is written: text, files, and what is wrong with the files that were chosen.
 * @param {{ limits: { maxFileMb: number, maxFilesPerMessage: number },
 *   onSend: (message: { text: string, files: File[] }) => void }} options
 */
export function createComposer({ limits, onSend }) {
  const form = byId("composer");
  const field = byId("question");
  const input = byId("files");
  const chips = byId("composer-files");
  const notes = byId("composer-notes");
  const send = byId("send");
  /** @type {File[]} */
  let files = [];
  /** @type {Map<string, { text: string, files: File[] }>} What was begun in each channel. */
  const drafts = new Map();
  let channel = "";

  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    // While a Korean or Japanese syllable is being put together, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  field.setAttribute("aria-label", t("composer.label"));
  field.placeholder = t("composer.placeholder");
  field.addEventListener("input", fit);
  field.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    // Copied text from an office program brings a picture of itself along: the text is what was meant.
    if (pasted.length === 0 || event.clipboardData?.getData("text/plain")) return;
    event.preventDefault();
    add(pasted);
  });
  byId("attach").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  });
  show();

  return {
    add,
    focus: () => field.focus(),
    /** @param {string} sentence */
    note: (sentence) => addNote(sentence),
    /** Keeps what was begun and shows what was begun there. @param {string} name */
    switchTo(name) {
      drafts.set(channel, { text: field.value, files });
      channel = name;
      const draft = drafts.get(name) ?? { text: "", files: [] };
      field.value = draft.text;
      files = draft.files;
      notes.replaceChildren();
      show();
    },
  };

  function submit() {
    const text = field.value.trim();
    if (text === "" && files.length === 0) return;
    onSend({ text, files });
    field.value = "";
    files = [];
    notes.replaceChildren();
    show();
    field.focus();
  }

  /** @param {File[]} chosen */
  function add(chosen) {
    notes.replaceChildren();
    const taken = chooseFiles(chosen, {
      maxFileMb: limits.maxFileMb,
      room: limits.maxFilesPerMessage - files.length,
      noRoom: t("composer.too_many", { max: limits.maxFilesPerMessage }),
    });
    files = [...files, ...taken.files];
    taken.notes.forEach(addNote);
    show();
    field.focus();
  }

  /** @param {string} sentence */
  function addNote(sentence) {
    notes.append(h("p", {}, icon("warning"), sentence));
  }

  function show() {
    chips.replaceChildren(
      ...files.map((file) =>
        h(
          "li",
          { class: "chip" },
          icon("file"),
          h("bdi", { class: "file-name" }, file.name),
          h(
            "button",
            {
              type: "button",
              class: "icon-button tiny",
              "aria-label": t("composer.remove", { name: file.name }),
              onclick() {
                files = files.filter((other) => other !== file);
                show();
                field.focus();
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
    fit();
  }

  /** Grows with its text, up to a limit that the style sets. */
  function fit() {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    send.disabled = field.value.trim() === "" && files.length === 0;
  }
}
