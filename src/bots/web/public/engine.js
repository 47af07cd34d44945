// @ts-check
import { get } from "./api.js";
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";

/** @type {Record<string, string>} */
const NAMES = { openai: "OpenAI" };

/**
 * Who answers, at the foot of the channels; once it has been asked, also that it does not work.
 * @param {{ engine: string, canSetUp: boolean }} me
 */
export function showEngine({ engine, canSetUp }) {
  const line = byId("engine");
  const isLocal = engine === "local";
  const name = NAMES[engine] ?? engine;
  show(true);
  if (isLocal) return;
  void look();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void look();
  });

  async function look() {
    const answer = await get("/api/engine").catch(() => null);
    if (answer !== null) show(answer.ready);
  }

  /** @param {boolean} isReady */
  function show(isReady) {
    line.classList.toggle("hint", isLocal || !isReady);
    if (isLocal) line.textContent = t(canSetUp ? "page.engine_local_here" : "page.engine_local");
    else if (isReady) line.textContent = t("page.engine", { engine: name });
    else line.replaceChildren(t("page.engine_unready", { engine: name }), ...(canSetUp ? [" ", toSetup()] : []));
  }

  function toSetup() {
    const link = h("a", { href: "/setup" }, t("page.engine_mend"));
    link.addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      byId("open-setup").click();
    });
    return link;
  }
}
