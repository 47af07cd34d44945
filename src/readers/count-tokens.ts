import { countTokens as countExactly } from "gpt-tokenizer/encoding/o200k_base";

/** Up to here every character is counted; a longer text is counted in samples. */
const EXACT_CHARS = 200_000;
const SLICE_CHARS = 4000;
/** Of the slices behind `EXACT_CHARS`, one in this many is counted. */
const SAMPLE_EVERY = 5;
/** The tokenizer takes quadratic time over an unbroken run, so a longer one is cut into pieces of `RUN_PIECE_CHARS`. */
const LONG_RUN = /\S{400}|\s{400}/;
const RUN_PIECE_CHARS = 200;

/** Text that looks like a special token, `<|endoftext|>`, is counted as the ordinary characters it is. */
const AS_PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

/** Counts tokens of a text that arrives in parts. */
export interface TokenCounter {
  add(text: string): void;
  /** Estimated tokens of everything added so far. */
  total(): number;
}

/** A counter with o200k_base: exact for the first 200,000 characters, then extrapolated from every fifth slice. */
export function createTokenCounter(): TokenCounter {
  let exactChars = 0;
  let exactTokens = 0;
  let sampledChars = 0;
  let sampledTokens = 0;
  let skippedChars = 0;
  let slices = 0;

  return {
    add(text) {
      if (exactChars + text.length <= EXACT_CHARS) {
        exactChars += text.length;
        exactTokens += countAll(text);
        return;
      }
      for (let start = 0; start < text.length; start += SLICE_CHARS) {
        const slice = text.slice(start, start + SLICE_CHARS);
        if (exactChars + slice.length <= EXACT_CHARS) {
          exactChars += slice.length;
          exactTokens += countAll(slice);
        } else if (slices++ % SAMPLE_EVERY === 0) {
          sampledChars += slice.length;
          sampledTokens += countAll(slice);
        } else {
          skippedChars += slice.length;
        }
      }
    },
    total() {
      const skippedTokens = sampledChars === 0 ? 0 : (sampledTokens / sampledChars) * skippedChars;
      return Math.round(exactTokens + sampledTokens + skippedTokens);
    },
  };
}

/** Estimated o200k_base tokens of a whole text. */
export function countTokens(text: string): number {
  const counter = createTokenCounter();
  counter.add(text);
  return counter.total();
}

function countAll(text: string): number {
  if (!LONG_RUN.test(text)) return countExactly(text, AS_PLAIN_TEXT);
  let tokens = 0;
  for (let start = 0; start < text.length; start += RUN_PIECE_CHARS) {
    tokens += countExactly(text.slice(start, start + RUN_PIECE_CHARS), AS_PLAIN_TEXT);
  }
  return tokens;
}
