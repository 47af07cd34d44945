import { AMOUNT_UNITS, amountText } from "./amount-text.ts";

/** Values a text shows. Numbers are written as the language does. */
export type TextValues = Readonly<Record<string, string | number>>;

/** `{name}`, `{name:unit}` or `{name|form|form…}`. */
const PLACE = /\{(\w+)(?::(\w+)|\|([^}]*))?\}/g;

const CATEGORIES = ["zero", "one", "two", "few", "many", "other"] as const;

/** A text of a language with its places filled. `en.ts` tells what places there are. */
export function fillText(sentence: string, values: TextValues, language: string): string {
  const { plural, categories, number } = toFormats(language);
  return sentence.replace(PLACE, (_, name: string, wanted?: string, forms?: string) => {
    const value = values[name] ?? "";
    if (forms !== undefined) return forms.split("|")[categories.indexOf(plural.select(Number(value)))] ?? "";
    if (typeof value === "string") return value;
    const unit = AMOUNT_UNITS.find((known) => known === wanted);
    return unit === undefined ? number.format(value) : amountText(value, unit, language);
  });
}

/** The plural forms that a language has, in the order in which a text lists them. */
export function pluralCategories(language: string): readonly Intl.LDMLPluralRule[] {
  const { pluralCategories: known } = new Intl.PluralRules(language).resolvedOptions();
  return CATEGORIES.filter((category) => known.includes(category));
}

interface Formats {
  readonly plural: Intl.PluralRules;
  readonly categories: readonly Intl.LDMLPluralRule[];
  readonly number: Intl.NumberFormat;
}

const formats = new Map<string, Formats>();

/** Made once for each language: making one takes longer than a text. */
function toFormats(language: string): Formats {
  const known = formats.get(language) ?? {
    plural: new Intl.PluralRules(language),
    categories: pluralCategories(language),
    number: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }),
  };
  formats.set(language, known);
  return known;
}
