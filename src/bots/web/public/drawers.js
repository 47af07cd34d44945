// @ts-check
import { byId, remembered } from "./dom.js";

/**
 * The two side panels: columns where there is room, drawers over the conversation where there is none.
 */
export function createDrawers() {
  const shell = byId("shell");
  const backdrop = byId("backdrop");
  const main = byId("main");
  const sides = [
    side("channels-panel", "toggle-channels", "(max-width: 48rem)", "channels"),
    side("documents-panel", "toggle-documents", "(max-width: 68rem)", "documents"),
  ];
  backdrop.addEventListener("click", closeAll);
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector("dialog[open]") === null) closeAll();
  });
  show();

  return { closeAll };

  /** @param {string} panelId @param {string} toggleId @param {string} query @param {string} name */
  function side(panelId, toggleId, query, name) {
    const panel = byId(panelId);
    const toggle = byId(toggleId);
    const narrow = window.matchMedia(query);
    const own = { panel, toggle, narrow, name, isDrawerOpen: false, isColumnOpen: remembered.get(name) !== "closed" };
    toggle.addEventListener("click", () => {
      if (narrow.matches) own.isDrawerOpen = !own.isDrawerOpen;
      else own.isColumnOpen = !own.isColumnOpen;
      remembered.set(name, own.isColumnOpen ? "open" : "closed");
      show();
      if (narrow.matches && own.isDrawerOpen) panel.querySelector("button, a")?.focus();
    });
    panel.querySelector(".close-drawer")?.addEventListener("click", () => {
      own.isDrawerOpen = false;
      show();
      toggle.focus();
    });
    narrow.addEventListener("change", () => {
      own.isDrawerOpen = false;
      show();
    });
    return own;
  }

  function closeAll() {
    const open = sides.find(({ isDrawerOpen, narrow }) => isDrawerOpen && narrow.matches);
    for (const own of sides) own.isDrawerOpen = false;
    show();
    open?.toggle.focus();
  }

  function show() {
    for (const { panel, toggle, narrow, name, isDrawerOpen, isColumnOpen } of sides) {
      const isOpen = narrow.matches ? isDrawerOpen : isColumnOpen;
      panel.classList.toggle("drawer", narrow.matches);
      panel.inert = !isOpen;
      shell.classList.toggle(`has-${name}`, isOpen);
      toggle.setAttribute("aria-expanded", String(isOpen));
    }
    const covers = sides.some(({ narrow, isDrawerOpen }) => narrow.matches && isDrawerOpen);
    backdrop.hidden = !covers;
    // What lies under a drawer is out of reach for the keyboard and for screen readers too.
    main.inert = covers;
  }
}

/**
 * The button that changes between light and dark; the choice is remembered.
 * @param {{ button: HTMLElement, label: (isDark: boolean) => string, icons: (isDark: boolean) => Node }} options
 */
export function createThemeToggle({ button, label, icons }) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  const show = () => {
    const words = label(isDark());
    button.replaceChildren(icons(isDark()));
    button.setAttribute("aria-label", words);
    button.title = words;
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remembered.set("theme", root.dataset.theme);
    show();
  });
  dark.addEventListener("change", show);
  show();
}
