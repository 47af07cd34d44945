import { createHash } from "node:crypto";
import { withoutNul } from "../postgres/without-nul.ts";

/** As the local engine keeps them in Postgres, whose indexes refuse an entry of more than 2,704 bytes. */
const MAX_TERM_CHARACTERS = 200;

/** A term as the local engine looks it up in Postgres. */
export function toStoredTerm(term: string): string {
  if (term.length <= MAX_TERM_CHARACTERS) return withoutNul(term);
  return `${term.slice(0, MAX_TERM_CHARACTERS / 2)} ${createHash("sha256").update(term).digest("hex")}`;
}

/** How many positions there are: the last byte of each is below 128. */
export function countPositions(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => (byte < 128 ? count + 1 : count), 0);
}

/** How many words a document has; the second list of its layout has those of each page. */
export function countWords(layout: string): number {
  // What the local engine wrote.
  const [, lengths] = JSON.parse(layout) as readonly [unknown, readonly number[]];
  return lengths.reduce((sum, length) => sum + length, 0);
}
