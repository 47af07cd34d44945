import { toNameTerms } from "./find-terms.ts";
import type { DocumentSummary } from "./postings-store.ts";
import { forEachInSlices } from "./time-slices.ts";

/** What a table tells of a finished copy. */
export interface SummaryRow {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly words: number;
}

/** About half a kilobyte each. */
const MAX_KEPT = 50_000;

/**
 * Keeps the summaries of copies in memory: a finished copy never changes and its key is never used again, so that a
 * question over ten thousand documents reads and takes apart only the names that are new.
 */
export function createSummaryCache(): {
  /** The summaries of these copies in their order; `read` is asked for those that are not known. */
  take(
    keys: readonly number[],
    read: (keys: readonly number[]) => readonly SummaryRow[] | Promise<readonly SummaryRow[]>,
  ): Promise<{ readonly keys: readonly number[]; readonly documents: readonly DocumentSummary[] }>;
} {
  const kept = new Map<number, DocumentSummary>();
  return {
    async take(keys, read) {
      const missing = keys.filter((key) => !kept.has(key));
      const known = new Map<number, DocumentSummary>();
      for (const key of keys) {
        const summary = kept.get(key);
        if (summary !== undefined) known.set(key, summary);
      }
      if (missing.length > 0) {
        await forEachInSlices(await read(missing), ({ key, id, name, words }) => {
          const summary = { id, words, nameTerms: toNameTerms(name) };
          known.set(key, summary);
          kept.set(key, summary);
        });
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      // A copy that was deleted between two statements is left out.
      const found = keys.flatMap((key) => {
        const summary = known.get(key);
        return summary === undefined ? [] : [{ key, summary }];
      });
      return { keys: found.map(({ key }) => key), documents: found.map(({ summary }) => summary) };
    },
  };
}
