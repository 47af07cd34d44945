import { toNextDayAt } from "../calendar.ts";
import type { BudgetKind } from "../ports/budget-ledger.ts";
import { amountText } from "../texts/amount-text.ts";
import { toLanguage } from "../texts/languages.ts";
import { text } from "../texts/text.ts";

/** An amount in USD: cents, and of what is less than ten of them two digits. */
export function usdText(usd: number, locale: string | null): string {
  return amountText(usd, "usd", toLanguage(locale));
}

/** When the budgets of the day of `at` renew, with the zone: who reads it may live in another one. */
export function renewalText(at: number, timeZone: string, locale: string | null): string {
  return new Intl.DateTimeFormat(toLanguage(locale), {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone,
    timeZoneName: "short",
  }).format(toNextDayAt(at, timeZone));
}

export function budgetText(kind: BudgetKind, locale: string | null): string {
  return text(`budget.${kind}`, locale);
}
