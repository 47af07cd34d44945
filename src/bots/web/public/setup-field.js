// @ts-check
import { post } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { toLink, toMarkedWords } from "./marked-words.js";

/** After the last key. Pasting is looked at at once. */
const CHECK_AFTER_MS = 500;

/** @type {Record<string, string>} */
const MARKS = { good: "check", warning: "warning", problem: "warning" };

/**
 * A field whose value is checked with its vendor while it is entered.
 * @param {any} field
 * @param {{ service: string, values: () => Record<string, string>, onVerdicts: (verdicts: any[], sent: Record<string, string>) => void }} options
 */
export function createSetupField(field, { service, values, onVerdicts }) {
  const id = `setup-${field.variable}`;
  const verdict = h("div", { class: "setup-verdict", id: `${id}-verdict`, role: "status" });
  const isKept = field.isSecret && field.isSet;
  const input = h("input", {
    id,
    type: field.isSecret ? "password" : "text",
    // Browsers must not offer to remember what goes into .env.
    autocomplete: field.isSecret ? "new-password" : "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: isKept ? t("setup.kept") : null,
    "aria-describedby": `${id}-verdict`,
  });
  input.value = field.value ?? "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** Counts the checks: the answer to what was there before is dropped. */
  let asked = 0;

  input.addEventListener("input", (/** @type {InputEvent} */ event) => {
    asked += 1;
    clearTimeout(timer);
    verdict.replaceChildren();
    input.removeAttribute("aria-invalid");
    timer = setTimeout(() => void check(), event.inputType === "insertFromPaste" ? 0 : CHECK_AFTER_MS);
  });

  return {
    element: h("div", { class: "setup-field" }, h("label", { for: id }, field.label), input, verdict),
    value: () => input.value.trim(),
    tell,
    clear() {
      clearTimeout(timer);
      input.value = "";
    },
  };

  async function check() {
    if (input.value.trim() === "") return;
    const own = (asked += 1);
    verdict.replaceChildren(h("p", { class: "setup-checking" }, t("setup.checking")));
    try {
      const sent = values();
      const { verdicts } = await post("/api/setup/check", { service, values: sent });
      if (own !== asked) return;
      verdict.replaceChildren();
      onVerdicts(verdicts, sent);
    } catch (error) {
      if (own !== asked) return;
      const text = error instanceof Error ? error.message : String(error);
      tell({ state: "problem", text, link: null });
    }
  }

  /** @param {any} found Null says nothing. */
  function tell(found) {
    if (found === null) return;
    verdict.replaceChildren(toVerdict(found, "p"));
    if (found.state === "problem") input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/** What a vendor said, in one line. @param {any} verdict @param {string} tag */
export function toVerdict({ state, text, link }, tag) {
  const words = h("span", {}, ...toMarkedWords(text));
  if (link !== null) words.append(" ", toLink(link.text, link.url));
  return h(tag, { class: `setup-said ${state}` }, icon(MARKS[state] ?? "warning"), words);
}
