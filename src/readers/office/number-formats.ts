import type { Package } from "./open-package.ts";
import { parseXml } from "./parse-xml.ts";

export type NumberFormat = "plain" | "percent" | "date" | "time" | "date-time";

/** What a cell's style does to its number, by the style's index. Styles that leave it as it is are not in here. */
export type NumberFormats = ReadonlyMap<number, NumberFormat>;

/** Formats that have no code in the file (ECMA-376 part 1, 18.8.30). */
const BUILT_IN: Readonly<Record<number, NumberFormat>> = {
  9: "percent",
  10: "percent",
  ...Object.fromEntries([14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, "date"])),
  ...Object.fromEntries([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56].map((id) => [id, "time"])),
  22: "date-time",
};

const DAY_MS = 24 * 60 * 60 * 1000;
/** Excel takes 1900 for a leap year, so its day 0 is 30 December 1899 for every day after February 1900. */
const FIRST_DAY = Date.UTC(1899, 11, 30);
const FIRST_DAY_1904 = Date.UTC(1904, 0, 1);
/** The last day that Excel knows, at the end of the year 9999. */
const LAST_DAY = 2_958_465;

/** Reads which cell styles show a number as a date, a time or a percentage. */
export async function readNumberFormats(parts: Package, styles: string | undefined): Promise<NumberFormats> {
  const formats = new Map<number, NumberFormat>();
  if (styles === undefined) return formats;
  const custom = new Map<number, NumberFormat>();
  let isCell = false;
  let index = 0;
  await parseXml(parts.text(styles), {
    open(name, { numFmtId, formatCode }) {
      const id = Number(numFmtId);
      if (name === "numFmt") custom.set(id, toFormat(formatCode ?? ""));
      if (name === "cellXfs") isCell = true;
      if (name !== "xf" || !isCell) return;
      const format = custom.get(id) ?? BUILT_IN[id] ?? "plain";
      if (format !== "plain") formats.set(index, format);
      index += 1;
    },
    close(name) {
      if (name === "cellXfs") isCell = false;
    },
  });
  return formats;
}

/** A stored number as a person sees it: without the noise of binary fractions, dates as 2026-11-26. */
export function toShownNumber(value: string, format: NumberFormat | undefined, isFrom1904: boolean): string {
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  if (format === "percent") return `${round(number * 100)}%`;
  if (format === undefined || format === "plain" || number < 0 || number > LAST_DAY) return round(number);
  const at = new Date((isFrom1904 ? FIRST_DAY_1904 : FIRST_DAY) + Math.round((number * DAY_MS) / 1000) * 1000);
  const [date = "", time = ""] = at.toISOString().replace(".000Z", "").split("T");
  if (format === "time" && number < 1) return time;
  return format === "date" ? date : `${date} ${time}`;
}

/** What a format code means, once what it quotes, and its colours and currencies are taken out. */
function toFormat(code: string): NumberFormat {
  const signs = code.replaceAll(/"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "").toLowerCase();
  const hasTime = /[hs]/.test(signs);
  // An `m` means minutes beside hours or seconds, else months.
  const hasDate = /[yd]/.test(signs) || (/m/.test(signs) && !hasTime);
  if (hasDate) return hasTime ? "date-time" : "date";
  if (hasTime) return "time";
  return signs.includes("%") ? "percent" : "plain";
}

function round(number: number): string {
  return String(Number(number.toPrecision(15)));
}
