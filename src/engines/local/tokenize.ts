import { stemEnglish } from "./stem-english.ts";

/** One searchable term of a text: where its characters stand, and its place in the order of words and characters. */
export interface Token {
  readonly term: string;
  readonly position: number;
  readonly start: number;
  readonly end: number;
}

// Scripts written without spaces between words: they are searched by pairs of neighbouring characters.
const UNSPACED =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const SEGMENT = new RegExp(
  [
    // A line break inside a run is where the page was wrapped, not where a word ends.
    `(?<unspaced>[${UNSPACED}]+(?:\\n[${UNSPACED}]+)*)`,
    "(?<hangul>\\p{Script=Hangul}+)",
    "(?<number>\\d+(?:[.,]\\d+)*(?![\\d\\p{Script=Latin}]))",
    "(?<dotted>(?:\\p{Lu}\\.){2,})",
    `(?<word>(?:(?![${UNSPACED}\\p{Script=Hangul}])[\\p{L}\\p{N}\\p{M}])+(?:['’&](?:(?![${UNSPACED}\\p{Script=Hangul}])[\\p{L}\\p{N}\\p{M}])+)*)`,
  ].join("|"),
  "gu",
);
const PARTICLE =
  /(?:에서는|에서의|으로는|으로의|에게서|이라는|이라고|에서|에게|에는|에도|으로|부터|까지|보다|처럼|마다|이나|라는|라고|은|는|이|가|을|를|의|에|로|와|과|도|만|나)$/u;
const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const STEMS_KEPT = 50_000;

const stems = new Map<string, string>();

/**
 * Splits a text into the terms that are indexed and asked for, in order: English word stems, numbers without
 * grouping, character pairs for Chinese, Japanese and Korean. Some words give several terms at one position.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (const match of text.matchAll(SEGMENT)) {
    const start = match.index;
    const raw = match[0];
    const end = start + raw.length;
    const { unspaced, hangul, number, dotted } = match.groups ?? {};
    if (unspaced !== undefined) {
      position = pushCharacterPairs(tokens, raw, start, position);
    } else if (hangul !== undefined) {
      position = pushHangul(tokens, raw, start, position);
    } else {
      const terms =
        number !== undefined
          ? toNumberTerms(raw)
          : dotted !== undefined
            ? [raw.replaceAll(".", "").toLowerCase()]
            : toWordTerms(raw);
      for (const term of terms) tokens.push({ term, position, start, end });
      const joined = joinedWithPrevious(text, tokens, raw, start, terms.length);
      if (joined !== undefined) tokens.push({ term: joined, position, start, end });
      position++;
    }
  }
  return tokens;
}

/** Lower case, compatibility forms unified and diacritics of Latin letters removed. */
export function foldCase(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase();
  return !/[^ -~\s]/.test(folded)
    ? folded
    : folded
        .normalize("NFD")
        .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
        .normalize("NFC");
}

/** A number without its grouping; of "19.90,4", which is cells of a CSV file, also each by itself. */
function toNumberTerms(raw: string): string[] {
  const joined = raw.replaceAll(",", "");
  return !raw.includes(",") || GROUPED.test(raw) ? [joined] : [joined, ...raw.split(",")];
}

function toWordTerms(raw: string): string[] {
  // Without this "JnJ" never meets the "J&J" of the text.
  const word = foldCase(raw.replace(/^(\p{Lu})n(?=\p{Lu}(?:['’]s)?$)/u, "$1&"))
    .replaceAll("’", "'")
    .replace(/'s?$/, "");
  const period = /^(?:fy|cy)'?(\d{2}|\d{4})$/.exec(word)?.[1];
  if (period !== undefined) return [period.length === 2 ? `20${period}` : period];
  const quarter = /^(?:([1-4])q|q([1-4]))'?(\d{4}|\d{2})?$/.exec(word);
  if (quarter !== null) {
    const year = quarter[3];
    const term = `q${quarter[1] ?? quarter[2]}`;
    return year === undefined ? [term] : [term, year.length === 2 ? `20${year}` : year];
  }
  const yearFirst = /^(\d{4})q([1-4])$/.exec(word);
  if (yearFirst?.[1] !== undefined) return [yearFirst[1], `q${yearFirst[2]}`];
  const amount = /^(\d+)\p{L}{2,4}$/u.exec(word)?.[1];
  // "350MB" is also found by "350 MB".
  if (amount !== undefined && !/^\d+(?:st|nd|rd|th)$/.test(word)) return [word, amount];
  return [stem(word.replaceAll("'", ""))];
}

function stem(word: string): string {
  let known = stems.get(word);
  if (known === undefined) {
    if (stems.size >= STEMS_KEPT) stems.clear();
    known = stemEnglish(word);
    stems.set(word, known);
  }
  return known;
}

/** "busi-⏎ness" is "business", and "P-10" can be asked for as "P10". */
function joinedWithPrevious(
  text: string,
  tokens: Token[],
  raw: string,
  start: number,
  added: number,
): string | undefined {
  if (text[start - 1] !== "-" && !(text[start - 1] === "\n" && text[start - 2] === "-")) return undefined;
  const previous = tokens[tokens.length - added - 1];
  const gap = text[start - 1] === "-" ? 1 : 2;
  if (previous === undefined || previous.end !== start - gap) return undefined;
  const before = text.slice(previous.start, previous.end);
  if (/^\d/.test(before) && /^\d/.test(raw)) return undefined;
  return stem(foldCase(before + raw));
}

function pushCharacterPairs(tokens: Token[], raw: string, start: number, position: number): number {
  const characters: { text: string; start: number; end: number }[] = [];
  let offset = start;
  for (const character of raw) {
    // Chinese PDFs often hold radicals in place of the characters that look the same.
    const text = character.normalize("NFKC");
    if (character !== "\n") characters.push({ text, start: offset, end: offset + character.length });
    offset += character.length;
  }
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    if (next !== undefined)
      tokens.push({
        term: character.text + next.text,
        position: position + index,
        start: character.start,
        end: next.end,
      });
    else if (index === 0) tokens.push({ term: character.text, position, start: character.start, end: character.end });
  }
  return position + characters.length;
}

function pushHangul(tokens: Token[], raw: string, start: number, position: number): number {
  const end = start + raw.length;
  const word = raw.normalize("NFC");
  const bare = word.length > 2 ? word.replace(PARTICLE, "") : word;
  if (bare.length !== 2) tokens.push({ term: bare, position, start, end });
  for (let index = 0; index + 1 < word.length; index++) {
    tokens.push({ term: word.slice(index, index + 2), position: position + index, start, end });
  }
  return position + Math.max(1, word.length - 1);
}
