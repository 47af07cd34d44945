// @ts-check

/**
 * Makes an element. Text only ever enters as text nodes, so nothing that people wrote can become markup.
 * @param {string} tag
 * @param {Record<string, any>} [properties] `class`, `on…` listeners, `dataset`, attributes; null and false are left out
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {any}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "class") element.className = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/**
 * @param {string} id
 * @returns {any} The element of index.html with this id.
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has no #${id}`);
  return element;
}

/** Remembers a choice of this browser; does without where storage is switched off. */
export const remembered = {
  /** @param {string} key */
  get(key) {
    try {
      return localStorage.getItem(`docent.${key}`);
    } catch {
      return null;
    }
  },
  /** @param {string} key @param {string} value */
  set(key, value) {
    try {
      localStorage.setItem(`docent.${key}`, value);
    } catch {
      // Then it holds until the page is closed.
    }
  },
};
