// @ts-check
import { createDocumentList } from "./document-list.js";
import { byId } from "./dom.js";
import { formatCount, t } from "./i18n.js";

/**
 * The documents that the page knows: the channel's, listed in the panel, and the team's, which go to `onKnowledge`.
 * @param {{ onOpen: (document: any) => void, onDelete: (document: any) => void, onKnowledge: (documents: any[]) => void }} actions
 */
export function createDocuments({ onKnowledge, ...actions }) {
  /** @type {Map<string, any>} */
  let documents = new Map();
  const list = createDocumentList({ list: byId("documents"), fallback: byId("toggle-documents"), ...actions });

  return {
    /** @param {any[]} channel @param {any[] | null} knowledge null keeps what is known of it */
    set(channel, knowledge) {
      const team = knowledge ?? of("workspace");
      documents = new Map([...channel, ...team].map((document) => [document.id, document]));
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
    const own = of("channel");
    list.show(own, { none: t("document.none") });
    const count = own.length === 0 ? "" : formatCount(own.length);
    byId("documents-count").textContent = count;
    // What is seen on a button is part of its name: who speaks to the machine says what is seen.
    const name = t("page.toggle_documents");
    byId("toggle-documents").setAttribute("aria-label", count === "" ? name : `${name}: ${count}`);
    onKnowledge(of("workspace"));
  }

  /** @param {"channel" | "workspace"} wanted */
  function of(wanted) {
    return [...documents.values()].filter(({ scope }) => scope === wanted);
  }
}
