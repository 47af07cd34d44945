// @ts-check

/**
 * Takes files that are dropped anywhere on the page.
 * @param {{ overlay: HTMLElement, onFiles: (files: File[]) => void, onFolder: () => void }} options
 */
export function acceptDrops({ overlay, onFiles, onFolder }) {
  // Enter and leave come for every element on the way; only as many leaves as enters mean that the pointer is out.
  let depth = 0;
  const hide = () => {
    depth = 0;
    overlay.hidden = true;
  };

  window.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth += 1;
    overlay.hidden = document.querySelector("dialog[open]") !== null;
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
    if (files.length > 0) onFiles(files);
    if (files.length < items.length) onFolder();
  });
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
