/** An encoding of two bytes a character, and the first bytes of the characters that everyday text consists of. */
interface DoubleByteEncoding {
  readonly label: string;
  readonly common: readonly (readonly [from: number, to: number])[];
  /** First bytes up to here stand for punctuation and signs, which tell nothing. */
  readonly signsUpTo: number;
  readonly weight: number;
}

const DOUBLE_BYTE: readonly DoubleByteEncoding[] = [
  // Hangul lies within what is common in Chinese as well, so a near tie is Korean with a few Chinese characters.
  { label: "euc-kr", common: [[0xb0, 0xc8]], signsUpTo: 0xa3, weight: 1.2 },
  { label: "gb18030", common: [[0xb0, 0xd7]], signsUpTo: 0xa3, weight: 1 },
  {
    label: "shift_jis",
    common: [
      [0x82, 0x83],
      [0x88, 0x97],
    ],
    signsUpTo: 0x81,
    weight: 1,
  },
  {
    label: "euc-jp",
    common: [
      [0xa4, 0xa5],
      [0xb0, 0xcf],
    ],
    signsUpTo: 0xa3,
    weight: 1,
  },
  { label: "big5", common: [[0xa4, 0xc6]], signsUpTo: 0xa3, weight: 1 },
];
const MIN_SCORE = 0.6;
const CYRILLIC = "windows-1251";
const WESTERN = "windows-1252";
/** Beyond ASCII, a text in these consists of letters like these; bytes at random do not. */
const MIN_LETTER_SHARE = 0.7;
const CYRILLIC_LETTERS = /[а-яё]/g;
const WESTERN_LETTERS = /[À-ÖØ-öø-ÿ‘’“”–—…€£§°·•«»¡¿ŠšŽžŒœŸ©®™\u00A0]/g;

/**
 * Encodings that bytes which are not Unicode may be in, most likely first, as labels of `TextDecoder`. Empty when they
 * look like no text in Korean, Chinese, Japanese, Russian or a Western language.
 */
export function guessEncodings(bytes: Uint8Array): readonly string[] {
  const western = new TextDecoder(WESTERN).decode(bytes);
  const isWestern = letterShare(western, WESTERN_LETTERS) >= MIN_LETTER_SHARE;
  if (isWestern && hasWesternWords(western)) return [WESTERN];
  const doubleByte = DOUBLE_BYTE.map((encoding) => ({ label: encoding.label, score: scoreOf(bytes, encoding) }))
    .filter(({ score }) => score >= MIN_SCORE)
    .toSorted((a, b) => b.score - a.score)
    .map(({ label }) => label);
  const cyrillic = new TextDecoder(CYRILLIC).decode(bytes);
  return letterShare(cyrillic, CYRILLIC_LETTERS) >= MIN_LETTER_SHARE ? [...doubleByte, CYRILLIC] : doubleByte;
}

/** The share of common characters among all that are not signs, times the encoding's weight. */
function scoreOf(bytes: Uint8Array, { common, signsUpTo, weight }: DoubleByteEncoding): number {
  let found = 0;
  let all = 0;
  for (let index = 0; index < bytes.length; index++) {
    const first = bytes[index] ?? 0;
    if (first < 0x80) continue;
    index++;
    const isCommon = common.some(([from, to]) => first >= from && first <= to);
    if (isCommon) found++;
    if (isCommon || first > signsUpTo || first < 0x81) all++;
  }
  return all === 0 ? 0 : (found / all) * weight;
}

/**
 * Western words are ASCII with a letter beyond it here and there ("café"). In Cyrillic, Chinese, Japanese and Korean
 * whole words lie beyond ASCII. Signs alone ("©") pass for Western.
 */
function hasWesternWords(western: string): boolean {
  const single = western.match(/[a-z][À-ÿ]{1,2}(?![À-ÿ])|(?<![À-ÿ])[À-ÿ]{1,2}[a-z]/gi)?.length ?? 0;
  const whole = western.match(/[^\p{ASCII}\s]{3,}/gu)?.length ?? 0;
  return single >= whole;
}

function letterShare(text: string, letters: RegExp): number {
  const beyondAscii = text.match(/\P{ASCII}/gu)?.length ?? 0;
  return beyondAscii === 0 ? 0 : (text.match(letters)?.length ?? 0) / beyondAscii;
}
