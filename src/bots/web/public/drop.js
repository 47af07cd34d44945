// @ts-check

/**
 * @typedef {{ overlay: HTMLElement, onFiles: (files: File[]) => void, onFolder: () => void }} DropTarget
 *   `overlay` says where the files go.
 */

/**
 * Takes files that are dropped anywhere on the page, for what is open there.
 * @param {{ target: () => DropTarget }} options
 */
export function acceptDrops({ target }) {
  // Enter and leave come for every element on the way; only as many leaves as enters mean that the pointer is out.
  let depth = 0;
  /** @type {HTMLElement | null} */
  let shown = null;
  const hide = () => {
    depth = 0;
    if (shown !== null) shown.hidden = true;
    shown = null;
  };

  window.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth += 1;
    const { overlay } = target();
    // Under a dialog nobody would see it.
    const dialogs = [...document.querySelectorAll("dialog[open]")];
    if (dialogs.some((dialog) => !dialog.contains(overlay))) return;
    shown = overlay;
    overlay.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth -= 1;
    if (depth <= 0) hide();
  });
  window.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  window.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hide();
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === "file");
    const files = items.flatMap((item) => {
      const file = item.webkitGetAsEntry?.()?.isDirectory ? null : item.getAsFile();
      return file === null ? [] : [file];
    });
    const { onFiles, onFolder } = target();
    if (files.length > 0) onFiles(files);
    if (files.length < items.length) onFolder();
  });
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
