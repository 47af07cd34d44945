// @ts-check
import { formatBytes, formatCost, formatDay, t } from "./i18n.js";

/** Kinds whose pieces are counted in more than one unit, or in one that their name does not tell. */
const COUNTED = ["office", "workbook", "table", "text"];

/**
 * What a document is, how large it is and what it costs to keep, as far as that is known.
 * @param {any} item
 */
export function toFacts(item) {
  return [
    toKind(item),
    item.tokens === null || item.tokens === 0 ? "" : toTokens(item),
    item.sizeBytes === null ? "" : formatBytes(item.sizeBytes),
    item.costUsdPerDay === null || item.costUsdPerDay === 0 ? "" : toCostPerDay(item.costUsdPerDay),
  ].filter(Boolean);
}

/** Pictures have none in their text: what the model is charged for looking at them. @param {any} item */
function toTokens({ kind, tokens }) {
  return t(kind === "image" || kind === "scan" ? "document.tokens_of_pictures" : "document.tokens", { tokens });
}

/** How it is, who added it and when. @param {any} item */
export function toOrigin(item) {
  const when = formatDay(item.createdAt);
  const added =
    item.postedBy !== null
      ? t("document.added_by", { who: item.postedBy, when })
      : t(item.bot === "web" ? "document.added_here" : "document.added", { when });
  return [t(/** @type {any} */ (`document.${item.state}`)), added];
}

/** @param {number} usd */
export function toCostPerDay(usd) {
  return usd > 0 && usd < 0.01
    ? t("document.cost_small", { cost: 0.01 })
    : t("document.cost", { cost: formatCost(usd) });
}

/** A file of an archive by its place in there. @param {any} item @param {any} [archive] */
export function toShortName(item, archive) {
  const prefix = archive === undefined ? "" : `${archive.name}/`;
  return item.name.startsWith(prefix) ? item.name.slice(prefix.length) : item.name;
}

/** @param {any} item */
function toKind({ kind, unit, pages }) {
  const name = kind === null ? "" : t(/** @type {any} */ (unit === "slide" ? "kind.slides" : `kind.${kind}`));
  const measure =
    pages !== null
      ? t("document.pages", { pages })
      : COUNTED.includes(kind)
        ? t(/** @type {any} */ (`unit.${unit}`))
        : "";
  return name === "" || measure === "" ? name + measure : t("document.kind_measured", { kind: name, measure });
}
