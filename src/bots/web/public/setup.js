// @ts-check
import { get } from "./api.js";
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { createSetupStep } from "./setup-step.js";

const PATH = "/setup";
/** How often it is asked whether Docent was restarted. */
const LOOK_EVERY_MS = 2000;

/**
 * The dialog that connects OpenAI, Slack and Discord, and its buttons. `/setup` opens it, and says where it works where it does not.
 * @param {{ canSetUp: boolean, isOffered: boolean }} options `isOffered`: nothing is set up, so that it is pointed out
 */
export function createSetup({ canSetUp, isOffered }) {
  byId("open-setup").hidden = !canSetUp;
  byId("offer-setup").hidden = !canSetUp || !isOffered;
  const dialog = byId("setup-dialog");
  const list = h("div", { class: "setup-steps" });
  const status = h("p", { class: "setup-status", role: "status" });
  const restart = h("div", { class: "setup-restart", role: "status" });
  const close = h(
    "button",
    { class: "icon-button", "aria-label": t("page.close"), title: t("page.close") },
    icon("close"),
  );
  const scroller = h(
    "div",
    { class: "frame-scroller", tabindex: "0", role: "region", "aria-labelledby": "setup-title" },
    status,
    list,
  );
  dialog.append(
    h(
      "div",
      { class: "frame" },
      h(
        "header",
        { class: "frame-bar" },
        // Else the dialog would give the focus to its first button, which closes it.
        h("h2", { id: "setup-title", tabindex: "-1", autofocus: true }, t("setup.title")),
        h("p", {}, t("setup.about")),
        close,
      ),
      restart,
      scroller,
    ),
  );
  /** @type {Map<string, ReturnType<typeof createSetupStep>>} */
  const steps = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let watch;
  let before = "/";

  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    // What was typed and not saved is not kept anywhere.
    list.replaceChildren();
    steps.clear();
    clearInterval(watch);
    history.replaceState(null, "", before);
  });
  for (const id of ["open-setup", "offer-setup"]) byId(id).addEventListener("click", open);
  if (location.pathname === PATH) open();

  function open() {
    const { pathname, search, hash } = location;
    before = pathname === PATH ? `/${search}${hash}` : `${pathname}${search}${hash}`;
    history.replaceState(null, "", `${PATH}${search}${hash}`);
    dialog.showModal();
    if (canSetUp) void load();
    else status.replaceChildren(t("setup.only_here"));
  }

  async function load() {
    status.replaceChildren(t("setup.loading"));
    try {
      const answer = await get("/api/setup");
      if (!dialog.open) return;
      status.replaceChildren();
      const first = answer.steps.find((/** @type {any} */ { state }) => state !== "connected");
      for (const step of answer.steps) {
        const shown = createSetupStep(step, { isOpen: step === first, onSaved: () => void refresh(step.service) });
        steps.set(step.service, shown);
      }
      list.replaceChildren(...[...steps.values()].map(({ element }) => element));
      showRestart(answer.restartNeeded);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const again = h("button", { class: "button small", onclick: () => void load() }, t("usage.again"));
      status.replaceChildren(h("span", { class: "problem" }, reason), again);
    }
  }

  /** The others keep what is being typed into them. @param {string} service */
  async function refresh(service) {
    const answer = await get("/api/setup").catch(() => null);
    const step = answer?.steps.find((/** @type {any} */ each) => each.service === service);
    if (step === undefined || !dialog.open) return;
    steps.get(service)?.show(step);
    showRestart(answer.restartNeeded);
  }

  /** @param {boolean} isNeeded */
  function showRestart(isNeeded) {
    clearInterval(watch);
    restart.replaceChildren(...(isNeeded ? [icon("check"), h("p", {}, t("setup.restart"))] : []));
    if (isNeeded) watch = setInterval(() => void look(), LOOK_EVERY_MS);
  }

  async function look() {
    const answer = await get("/api/setup/restart").catch(() => null);
    if (answer?.restartNeeded === false && dialog.open) location.reload();
  }
}
