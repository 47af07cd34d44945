/** How likely bytes that decode without an error are a text in that encoding: the share of letters one expects. */
interface LegacyEncoding {
  readonly label: string;
  /** Letters of the language; the share of them among all characters beyond ASCII must reach `minShare`. */
  readonly letters: RegExp;
  readonly minShare: number;
}

const WESTERN = "windows-1252";
/** In order of certainty: the letters of a later one also appear when a text of an earlier one is misread. */
const LEGACY_ENCODINGS: readonly LegacyEncoding[] = [
  { label: "euc-kr", letters: /[가-힣]/g, minShare: 0.6 },
  { label: "shift_jis", letters: /[\u3041-\u3096\u30A1-\u30FA\u30FC]/g, minShare: 0.25 },
  { label: "euc-jp", letters: /[\u3041-\u3096\u30A1-\u30FA\u30FC]/g, minShare: 0.25 },
  { label: "gb18030", letters: /[的一是不了人我在有他这中大来上国们地和]/g, minShare: 0.03 },
  { label: "big5", letters: /[的一是不了人我在有他這中大來上國們地和]/g, minShare: 0.03 },
  { label: "gb18030", letters: /[\u4E00-\u9FFF\u3000-\u3011\uFF01-\uFF5E]/g, minShare: 0.97 },
  { label: "windows-1251", letters: /[а-яё]/g, minShare: 0.7 },
  { label: WESTERN, letters: /[À-ÖØ-öø-ÿ‘’“”–—…€£§°·•«»¡¿ŠšŽžŒœŸ©®™\u00A0]/g, minShare: 0.9 },
];
/** A few damaged characters do not make a long UTF-8 text something else. */
const MAX_DAMAGED_SHARE = 0.001;
/** Bytes at random hold far more. */
const MAX_CONTROL_SHARE = 0.01;
/** Begins a colour in the log of a program. */
const COLOUR = "\u001B[";

/**
 * Decodes bytes that are text in UTF-8, UTF-16 or a common legacy encoding; null when they are not text.
 * `isPart` says that the bytes may end within a character.
 */
export function decodeText(bytes: Uint8Array, isPart = false): string | null {
  const text = decodeUnicode(bytes, isPart) ?? decodeLegacy(bytes, isPart);
  return text === null || hasControls(text) ? null : text;
}

function decodeUnicode(bytes: Uint8Array, isPart: boolean): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode("utf-16le", bytes, isPart);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode("utf-16be", bytes, isPart);
  if (bytes.includes(0)) return decodeUtf16WithoutMark(bytes, isPart);
  const text = decode("utf-8", bytes, isPart);
  if (text !== null) return text;
  const damaged = new TextDecoder("utf-8").decode(bytes, { stream: isPart });
  return countMatches(damaged, /\uFFFD/g) <= damaged.length * MAX_DAMAGED_SHARE ? damaged : null;
}

/** Western text in UTF-16 has a zero in every second byte, and in no other. */
function decodeUtf16WithoutMark(bytes: Uint8Array, isPart: boolean): string | null {
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = sample.length * 0.35;
  if (odd > most && even === 0) return decode("utf-16le", bytes, isPart);
  if (even > most && odd === 0) return decode("utf-16be", bytes, isPart);
  return null;
}

function decodeLegacy(bytes: Uint8Array, isPart: boolean): string | null {
  if (bytes.includes(0)) return null;
  const isWestern = hasWesternWords(bytes);
  for (const { label, letters, minShare } of LEGACY_ENCODINGS) {
    if (isWestern !== (label === WESTERN)) continue;
    const text = decode(label, bytes, isPart);
    if (text === null) continue;
    const beyondAscii = countMatches(text, /\P{ASCII}/gu);
    if (countMatches(text, letters) < beyondAscii * minShare) continue;
    return text;
  }
  return null;
}

function decode(label: string, bytes: Uint8Array, isPart: boolean): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: isPart });
  } catch {
    return null;
  }
}

/**
 * Western words are ASCII with a letter beyond it here and there ("café"). In Cyrillic, Chinese, Japanese and Korean
 * whole words lie beyond ASCII. Signs alone ("©") tell nothing, and pass for Western.
 */
function hasWesternWords(bytes: Uint8Array): boolean {
  const text = new TextDecoder("windows-1252").decode(bytes);
  const single = countMatches(text, /[a-z][À-ÿ]{1,2}(?![À-ÿ])|(?<![À-ÿ])[À-ÿ]{1,2}[a-z]/gi);
  return single >= countMatches(text, /[^\p{ASCII}\s]{2,}/gu);
}

function hasControls(text: string): boolean {
  if (text.includes("\0")) return true;
  const controls = countMatches(text.replaceAll(COLOUR, ""), /[\p{Cc}--[\t\n\r\f]]/gv);
  return controls > text.length * MAX_CONTROL_SHARE;
}

function countMatches(text: string, pattern: RegExp): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) count++;
  return count;
}
