import type { Page } from "../../core/document.ts";
import type { Query } from "./open-postgres.ts";
import { withoutNul } from "./without-nul.ts";

/** Sent in one statement, unless a single page is longer. */
const LETTERS_AT_ONCE = 1_000_000;
const PAGES_AT_ONCE = 1_000;

/** Puts pages in place of those that a document has. For a transaction that holds the document. */
export async function replacePages(query: Query, documentId: string, pages: Iterable<Page>): Promise<number> {
  await query("DELETE FROM docent.pages WHERE document_id = $1", [documentId]);
  let written = 0;
  for (const batch of inBatches(pages)) {
    await query(
      `INSERT INTO docent.pages (document_id, position, number, title, text)
       SELECT $1, $2 + page.position - 1, page.number, page.title, page.text
       FROM unnest($3::integer[], $4::text[], $5::text[]) WITH ORDINALITY AS page (number, title, text, position)`,
      [
        documentId,
        written,
        batch.map(({ number }) => number),
        batch.map(({ title }) => (title === undefined ? null : withoutNul(title))),
        batch.map(({ text }) => withoutNul(text)),
      ],
    );
    written += batch.length;
  }
  return written;
}

export async function readPages(query: Query, documentId: string): Promise<readonly Page[]> {
  const { rows } = await query<{ number: number; title: string | null; text: string }>(
    "SELECT number, title, text FROM docent.pages WHERE document_id = $1 ORDER BY position",
    [documentId],
  );
  return rows.map(({ number, title, text }) => (title === null ? { number, text } : { number, text, title }));
}

function* inBatches(pages: Iterable<Page>): Iterable<readonly Page[]> {
  let batch: Page[] = [];
  let letters = 0;
  for (const page of pages) {
    if (batch.length === PAGES_AT_ONCE || (batch.length > 0 && letters + page.text.length > LETTERS_AT_ONCE)) {
      yield batch;
      batch = [];
      letters = 0;
    }
    batch.push(page);
    letters += page.text.length;
  }
  if (batch.length > 0) yield batch;
}
