// @ts-check
import { h } from "./dom.js";
import { formatCalendarDay, formatCost, formatCount, t } from "./i18n.js";

/**
 * A bar for each day: its cost, or where nothing has a price, its questions. Each bar says its day and figures.
 * @param {{ day: string, costUsd: number, questions: number }[]} days
 */
export function toUsageChart(days) {
  const isPriced = days.some(({ costUsd }) => costUsd > 0);
  const of = (/** @type {any} */ { costUsd, questions }) => (isPriced ? costUsd : questions);
  const most = Math.max(...days.map(of));
  const title = t(isPriced ? "usage.by_day_cost" : "usage.by_day_questions");
  const bars = days.map((day) => {
    const words = t("usage.day", {
      day: formatCalendarDay(day.day),
      cost: formatCost(day.costUsd),
      questions: day.questions,
    });
    const bar = h(
      "li",
      { title: words },
      h("span", { class: "usage-fill", "aria-hidden": "true" }),
      h("span", { class: "hidden" }, words),
    );
    // A day with a question is never without a bar.
    const share = of(day) === 0 ? 0 : Math.max(1.5, (100 * of(day)) / most);
    bar.firstElementChild.style.blockSize = `${share}%`;
    return bar;
  });
  return h(
    "figure",
    { class: "usage-chart" },
    h(
      "figcaption",
      {},
      h("h3", {}, title),
      h("span", { "aria-hidden": "true" }, isPriced ? formatCost(most) : formatCount(most)),
    ),
    h("ol", { class: "usage-bars" }, ...bars),
    h(
      "p",
      { class: "usage-axis", "aria-hidden": "true" },
      ...[days[0], days[Math.floor(days.length / 2)], days.at(-1)].map((day) =>
        h("span", {}, formatCalendarDay(day?.day ?? "")),
      ),
    ),
  );
}
