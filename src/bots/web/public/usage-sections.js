// @ts-check
import { toCostPerDay } from "./document-words.js";
import { h } from "./dom.js";
import { formatBytes, formatCost, formatCount, formatMoment, t } from "./i18n.js";
import { toUsageChart } from "./usage-chart.js";

/**
 * What the dialog shows of a report.
 * @param {any} report
 * @param {{ days: number, price: { usdPerGbDay: number, freeGb: number } }} options
 * @returns {Node[]}
 */
export function toUsageSections(report, { days, price }) {
  const isMany = new Set(report.channels.map((/** @type {any} */ { workspace }) => workspace)).size > 1;
  const isUsed = report.total.questions > 0;
  return [
    isUsed ? toSums(report.total) : h("p", { class: "usage-none" }, t("usage.none", { days })),
    isUsed ? toUsageChart(report.days) : null,
    toBudgets(report, isMany),
    toTable(t("usage.channels"), report.channels, isMany),
    toTable(t("usage.users"), report.users, isMany),
    toTable(t("usage.models"), report.models, false),
    report.isCut ? h("p", { class: "usage-hint" }, t("usage.cut")) : null,
    toStorage(report.storage, price),
  ].filter((section) => section !== null);
}

/** @param {any} total */
function toSums({ costUsd, questions, inputTokens, outputTokens }) {
  const sums = [
    [t("usage.cost"), formatCost(costUsd)],
    [t("usage.questions"), formatCount(questions)],
    [t("usage.input"), formatCount(inputTokens)],
    [t("usage.output"), formatCount(outputTokens)],
  ];
  return h(
    "dl",
    { class: "usage-sums" },
    ...sums.map(([name, sum]) => h("div", {}, h("dt", {}, name), h("dd", {}, sum))),
  );
}

/** @param {any} report @param {boolean} isMany */
function toBudgets({ budgets, budgetsRenewAt }, isMany) {
  if (budgets.length === 0)
    return toSection(t("usage.budgets"), h("p", { class: "usage-hint" }, t("usage.no_budgets")));
  return toSection(
    t("usage.budgets"),
    h("ul", { class: "usage-budgets" }, ...budgets.map((/** @type {any} */ budget) => toBudget(budget, isMany))),
    h("p", { class: "usage-hint" }, t("usage.renews", { when: formatMoment(budgetsRenewAt) })),
  );
}

/** @param {any} budget @param {boolean} isMany */
function toBudget(budget, isMany) {
  const { kind, limitUsd, spentUsd } = budget;
  const spent = { spent: formatCost(spentUsd), limit: formatCost(limitUsd) };
  const left = t("usage.left", { left: formatCost(Math.max(0, limitUsd - spentUsd)) });
  const name =
    kind === "all"
      ? t("usage.budget_all")
      : t(kind === "user" ? "usage.budget_user" : "usage.budget_channel", { name: toName(budget) });
  // A budget of nothing is used up from the start.
  const share = limitUsd === 0 ? 1 : Math.min(1, spentUsd / limitUsd);
  const bar = h("progress", { max: 1, value: share, "aria-label": name });
  return h(
    "li",
    { class: share >= 1 ? "used-up" : share >= 0.8 ? "nearly" : "" },
    h("p", {}, h("span", {}, name), h("span", { class: "usage-spent" }, t("usage.spent", spent), " · ", left)),
    bar,
    isMany && kind === "channel" ? h("small", {}, budget.key) : null,
  );
}

/** @param {string} title @param {any[]} rows @param {boolean} isMany */
function toTable(title, rows, isMany) {
  if (rows.length === 0) return null;
  const heads = [t("usage.questions"), t("usage.input"), t("usage.output"), t("usage.cost")];
  const most = Math.max(...rows.map(({ costUsd }) => costUsd));
  return h(
    "section",
    { class: "usage-section" },
    h(
      "table",
      {},
      h("caption", {}, title),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td", {}),
          ...heads.map((head, index) => h("th", { scope: "col", class: toColumn(index) }, head)),
        ),
      ),
      h("tbody", {}, ...rows.map((row) => toRow(row, isMany, most))),
    ),
  );
}

/** @param {any} row @param {boolean} isMany @param {number} most */
function toRow(row, isMany, most) {
  const cells = [formatCount(row.questions), formatCount(row.inputTokens), formatCount(row.outputTokens)];
  const bar = h("span", { class: "usage-share", "aria-hidden": "true" });
  bar.style.inlineSize = most === 0 ? "0" : `${(100 * row.costUsd) / most}%`;
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("span", { class: "usage-name", title: row.key }, toName(row)),
      isMany && row.workspace !== "" ? h("small", {}, row.workspace) : null,
      bar,
    ),
    ...[...cells, formatCost(row.costUsd)].map((cell, index) => h("td", { class: toColumn(index) }, cell)),
  );
}

/** Tokens are what a phone has no room for. @param {number} index */
function toColumn(index) {
  return index === 1 || index === 2 ? "tokens" : "";
}

/** @param {{ name: string | null, key: string, workspace?: string }} used */
function toName({ name, key }) {
  return name ?? (key === "web" ? t("usage.from_page") : key);
}

/** @param {any} storage @param {{ usdPerGbDay: number, freeGb: number }} price */
function toStorage({ documents, bytes, usdPerDay }, { usdPerGbDay, freeGb }) {
  const cost = toCostPerDay(Math.max(0, usdPerDay - usdPerGbDay * freeGb));
  const values = { documents, size: formatBytes(bytes), cost, free: formatBytes(freeGb * 1e9) };
  const sentence = documents === 0 ? t("usage.storage_none") : t("usage.storage_text", values);
  return toSection(t("usage.storage"), h("p", { class: "usage-hint" }, sentence));
}

/** @param {string} title @param {...Node} content */
function toSection(title, ...content) {
  return h("section", { class: "usage-section" }, h("h3", {}, title), ...content);
}
