const VOWEL_IN_STEM = /^(?:[^aeiou][^aeiouy]*)?[aeiouy]/;
const MEASURE_ABOVE_0 = /^(?:[^aeiou][^aeiouy]*)?[aeiouy][aeiou]*[^aeiou][^aeiouy]*/;
const MEASURE_IS_1 = /^(?:[^aeiou][^aeiouy]*)?[aeiouy][aeiou]*[^aeiou][^aeiouy]*(?:[aeiouy][aeiou]*)?$/;
const MEASURE_ABOVE_1 = /^(?:[^aeiou][^aeiouy]*)?[aeiouy][aeiou]*[^aeiou][^aeiouy]*[aeiouy][aeiou]*[^aeiou][^aeiouy]*/;
const CONSONANT_VOWEL_CONSONANT = /^[^aeiou][^aeiouy]*[aeiouy][^aeiouwxy]$/;

const STEP_2: ReadonlyArray<readonly [suffix: string, replacement: string]> = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
  ["logi", "log"],
];
const STEP_3: ReadonlyArray<readonly [suffix: string, replacement: string]> = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];
const STEP_4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|(?<=[st])ion|ou|ism|ate|iti|ous|ive|ize)$/;

/**
 * The stem of a lower-case English word by M. F. Porter's algorithm (https://tartarus.org/martin/PorterStemmer/);
 * words of fewer than three letters and words with other characters than a to z come back as they are.
 */
export function stemEnglish(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  let stem = withoutPlural(word);
  stem = withoutPast(stem);
  if (stem.endsWith("y") && VOWEL_IN_STEM.test(stem.slice(0, -1))) stem = stem.slice(0, -1) + "i";
  stem = replaceSuffix(stem, STEP_2);
  stem = replaceSuffix(stem, STEP_3);
  const derived = STEP_4.exec(stem);
  if (derived?.[1] !== undefined && MEASURE_ABOVE_1.test(derived[1])) stem = derived[1];
  return withoutFinalE(stem);
}

function withoutPlural(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function withoutPast(word: string): string {
  if (word.endsWith("eed")) return MEASURE_ABOVE_0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const ending = /^(.+?)(?:ed|ing)$/.exec(word)?.[1];
  if (ending === undefined || !VOWEL_IN_STEM.test(ending)) return word;
  if (/(?:at|bl|iz)$/.test(ending)) return ending + "e";
  if (/([^aeiouylsz])\1$/.test(ending)) return ending.slice(0, -1);
  return CONSONANT_VOWEL_CONSONANT.test(ending) ? ending + "e" : ending;
}

function replaceSuffix(word: string, rules: typeof STEP_2): string {
  for (const [suffix, replacement] of rules) {
    if (!word.endsWith(suffix)) continue;
    const rest = word.slice(0, -suffix.length);
    return MEASURE_ABOVE_0.test(rest) ? rest + replacement : word;
  }
  return word;
}

function withoutFinalE(word: string): string {
  let stem = word;
  if (stem.endsWith("e")) {
    const rest = stem.slice(0, -1);
    if (MEASURE_ABOVE_1.test(rest) || (MEASURE_IS_1.test(rest) && !CONSONANT_VOWEL_CONSONANT.test(rest))) stem = rest;
  }
  return stem.endsWith("ll") && MEASURE_ABOVE_1.test(stem) ? stem.slice(0, -1) : stem;
}
