const WORD = /[\p{L}\p{N}\p{M}]/u;
/** Written without spaces: the end of a "word" would be the end of the sentence. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const CLOSING = /[.,;:!?%…。、，！？：；)\]}"'»”’」』）】*_`~]/u;

/**
 * Where a mark goes for a citation's `index`. OpenAI does not say whether it counts UTF-16 units or code points: both
 * are looked at, and the one that stands behind a word or a sentence wins. The place is never inside a surrogate pair
 * or a word, and behind the punctuation that follows.
 */
export function toMarkPlace(text: string, index: number): number {
  const units = clamp(index, text.length);
  const points = clamp(toUnits(text, index), text.length);
  const place = units === points || (isGoodPlace(text, points) && !isGoodPlace(text, units)) ? points : units;
  return afterPunctuation(text, afterWord(text, outOfPair(text, place)));
}

/** The UTF-16 offset of a code point. */
function toUnits(text: string, points: number): number {
  let offset = 0;
  for (let seen = 0; seen < points && offset < text.length; seen += 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

function isGoodPlace(text: string, place: number): boolean {
  if (place !== outOfPair(text, place)) return false;
  const before = charBefore(text, place);
  const after = text.slice(place, place + 2);
  return before !== "" && !/\s/u.test(before) && (after === "" || /^[\s.,;:!?)。、\]]/u.test(after));
}

function outOfPair(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff && place > 0 ? place + 1 : place;
}

function afterWord(text: string, place: number): number {
  let end = place;
  const before = charBefore(text, place);
  if (!WORD.test(before) || SPACELESS.test(before)) return end;
  while (end < text.length) {
    const char = charAt(text, end);
    // 2.4 and 2,400 are one word.
    const isInNumber = /[.,]/u.test(char) && /\d/.test(charBefore(text, end)) && /\d/.test(charAt(text, end + 1));
    if (!isInNumber && (!WORD.test(char) || SPACELESS.test(char))) break;
    end += char.length;
  }
  return end;
}

function afterPunctuation(text: string, place: number): number {
  let end = place;
  for (let char = charAt(text, end); char !== "" && CLOSING.test(char); char = charAt(text, end)) {
    // A point between digits belongs to a number.
    const next = charAt(text, end + char.length);
    if (/[.,:]/u.test(char) && WORD.test(next)) break;
    end += char.length;
  }
  return end;
}

function charAt(text: string, place: number): string {
  const point = text.codePointAt(place);
  return point === undefined ? "" : String.fromCodePoint(point);
}

function charBefore(text: string, place: number): string {
  const isPair = place >= 2 && (text.codePointAt(place - 2) ?? 0) > 0xffff;
  return text.slice(Math.max(0, place - (isPair ? 2 : 1)), place);
}

function clamp(value: number, max: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(0, Math.trunc(value)), max) : max;
}
