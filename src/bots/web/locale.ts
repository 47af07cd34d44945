import { findLanguage, toLanguage } from "../../core/texts/languages.ts";

/** The locale a request is answered in: the configured one, else the first of Accept-Language that we can write. */
export function toLocale(request: Request, language: string): string {
  if (language !== "auto") return language;
  const wishes = (request.headers.get("accept-language") ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", quality] = part.trim().split(/;\s*q=/);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => quality > 0 && /^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$/.test(tag))
    .toSorted((a, b) => b.quality - a.quality);
  const known = wishes.find(({ tag }) => findLanguage(tag) !== undefined);
  return known?.tag ?? toLanguage(null);
}
