import { decodePositions, parseLayout } from "./document-postings.ts";
import { createPostgresCopies } from "./postgres-copies.ts";
import { createStoredDocument, type PostingsStore } from "./postings-store.ts";
import type { SharedDatabase } from "./shared-database.ts";
import { toStoredTerm } from "./stored-term.ts";
import { createSummaryCache, type SummaryRow } from "./summary-cache.ts";

/** The index in tables that several processes share; the schema is made by who opens the database. */
export function createPostgresPostings(database: SharedDatabase): PostingsStore {
  const { query } = database;
  const summaries = createSummaryCache();

  async function readSummaries(keys: readonly number[]): Promise<readonly SummaryRow[]> {
    const { rows } = await query<SummaryRow>(
      "SELECT key, id, name, words FROM docent.passage_documents WHERE key = ANY($1::bigint[])",
      [keys],
    );
    return rows;
  }

  return {
    ...createPostgresCopies(database),
    async survey(ids, terms) {
      // Lists as text: the driver takes a hundred times as long for the same numbers in rows.
      const { rows } = await query<{ term: string | null; list: string | null }>(
        `WITH visible AS MATERIALIZED (
           SELECT d.key, d.scope FROM unnest($1::text[]) AS asked (id)
           JOIN docent.passage_documents d ON d.id = asked.id AND d.state = 'ready'
         )
         SELECT NULL AS term, string_agg(key::text, ',') AS list FROM visible
         UNION ALL
         SELECT term, string_agg(document || ',' || uses, ',') FROM docent.passage_terms
         WHERE scope = ANY (ARRAY(SELECT DISTINCT scope FROM visible)) AND term = ANY($2::text[]) GROUP BY term`,
        [ids, terms.map(toStoredTerm)],
      );
      const listOf = new Map(rows.map(({ term, list }) => [term, toNumbers(list)]));
      const visible = [...new Set(listOf.get(null))].toSorted((first, second) => first - second);
      const { keys, documents } = await summaries.take(visible, readSummaries);
      const rowOf = new Map(keys.map((key, row) => [key, row]));
      const columns = terms.map((term) => {
        const column = new Int32Array(keys.length);
        const list = listOf.get(toStoredTerm(term)) ?? [];
        for (let at = 0; at < list.length; at += 2) {
          const row = rowOf.get(list[at] ?? 0);
          if (row !== undefined) column[row] = list[at + 1] ?? 0;
        }
        return [term, column] as const;
      });
      return { documents, uses: new Map(columns) };
    },
    async documents(ids) {
      const { rows } = await query<{ key: number; id: string; name: string; layout: string }>(
        `SELECT key, id, name, layout FROM docent.passage_documents
         WHERE id = ANY($1::text[]) AND state = 'ready' ORDER BY key`,
        [ids],
      );
      return rows.map((row) => createStoredDocument({ ...row, layout: parseLayout(row.layout) }));
    },
    async load(documents, terms) {
      if (documents.length === 0 || terms.length === 0) return;
      const byKey = new Map(documents.map((document) => [document.key, document.loaded]));
      const termOf = new Map(terms.map((term) => [toStoredTerm(term), term]));
      const { rows } = await query<{ document: number; term: string; positions: Uint8Array }>(
        `SELECT document, term, positions FROM docent.passage_terms
         WHERE document = ANY($1::bigint[]) AND term = ANY($2::text[])`,
        [[...byKey.keys()], [...termOf.keys()]],
      );
      for (const { document, term, positions } of rows) {
        byKey.get(document)?.set(termOf.get(term) ?? term, decodePositions(positions));
      }
    },
    async termsLike(documents, words) {
      // In the order in which SQLite finds them, as the first of several that are equally near is taken.
      const { rows } = await query<{ word: string; terms: string[] }>(
        `SELECT word, array_agg(term ORDER BY place, term) AS terms FROM (
           SELECT w.word, p.term, min(d.place) AS place
           FROM unnest($1::bigint[]) WITH ORDINALITY AS d (key, place)
           CROSS JOIN unnest($2::text[], $3::text[]) AS w (word, next)
           JOIN docent.passage_terms p ON p.document = d.key
             AND p.term >= left(w.word, 1) COLLATE "C" AND p.term < w.next COLLATE "C"
           WHERE length(p.term) BETWEEN length(w.word) - 2 AND length(w.word) + 2
           GROUP BY w.word, p.term
         ) AS alike GROUP BY word`,
        [
          documents.map(({ key }) => key),
          words,
          words.map((word) => String.fromCodePoint((word.codePointAt(0) ?? 0) + 1)),
        ],
      );
      return new Map(rows.map(({ word, terms }) => [word, terms]));
    },
    async pageTexts(pages) {
      if (pages.length === 0) return [];
      const { rows } = await query<{ place: number; text: string }>(
        `SELECT asked.place, p.text FROM unnest($1::bigint[], $2::integer[]) WITH ORDINALITY AS asked (document, page, place)
         JOIN docent.passage_pages p ON p.document = asked.document AND p.page = asked.page`,
        [pages.map(({ document }) => document.key), pages.map(({ page }) => page)],
      );
      const textOf = new Map(rows.map(({ place, text }) => [place, text]));
      return pages.map((_, index) => textOf.get(index + 1));
    },
  };
}

function toNumbers(list: string | null | undefined): number[] {
  return list === null || list === undefined ? [] : list.split(",").map(Number);
}
