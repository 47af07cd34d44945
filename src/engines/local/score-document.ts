import type { DocumentPostings } from "./document-postings.ts";
import type { FoundTerm } from "./find-terms.ts";
import { toRarity } from "./rarity.ts";

/** A term used this often among all words is half of "this document is about it". */
const TELLING_DENSITY = 0.002;
/** Keeps very short documents from looking dense, in words. */
const LENGTH_FLOOR = 2000;

/** A document with the terms found in it. */
export interface DocumentFindings {
  readonly document: DocumentPostings;
  readonly found: readonly FoundTerm[];
}

/**
 * How well each document as a whole fits the question, for choosing between them: by terms in its name, and by terms
 * it uses often. The fewer documents share a term, the more it says; alone, every document scores the same.
 */
export function scoreDocuments(findings: readonly DocumentFindings[]): number[] {
  const scores = findings.map(() => 0);
  const termCount = findings[0]?.found.length ?? 0;
  const lengths = findings.map(({ document }) =>
    document.layout.lengths.reduce((sum, length) => sum + length, LENGTH_FLOOR),
  );
  for (let index = 0; index < termCount; index++) {
    const column = findings.map(({ found }) => found[index]);
    if (column[0]?.term.kind !== "asked") continue;
    const rarity = toRarity(column.filter((found) => (found?.positions.length ?? 0) > 0).length, findings.length);
    const rarityInNames = toRarity(column.filter((found) => found?.inName).length, findings.length);
    for (const [row, found] of column.entries()) {
      if (found === undefined) continue;
      const density = found.positions.length / (lengths[row] ?? LENGTH_FLOOR);
      const ofText = found.term.weight * rarity * (density / (density + TELLING_DENSITY));
      scores[row] = (scores[row] ?? 0) + ofText + (found.inName ? rarityInNames : 0);
    }
  }
  return scores;
}
