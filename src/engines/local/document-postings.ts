import { tokenize } from "./tokenize.ts";

/** Where the pages of a document stand in its one line of positions, and what is known of each. */
export interface PageLayout {
  /** The page numbers, in order; the arrays below follow this order. */
  readonly numbers: readonly number[];
  /** The first position of each page, and one more: the position after the last page. */
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  /** How much of a page is figures, 0 to 1: high in tables. */
  readonly figures: readonly number[];
  /** True for pages that list other pages: tables of contents. */
  readonly listings: readonly boolean[];
}

/** A document as the ranking sees it: positions of terms, without the text. */
export interface DocumentPostings {
  readonly id: string;
  readonly name: string;
  readonly layout: PageLayout;
  /** The positions of a term in ascending order; empty when the document does not have it. */
  positions(term: string): Int32Array;
}

/** No phrase may reach from one page into the next, so this many positions lie between pages. */
const PAGE_GAP = 100;
const LEADER = /\.{4,}|(?:\. ){4,}|…{2,}|·{4,}/gu;
const LEADERS_OF_A_LISTING = 5;

/** Collects the postings of a document page by page; `layout` and `postings` are complete after the last page. */
export interface PostingsBuilder {
  addPage(number: number, text: string): void;
  readonly layout: PageLayout;
  readonly postings: ReadonlyMap<string, readonly number[]>;
}

export function createPostingsBuilder(): PostingsBuilder {
  const postings = new Map<string, number[]>();
  const numbers: number[] = [];
  const starts = [0];
  const lengths: number[] = [];
  const figures: number[] = [];
  const listings: boolean[] = [];
  return {
    addPage(number, text) {
      const start = starts.at(-1) ?? 0;
      let length = 0;
      let figureCount = 0;
      for (const token of tokenize(text)) {
        const positions = postings.get(token.term);
        if (positions === undefined) postings.set(token.term, [start + token.position]);
        else positions.push(start + token.position);
        length = token.position + 1;
        if (/^\d/.test(token.term)) figureCount++;
      }
      numbers.push(number);
      lengths.push(length);
      starts.push(start + length + PAGE_GAP);
      // The constant keeps a page with a few words and its page number from looking like a table.
      figures.push(Math.round((100 * figureCount) / (length + 20)) / 100);
      listings.push((text.match(LEADER)?.length ?? 0) >= LEADERS_OF_A_LISTING);
    },
    layout: { numbers, starts, lengths, figures, listings },
    postings,
  };
}

/** A layout as text; the starts follow from the lengths. */
export function serializeLayout({ numbers, lengths, figures, listings }: PageLayout): string {
  return JSON.stringify([numbers, lengths, figures, listings.map(Number)]);
}

/** The reverse of `serializeLayout`. */
export function parseLayout(text: string): PageLayout {
  const [numbers, lengths, figures, listings] = JSON.parse(text) as [number[], number[], number[], number[]];
  const starts = [0];
  for (const length of lengths) starts.push((starts.at(-1) ?? 0) + length + PAGE_GAP);
  return { numbers, starts, lengths, figures, listings: listings.map(Boolean) };
}

/** Ascending positions as variable-length differences: about one and a half bytes each. */
export function encodePositions(positions: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let previous = 0;
  for (const position of positions) {
    let difference = position - previous;
    previous = position;
    while (difference > 127) {
      bytes.push((difference & 127) | 128);
      difference >>>= 7;
    }
    bytes.push(difference);
  }
  return Uint8Array.from(bytes);
}

/** The reverse of `encodePositions`. */
export function decodePositions(bytes: Uint8Array): Int32Array {
  const positions = new Int32Array(bytes.length);
  let count = 0;
  let position = 0;
  let difference = 0;
  let shift = 0;
  for (const byte of bytes) {
    difference |= (byte & 127) << shift;
    shift += 7;
    if (byte > 127) continue;
    position += difference;
    positions[count++] = position;
    difference = 0;
    shift = 0;
  }
  return positions.subarray(0, count);
}

/** How many positions were encoded. */
export function countPositions(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 128) count++;
  return count;
}

/** How many words a document has, by its layout. */
export function countWords({ lengths }: Pick<PageLayout, "lengths">): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}
