import type { Place } from "../document.ts";
import { text } from "./text.ts";

/**
 * Where in a document something stands, e.g. `p. 3`, `slide 4`, `sheet “Budget”`. `escape` is what a platform needs so
 * that a name shows as it is.
 */
export function placeText(
  place: Place,
  locale: string | null | undefined,
  escape: (name: string) => string = (name) => name,
): string {
  const { unit, title } = place;
  // As text: a page number has no thousands separator.
  const number = String(place.number);
  if (title === undefined || (unit !== "sheet" && unit !== "section")) return text(`place.${unit}`, locale, { number });
  return text(`place.${unit}_named`, locale, { title: escape(title) });
}
