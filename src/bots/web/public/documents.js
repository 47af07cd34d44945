// @ts-check
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";

/**
 * The documents of the channel and the team's knowledge, with what is wrong with each.
 * @param {{ onOpen: (document: any) => void, onDelete: (document: any) => void }} actions
 */
export function createDocuments(actions) {
  /** @type {Map<string, any>} */
  let documents = new Map();

  return {
    /** @param {any[]} channel @param {any[]} knowledge */
    set(channel, knowledge) {
      documents = new Map([...channel, ...knowledge].map((document) => [document.id, document]));
      show();
    },
    /** @param {any} document */
    change(document) {
      if (document.removed) documents.delete(document.id);
      else documents.set(document.id, document);
      show();
    },
    /** @param {string} id */
    find: (id) => documents.get(id),
  };

  function show() {
    const all = [...documents.values()];
    fill(
      byId("documents"),
      all.filter(({ scope }) => scope === "channel"),
      t("document.none"),
    );
    fill(
      byId("knowledge"),
      all.filter(({ scope }) => scope === "workspace"),
      t("document.knowledge_none"),
    );
    const count = all.filter(({ scope }) => scope === "channel").length;
    byId("documents-count").textContent = count === 0 ? "" : String(count);
  }

  /** @param {HTMLElement} list @param {any[]} items @param {string} none */
  function fill(list, items, none) {
    // Focus stays on the same button of the same document when the list is drawn anew.
    const focused = list.contains(document.activeElement) ? document.activeElement?.id : undefined;
    list.replaceChildren(...(items.length === 0 ? [h("li", { class: "none" }, none)] : items.map(toItem)));
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {any} item */
  function toItem(item) {
    const canOpen = item.problem === null || item.sizeBytes !== null;
    const name = h("bdi", { class: "document-name" }, item.name);
    return h(
      "li",
      { class: "document", dataset: { state: item.state } },
      h("span", { class: "document-icon" }, icon(item.state === "failed" ? "warning" : "file")),
      h(
        "div",
        { class: "document-body" },
        canOpen
          ? h(
              "button",
              {
                type: "button",
                class: "document-open",
                id: `open-${item.id}`,
                title: item.name,
                "aria-label": t("document.open", { name: item.name }),
                onclick: () => actions.onOpen(item),
              },
              name,
            )
          : h("span", { class: "document-open", title: item.name }, name),
        h("p", { class: "document-state" }, toState(item)),
        item.problem === null ? null : h("p", { class: "document-problem" }, item.problem.message),
      ),
      h(
        "button",
        {
          type: "button",
          class: "icon-button small",
          id: `delete-${item.id}`,
          title: t("document.delete", { name: item.name }),
          "aria-label": t("document.delete", { name: item.name }),
          onclick: () => actions.onDelete(item),
        },
        icon("trash"),
      ),
    );
  }

  /** @param {any} item */
  function toState(item) {
    const state = t(/** @type {any} */ (`document.${item.state}`));
    const pages = item.pages === null ? null : t("document.pages", { pages: item.pages });
    const tokens = item.tokens === null ? null : t("document.tokens", { tokens: item.tokens });
    // A document that works says how long it is; only the others have to say how they are.
    const figures = [pages, tokens].filter((figure) => figure !== null);
    return item.state === "ready" && figures.length > 0 ? figures.join(" · ") : [state, ...figures].join(" · ");
  }
}
