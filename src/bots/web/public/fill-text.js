// @ts-check

const PLACE = /\{(\w+)(?::(\w+)|\|([^}]*))?\}/g;
const CATEGORIES = /** @type {const} */ (["zero", "one", "two", "few", "many", "other"]);

/**
 * A text of a language with its places filled: `{name}`, `{name:unit}`, `{name|form|form…}`. The server has the same in
 * TypeScript, `core/texts/fill-text.ts`; a test holds the two together.
 * @param {string} sentence
 * @param {Readonly<Record<string, string | number>>} values
 * @param {string} language
 */
export function fillText(sentence, values, language) {
  const { plural, categories, number } = toFormats(language);
  return sentence.replace(PLACE, (_, name, unit, forms) => {
    const value = values[name] ?? "";
    if (forms !== undefined) return forms.split("|")[categories.indexOf(plural.select(Number(value)))] ?? "";
    if (typeof value === "string") return value;
    return unit === undefined ? number.format(value) : formatAmount(value, unit, language);
  });
}

/**
 * An amount as a language writes it: `$0.02`, `100MB`, `300 秒`. Of `usd` cents, and of what is less than ten of them two
 * digits; `percent` is a share.
 * @param {number} amount
 * @param {string} unit
 * @param {string} language
 */
export function formatAmount(amount, unit, language) {
  return new Intl.NumberFormat(language, toOptions(amount, unit)).format(amount);
}

/** @type {Map<string, { plural: Intl.PluralRules, categories: readonly string[], number: Intl.NumberFormat }>} */
const formats = new Map();

/** Made once for each language: making one takes longer than a text. @param {string} language */
function toFormats(language) {
  const known = formats.get(language);
  if (known !== undefined) return known;
  const plural = new Intl.PluralRules(language);
  const { pluralCategories } = plural.resolvedOptions();
  const made = {
    plural,
    categories: CATEGORIES.filter((category) => pluralCategories.includes(category)),
    number: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }),
  };
  formats.set(language, made);
  return made;
}

/** @param {number} amount @param {string} unit @returns {Intl.NumberFormatOptions} */
function toOptions(amount, unit) {
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const digits = amount === 0 || amount >= 0.0995 ? cents : { maximumSignificantDigits: 2 };
  if (unit === "usd") return { style: "currency", currency: "USD", ...digits };
  if (unit === "percent") return { style: "percent" };
  return { style: "unit", unit, unitDisplay: unit === "second" ? "long" : "short", maximumFractionDigits: 1 };
}
