import { claimBefore } from "./claim-before.ts";
import type { Citation, Document, Page, Place } from "../document.ts";
import { findLine } from "./find-line.ts";
import { findSources } from "./find-sources.ts";
import { locatePassage, quoteFrom, type Located } from "./locate-passage.ts";
import type { RunResult, Source } from "../ports/engine.ts";
import { shorten } from "./text-terms.ts";

const MAX_QUOTE_CHARACTERS = 300;

export interface CitedText {
  /** Markdown in which `[1]` refers to the first citation. */
  readonly text: string;
  readonly citations: readonly Citation[];
}

/**
 * Turns what an engine says about its sources into numbered citations with their pages. The same place is one citation,
 * however often it is referred to. A source whose page is not certain keeps its document and gets no page.
 */
export async function cite(
  result: RunResult,
  documents: ReadonlyMap<string, Document>,
  readPages: (documentId: string) => Promise<readonly Page[]>,
): Promise<CitedText> {
  const read = new Map<string, Promise<readonly Page[]>>();
  const pagesOf = (documentId: string): Promise<readonly Page[]> => {
    const pages = read.get(documentId) ?? readPages(documentId);
    read.set(documentId, pages);
    return pages;
  };
  const sources = [...result.sources, ...(await findUnnamedSources(result, documents, pagesOf))]
    .filter((source) => documents.has(source.documentId))
    .toSorted((a, b) => (a.at ?? Number.MAX_SAFE_INTEGER) - (b.at ?? Number.MAX_SAFE_INTEGER));
  const citations: Citation[] = [];
  const marks = new Map<number, number[]>();
  for (const source of sources) {
    const document = documents.get(source.documentId);
    if (document === undefined) continue;
    const claim = source.at === null ? null : claimBefore(result.text, source.at, markBefore(sources, source.at));
    const citation = await toCitation(source, document, claim, await pagesOf(document.id));
    const known = citations.findIndex((other) => isSamePlace(other, citation));
    const number = known >= 0 ? known + 1 : citations.push(citation);
    if (source.at !== null) {
      const here = marks.get(source.at) ?? [];
      if (!here.includes(number)) marks.set(source.at, [...here, number]);
    }
  }
  return { text: insertMarks(result.text, marks), citations };
}

/** Documents that the model had whole before it may be used without being named: look for what the answer says. */
async function findUnnamedSources(
  result: RunResult,
  documents: ReadonlyMap<string, Document>,
  pagesOf: (documentId: string) => Promise<readonly Page[]>,
): Promise<readonly Source[]> {
  const named = new Set(result.sources.map((source) => source.documentId));
  const unnamed = result.consulted.filter((id) => documents.has(id) && !named.has(id));
  if (unnamed.length === 0) return [];
  const texts = await Promise.all(unnamed.map(async (id) => ({ documentId: id, pages: await pagesOf(id) })));
  return findSources(result.text, texts);
}

async function toCitation(
  source: Source,
  document: Document,
  claim: string | null,
  pages: readonly Page[],
): Promise<Citation> {
  const base = { documentId: document.id, document: document.name };
  if (source.page !== null) {
    // A long page comes in several pieces.
    const text = pages.flatMap((page) => (page.number === source.page ? page.text : [])).join("\n");
    const quote = source.passage === null ? null : quoteFrom(text, source.passage);
    return { ...base, place: toPlace(document, source.page, pages, quote), quote };
  }
  const found = source.passage === null ? await trace(claim, source, pages) : await locate(source, claim, pages);
  const quote = found?.quote ?? (source.passage === null ? null : shorten(source.passage, MAX_QUOTE_CHARACTERS));
  // Of a document with one page the page is certain, whatever was quoted.
  const number = found?.page ?? (pages.length === 1 ? pages[0]?.number : undefined);
  return { ...base, place: number === undefined ? null : toPlace(document, number, pages, quote), quote };
}

/** Of text that is counted in lines the piece is known; the line is certain only where the quote is found. */
function toPlace({ unit }: Document, number: number, pages: readonly Page[], quote: string | null): Place | null {
  if (unit === "line") {
    const line = quote === null ? undefined : findLine(pages, number, quote);
    return line === undefined ? null : { unit, number: line };
  }
  const title = pages.find((page) => page.number === number)?.title;
  return { unit, number, ...(title === undefined ? {} : { title }) };
}

/** The place on which all passages of a source agree that have one at all. */
async function locate(source: Source, claim: string | null, pages: readonly Page[]): Promise<Located | undefined> {
  let found: Located | undefined;
  for (const passage of [source.passage ?? "", ...(source.otherPassages ?? [])]) {
    const located = await locatePassage(pages, passage, claim);
    if (located === undefined) continue;
    if (found !== undefined && found.page !== located.page) return undefined;
    found ??= located;
  }
  return found;
}

/** A source that came without a passage: the page that holds what the answer says. */
async function trace(
  claim: string | null,
  { documentId }: Source,
  pages: readonly Page[],
): Promise<Located | undefined> {
  if (claim === null) return undefined;
  const [traced] = await findSources(claim, [{ documentId, pages }]);
  if (traced?.page == null || traced.passage === null) return undefined;
  return { page: traced.page, quote: traced.passage };
}

/** Where the mark before `at` stands; 0 when there is none. `sources` come in the order of the text. */
function markBefore(sources: readonly Source[], at: number): number {
  return sources.findLast((other) => other.at !== null && other.at < at)?.at ?? 0;
}

function isSamePlace(a: Citation, b: Citation): boolean {
  return a.documentId === b.documentId && a.place?.number === b.place?.number;
}

/** Puts ` [1]` behind the word that ends at each offset; offsets are UTF-16 and kept out of surrogate pairs. */
function insertMarks(text: string, marks: ReadonlyMap<number, readonly number[]>): string {
  let marked = text;
  for (const [at, numbers] of [...marks].toSorted(([a], [b]) => b - a)) {
    let offset = Math.min(Math.max(at, 0), text.length);
    if (/[\uDC00-\uDFFF]/.test(text[offset] ?? "")) offset += 1;
    const mark = numbers.map((number) => `[${number}]`).join("");
    const space = offset === 0 || /\s$/.test(text.slice(0, offset)) ? "" : " ";
    marked = `${marked.slice(0, offset)}${space}${mark}${marked.slice(offset)}`;
  }
  return marked;
}
