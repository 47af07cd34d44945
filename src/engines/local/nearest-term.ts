const SHORTEST = 6;
const SHORTEST_FOR_TWO = 8;

/** True for a term that may be a misspelt word: letters only, and long enough for a letter not to make another word. */
export function isCorrectable(term: string): boolean {
  return term.length >= SHORTEST && /^\p{Script=Latin}+$/u.test(term);
}

/**
 * The known term that a misspelt one was meant to be: one letter wrong, missing, added or swapped, two in long words.
 * The first letter is taken as right. Undefined when none is near.
 */
export function findNearestTerm(term: string, known: Iterable<string>): string | undefined {
  const allowed = term.length >= SHORTEST_FOR_TWO ? 2 : 1;
  let best: { readonly term: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    if (candidate[0] !== term[0] || Math.abs(candidate.length - term.length) > allowed) continue;
    const distance = editDistance(term, candidate);
    if (distance <= allowed && distance < (best?.distance ?? Infinity)) best = { term: candidate, distance };
  }
  return best?.term;
}

/** Damerau's distance with neighbouring letters swapped counting as one. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      let distance = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + same,
      );
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwapped) distance = Math.min(distance, (before[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? 0;
}
