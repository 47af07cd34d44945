// @ts-check
import { get } from "./api.js";
import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { toUsageSections } from "./usage-sections.js";

const PERIODS = [7, 30, 90];

/**
 * The dialog that tells what was used, and its button.
 * @param {{ price: { usdPerGbDay: number, freeGb: number } }} options
 */
export function createUsage({ price }) {
  const dialog = byId("usage-dialog");
  const about = h("p", {});
  const body = h("div", {
    class: "frame-scroller usage-scroller",
    tabindex: "0",
    role: "region",
    "aria-labelledby": "usage-title",
  });
  const status = h("p", { class: "usage-status", role: "status" });
  const download = h(
    "a",
    { class: "button small", download: "", title: t("usage.csv_hint"), "aria-label": t("usage.csv_hint") },
    icon("down"),
    t("usage.csv"),
  );
  const close = h(
    "button",
    { class: "icon-button", "aria-label": t("page.close"), title: t("page.close") },
    icon("close"),
  );
  let days = 30;
  /** Counts what was asked for: an answer that comes late is dropped. */
  let asked = 0;

  dialog.append(
    h(
      "div",
      { class: "frame" },
      h("header", { class: "frame-bar" }, h("h2", { id: "usage-title" }, t("usage.title")), about, close),
      h("div", { class: "usage-tools" }, toPeriods(), download),
      status,
      body,
    ),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    if (event.target === dialog) dialog.close();
  });
  byId("open-usage").addEventListener("click", () => {
    dialog.showModal();
    void load();
  });

  function toPeriods() {
    return h(
      "fieldset",
      { class: "usage-periods" },
      h("legend", { class: "hidden" }, t("usage.period")),
      ...PERIODS.map((period) => {
        const choice = h("input", { type: "radio", name: "usage-days", value: period, checked: period === days });
        choice.addEventListener("change", () => {
          days = period;
          void load();
        });
        return h("label", {}, choice, h("span", {}, t("usage.days", { days: period })));
      }),
    );
  }

  async function load() {
    const own = (asked += 1);
    download.setAttribute("href", `/api/usage.csv?days=${days}`);
    status.replaceChildren(t("usage.loading"));
    body.setAttribute("aria-busy", "true");
    try {
      const report = await get(`/api/usage?days=${days}`);
      if (own !== asked) return;
      about.textContent = t("usage.about", { zone: report.timeZone });
      status.replaceChildren();
      body.replaceChildren(...toUsageSections(report, { days, price }));
    } catch (error) {
      if (own !== asked) return;
      const reason = error instanceof Error ? error.message : String(error);
      const again = h("button", { class: "button small", onclick: () => void load() }, t("usage.again"));
      status.replaceChildren(h("span", { class: "problem" }, t("usage.failed", { reason })), again);
      body.replaceChildren();
    }
    body.removeAttribute("aria-busy");
  }
}
