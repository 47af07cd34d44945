/** The pages that a question names itself: by number (counted from 1), or from the end (-1 is the last page). */
export interface PageReferences {
  readonly pages: readonly number[];
  /** The question without the words that name a page. */
  readonly rest: string;
}

const NUMBER_WORDS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
  "twenty",
];
const ORDINAL_WORDS = [
  "zeroth",
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
  "eleventh",
  "twelfth",
  "thirteenth",
  "fourteenth",
  "fifteenth",
  "sixteenth",
  "seventeenth",
  "eighteenth",
  "nineteenth",
  "twentieth",
];
const HAN_DIGITS = "〇一二三四五六七八九十";

const NUMBER = `\\d{1,4}|${NUMBER_WORDS.slice(1).toReversed().join("|")}`;
const ORDINAL = `\\d{1,4}(?:st|nd|rd|th)|${ORDINAL_WORDS.slice(1).toReversed().join("|")}`;
const PATTERNS: readonly RegExp[] = [
  new RegExp(
    `\\b(?:pages?|slides?|pg\\.?|pp?\\.)\\s*(?:no\\.?|number|#)?\\s*(?<n>(?:${NUMBER})\\b(?:\\s*(?:,|and|&|or|to|-|–)+\\s*(?:and\\s+)?(?:${NUMBER})\\b)*)`,
    "giu",
  ),
  new RegExp(`\\b(?<n>${ORDINAL})\\s+(?:cover\\s+)?(?:page|slide)\\b`, "giu"),
  /\b(?<first>cover|title|front)\s*-?(?:page|slide)\b/giu,
  /\b(?<last>last|final)\s+(?:page|slide)\b/giu,
  /(?<![\d.,])(?<n>\d{1,4})\s*(?:페이지|쪽|ページ|頁|页)(?!\s*(?:수|수는|数))/gu,
  /第\s*(?<n>\d{1,4}|[〇一二三四五六七八九十]{1,3})\s*(?:ページ|頁|页)/gu,
  /(?<first>첫\s*(?:번째)?\s*(?:페이지|쪽)|표지|最初のページ|表紙|首页|封面|首頁)/gu,
  /(?<last>마지막\s*(?:페이지|쪽)|最後のページ|最后一页|最後一頁|末页)/gu,
];

/** Finds "on page 5", "page two", "the cover page", 「3ページ」, "3쪽", "第3页" and the like in a question. */
export function parsePageReferences(question: string): PageReferences {
  const pages = new Set<number>();
  let rest = question;
  for (const pattern of PATTERNS) {
    rest = rest.replaceAll(pattern, (...found: unknown[]) => {
      const groups = found.at(-1) as { readonly n?: string; readonly first?: string; readonly last?: string };
      if (groups.first !== undefined) pages.add(1);
      if (groups.last !== undefined) pages.add(-1);
      for (const page of toNumbers(groups.n ?? "")) pages.add(page);
      return " ";
    });
  }
  return { pages: [...pages], rest };
}

function toNumbers(text: string): number[] {
  const numbers = text.toLowerCase().match(/\d+|\p{Script=Han}+|[a-z]+/gu) ?? [];
  return numbers.map(toNumber).filter((number) => number > 0);
}

function toNumber(word: string): number {
  if (/^\d/.test(word)) return Number(word);
  const english = Math.max(NUMBER_WORDS.indexOf(word), ORDINAL_WORDS.indexOf(word));
  if (english > 0) return english;
  if (!/^[〇一二三四五六七八九十]+$/u.test(word)) return 0;
  const [tens, units] = word.includes("十") ? word.split("十") : ["0", word];
  const digit = (character: string | undefined, fallback: number): number =>
    character === undefined || character === "" ? fallback : HAN_DIGITS.indexOf(character);
  return digit(tens, 1) * 10 * (word.includes("十") ? 1 : 0) + digit(units, 0);
}
