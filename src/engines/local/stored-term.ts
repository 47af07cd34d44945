import { createHash } from "node:crypto";

const MAX_CHARACTERS = 200;

/** A term as Postgres holds it: its indexes refuse an entry of more than 2,704 bytes, and a file's "word" may be longer. */
export function toStoredTerm(term: string): string {
  if (term.length <= MAX_CHARACTERS) return term;
  return `${term.slice(0, MAX_CHARACTERS / 2)} ${createHash("sha256").update(term).digest("hex")}`;
}
