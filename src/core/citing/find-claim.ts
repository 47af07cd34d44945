/** Where in a passage a sentence stands: for each letter of the passage whether it is of the sentence. */
export interface FoundClaim {
  /** The share of the sentence that stands there. */
  readonly coverage: number;
  readonly from: number;
  readonly to: number;
  readonly isOfClaim: Uint8Array;
}

const PIECE_LENGTH = 8;
/** A letter of these scripts says as much as half a word. */
const DENSE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu;
const DENSE_PIECE_LENGTH = 3;
/** How much longer than the sentence its place may be: words may have been left out. */
const STRETCH = 1.3;

/** The same words, apart from what an extraction loses. */
const AS_MUCH = 0.97;
/** Where one place has the claim to the letter, another one that has not says something else. */
const AS_MUCH_AS_ALL = 0.998;

/** Whether a place that holds `coverage` of a claim could be what was meant when the best place holds `best`. */
export function isAsGood(coverage: number, best: number): boolean {
  return coverage >= best * (best >= AS_MUCH_AS_ALL ? AS_MUCH_AS_ALL : AS_MUCH);
}

/**
 * The places of a passage that hold most of a claim, in whatever order, the best first; the second does not overlap it.
 * Both are given as letters.
 */
export function findClaim(passage: string, claim: string): FoundClaim[] {
  const size = (claim.match(DENSE)?.length ?? 0) * 2 > claim.length ? DENSE_PIECE_LENGTH : PIECE_LENGTH;
  const wanted = new Map<string, number[]>();
  for (let at = 0; at + size <= claim.length; at += 1) {
    const piece = claim.slice(at, at + size);
    wanted.set(piece, [...(wanted.get(piece) ?? []), at]);
  }
  const holds = new Uint8Array(passage.length);
  for (let at = 0; at + size <= passage.length; at += 1) if (wanted.has(passage.slice(at, at + size))) holds[at] = 1;
  const width = Math.ceil(claim.length * STRETCH) + size;
  const found: FoundClaim[] = [];
  while (found.length < 2) {
    const from = findFullest(holds, width);
    if (from === undefined) break;
    const to = Math.min(passage.length, from + width);
    const isOfClaim = new Uint8Array(passage.length);
    const covered = new Uint8Array(claim.length);
    for (let at = from; at < to; at += 1) {
      if (holds[at] !== 1) continue;
      isOfClaim.fill(1, at, at + size);
      for (const place of wanted.get(passage.slice(at, at + size)) ?? []) covered.fill(1, place, place + size);
    }
    const coverage = covered.reduce((sum, one) => sum + one, 0) / claim.length;
    found.push({ coverage, from, to, isOfClaim });
    holds.fill(0, from, to);
  }
  return found;
}

/** Where the `width` letters with most marks begin: at a mark. */
function findFullest(holds: Uint8Array, width: number): number | undefined {
  let [best, bestAt, sum] = [0, -1, 0];
  for (let at = holds.length - 1; at >= 0; at -= 1) {
    sum += (holds[at] ?? 0) - (holds[at + width] ?? 0);
    if (holds[at] === 1 && sum >= best) [best, bestAt] = [sum, at];
  }
  return bestAt < 0 ? undefined : bestAt;
}
