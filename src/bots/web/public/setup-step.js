// @ts-check
import { post } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { toMarkedWords } from "./marked-words.js";
import { createSetupField, toVerdict } from "./setup-field.js";

/** @type {Record<string, ["setup.connected" | "setup.missing" | "setup.broken", string | null]>} */
const STATES = {
  connected: ["setup.connected", "check"],
  missing: ["setup.missing", null],
  broken: ["setup.broken", "warning"],
};

/**
 * One vendor: what is set up, what to do there, and the fields for what comes of it.
 * @param {any} first The step as `/api/setup` gives it.
 * @param {{ isOpen: boolean, onSaved: () => void }} options
 */
export function createSetupStep(first, { isOpen, onSaved }) {
  const { service } = first;
  const heading = `setup-${service}`;
  const form = `setup-form-${service}`;
  const element = h("section", { class: "setup-step", "aria-labelledby": heading });
  let isFormOpen = isOpen;
  show(first);
  return { element, show: showSaved };

  /** @param {any} step */
  function showSaved(step) {
    isFormOpen = step.state !== "connected";
    show(step);
    element.querySelector(".setup-toggle")?.focus();
  }

  /** @param {any} step */
  function show(step) {
    const [word, mark] = STATES[step.state] ?? ["setup.missing", null];
    const state = h("span", { class: `setup-state ${step.state}` }, mark && icon(mark), t(word));
    const later = step.state !== "missing" && !step.isRunning;
    const found = step.fields.filter((/** @type {any} */ { verdict }) => verdict !== null);
    const toggle = h(
      "button",
      { type: "button", class: "button small setup-toggle", "aria-controls": form, "aria-describedby": heading },
      t(step.state === "missing" ? "setup.open" : "setup.replace"),
      icon("fold"),
    );
    const body = toForm(step);
    const showForm = () => {
      body.hidden = !isFormOpen;
      toggle.setAttribute("aria-expanded", String(isFormOpen));
    };
    toggle.addEventListener("click", () => {
      isFormOpen = !isFormOpen;
      showForm();
      if (isFormOpen) body.querySelector("input")?.focus();
    });
    showForm();
    element.replaceChildren(
      h(
        "header",
        {},
        h(
          "div",
          { class: "setup-name" },
          h("h3", { id: heading }, step.name),
          state,
          later && h("span", { class: "setup-state" }, t("setup.after_restart")),
        ),
        toggle,
      ),
      found.length === 0
        ? h("p", { class: "setup-about" }, step.about)
        : h("ul", { class: "setup-found" }, ...found.map((/** @type {any} */ { verdict }) => toVerdict(verdict, "li"))),
      ...(step.next === null ? [] : [h("p", { class: "setup-about" }, ...toMarkedWords(step.next))]),
      body,
    );
  }

  /** @param {any} step */
  function toForm(step) {
    /** @type {Map<string, ReturnType<typeof createSetupField>>} */
    const fields = new Map();
    for (const field of step.fields) {
      fields.set(field.variable, createSetupField(field, { service, values, onVerdicts: tell }));
    }
    const status = h("p", { class: "setup-status", role: "status" });
    const save = h("button", { type: "submit", class: "button primary" }, t("setup.save"));
    const body = h(
      "form",
      { id: form, class: "setup-form", autocomplete: "off", novalidate: true },
      h(
        "ol",
        { class: "setup-guide" },
        ...step.guide.map((/** @type {any} */ { text, link }, /** @type {number} */ index) =>
          h("li", {}, ...toMarkedWords(text, link), index === 0 && step.manifest !== null && toManifest(step.manifest)),
        ),
      ),
      ...[...fields.values()].map((field) => field.element),
      h("div", { class: "setup-save" }, save, status),
    );
    body.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      save.disabled = true;
      status.classList.remove("problem");
      status.textContent = t("setup.saving");
      try {
        await post("/api/setup/save", { service, values: values() });
        for (const field of fields.values()) field.clear();
        onSaved();
      } catch (error) {
        status.classList.add("problem");
        const words = toMarkedWords(error instanceof Error ? error.message : String(error));
        // One item of the row, not one for each bold word.
        status.replaceChildren(h("span", {}, ...words));
      }
      save.disabled = false;
    });
    return body;

    /** What stands in the fields. */
    function values() {
      const entries = [...fields].map(([variable, field]) => [variable, field.value()]);
      return Object.fromEntries(entries.filter(([, value]) => value !== ""));
    }

    /** @param {any[]} verdicts @param {Record<string, string>} sent */
    function tell(verdicts, sent) {
      for (const [variable, field] of fields) {
        // Another field may have changed since.
        if (field.value() !== (sent[variable] ?? "")) continue;
        field.tell(verdicts.find((verdict) => verdict.variable === variable) ?? null);
      }
    }
  }
}

/** For those who make the app by hand. @param {string} manifest */
function toManifest(manifest) {
  const words = h("span", {}, t("setup.copy_manifest"));
  const button = h("button", { type: "button", class: "button small" }, icon("copy"), words);
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(manifest);
    words.textContent = t("message.copied");
  });
  return h("p", { class: "setup-manifest" }, t("setup.by_hand"), " ", button);
}
