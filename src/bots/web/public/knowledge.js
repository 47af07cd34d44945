// @ts-check
import { upload } from "./api.js";
import { chooseFiles } from "./choose-files.js";
import { createDocumentList } from "./document-list.js";
import { toCostPerDay } from "./document-words.js";
import { byId, h } from "./dom.js";
import { formatBytes, t } from "./i18n.js";
import { icon } from "./icons.js";

/**
 * The dialog with the team's documents: what there is, what it costs, adding and removing; and its entry in the panel.
 * @param {{ limits: { maxFileMb: number, maxFilesPerMessage: number },
 *   price: { usdPerGbDay: number, freeGb: number }, onOpen: (document: any) => void,
 *   onDelete: (document: any) => void, onAdded: (document: any) => void }} options
 */
export function createKnowledge({ limits, price, onOpen, onDelete, onAdded }) {
  const dialog = byId("knowledge-dialog");
  const filter = byId("knowledge-filter");
  const input = byId("knowledge-files");
  const notes = byId("knowledge-notes");
  const add = byId("add-knowledge");
  const list = createDocumentList({ list: byId("knowledge"), fallback: add, onOpen, onDelete });
  /** @type {any[]} */
  let items = [];
  /** Uploads leave one after the other. @type {Promise<void>} */
  let sent = Promise.resolve();
  let sending = 0;

  filter.placeholder = t("knowledge.filter");
  filter.setAttribute("aria-label", t("knowledge.filter"));
  byId("open-knowledge").addEventListener("click", open);
  byId("knowledge-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.target === dialog) dialog.close();
  });
  filter.addEventListener("input", draw);
  filter.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || filter.value === "" || event.isComposing) return;
    // The first Escape empties the field, the second one closes the dialog.
    event.preventDefault();
    filter.value = "";
    draw();
  });
  add.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });

  return {
    get isOpen() {
      return dialog.open;
    },
    /** Whether files are still on their way to the server. */
    isBusy: () => sending > 0,
    /** @param {any[]} documents */
    show(documents) {
      items = documents;
      draw();
    },
    /** @type {import("./drop.js").DropTarget} */
    drop: {
      overlay: byId("knowledge-drop"),
      onFiles: take,
      onFolder: () => note(t("composer.folder")),
    },
  };

  function open() {
    notes.replaceChildren();
    filter.value = "";
    dialog.showModal();
    draw();
    // Under a finger, a field with the focus would bring up a keyboard over the list.
    const canType = items.length > 0 && window.matchMedia("(pointer: fine)").matches;
    (canType ? filter : add).focus();
  }

  function draw() {
    const query = filter.value.trim();
    // An archive is counted by its files.
    const containers = new Set(items.map(({ containerId }) => containerId));
    const counted = items.filter(({ id }) => !containers.has(id));
    const all = counted.length;
    byId("knowledge-count").textContent = all === 0 ? t("knowledge.add") : t("knowledge.count", { all });
    showTrouble(counted);
    // Reading an archive tells of hundreds of changes: a list that nobody sees is not drawn for each.
    if (!dialog.open) return;
    const none = items.length === 0 || query === "" ? t("knowledge.empty") : t("knowledge.no_match", { query });
    const found = list.show(items, { query, none });
    byId("knowledge-search").hidden = items.length === 0;
    byId("knowledge-status").textContent = query === "" ? "" : t("knowledge.found", { found, all });
    byId("knowledge-total").textContent = items.length === 0 ? "" : toTotal(counted);
  }

  /** @param {any[]} counted */
  function showTrouble(counted) {
    const failed = counted.filter(({ state }) => state === "failed").length;
    const reading = counted.filter(({ state }) => state === "reading").length;
    const words = [
      reading === 0 ? "" : t("knowledge.reading", { reading }),
      failed === 0 ? "" : t("knowledge.failed", { failed }),
    ];
    byId("knowledge-trouble").textContent = words.filter(Boolean).join(" · ");
  }

  /** @param {any[]} counted */
  function toTotal(counted) {
    const bytes = counted.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
    const parts = [t("knowledge.count", { all: counted.length }), formatBytes(bytes)];
    const costs = counted.flatMap(({ costUsdPerDay }) => (costUsdPerDay === null ? [] : [costUsdPerDay]));
    if (costs.length === 0) return parts.join(" · ");
    const free = formatBytes(price.freeGb * 1e9);
    const usd = costs.reduce((sum, one) => sum + one, 0) - price.usdPerGbDay * price.freeGb;
    const cost = usd > 0 ? t("knowledge.cost", { cost: toCostPerDay(usd), free }) : t("knowledge.cost_free", { free });
    return [...parts, cost].join(" · ");
  }

  /** @param {File[]} chosen */
  function take(chosen) {
    notes.replaceChildren();
    const room = limits.maxFilesPerMessage;
    const noRoom = t("knowledge.too_many", { max: room });
    const taken = chooseFiles(chosen, { maxFileMb: limits.maxFileMb, room, noRoom });
    taken.notes.forEach(note);
    if (taken.files.length === 0) return;
    sending += 1;
    sent = sent.then(() => send(taken.files));
  }

  /** @param {File[]} files */
  async function send(files) {
    const form = new FormData();
    for (const file of files) form.append("files", file, file.name);
    showProgress(files.length, 0);
    try {
      const onProgress = (/** @type {number} */ share) => showProgress(files.length, share);
      const added = await upload("/api/knowledge", form, { onProgress });
      for (const document of added.documents) onAdded(document);
    } catch (error) {
      note(t("knowledge.add_failed", { reason: error instanceof Error ? error.message : String(error) }));
    }
    sending -= 1;
    byId("knowledge-uploading").hidden = true;
  }

  /** @param {number} files @param {number} share */
  function showProgress(files, share) {
    byId("knowledge-uploading").hidden = false;
    byId("knowledge-progress").value = share;
    byId("knowledge-uploaded").textContent = t("outbox.uploading", { files, share: Math.floor(share * 100) / 100 });
  }

  /** @param {string} sentence */
  function note(sentence) {
    notes.append(h("p", {}, icon("warning"), h("span", {}, sentence)));
  }
}
