import type { SaveRefusal } from "../ports/setup.ts";
import { listText, text } from "../texts/text.ts";

/** Why nothing was saved, in the language of `locale`. */
export function refusalText({ reason, missing }: SaveRefusal, locale: string): string {
  const fields = listText(
    missing.map((label) => text(label, locale)),
    locale,
  );
  return text(reason.key, locale, { ...reason.values, fields });
}
