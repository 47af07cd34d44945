/** What an amount in a text is counted in. `percent` is a share: 0.5 is 50 %. */
export const AMOUNT_UNITS = ["usd", "megabyte", "gigabyte", "second", "percent"] as const;

export type AmountUnit = (typeof AMOUNT_UNITS)[number];

/** An amount as a language writes it: `$0.02`, `100MB`, `300 秒`. */
export function amountText(amount: number, unit: AmountUnit, language: string): string {
  return new Intl.NumberFormat(language, toOptions(amount, unit)).format(amount);
}

function toOptions(amount: number, unit: AmountUnit): Intl.NumberFormatOptions {
  if (unit === "usd") return { style: "currency", currency: "USD", ...toCents(amount) };
  if (unit === "percent") return { style: "percent" };
  const unitDisplay = unit === "second" ? "long" : "short";
  return { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 };
}

/** Cents, and of what is less than ten of them two digits. */
function toCents(usd: number): Intl.NumberFormatOptions {
  return usd === 0 || usd >= 0.0995
    ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
    : { maximumSignificantDigits: 2 };
}
