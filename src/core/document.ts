import type { Problem } from "./incoming.ts";

/** `noted`: known, not read. `reading`: being read. `ready`: the engine can use it. `failed`: see `problem`. */
export type DocumentState = "noted" | "reading" | "ready" | "failed";

/** A document belongs to one channel or to a whole workspace (team knowledge), and is used nowhere else. */
export type Scope =
  | { readonly kind: "channel"; readonly key: string }
  | { readonly kind: "workspace"; readonly key: string };

/**
 * What a file is, found from its bytes. `scan` is a PDF whose pages are pictures; `text` covers prose and code; `table`
 * is CSV and TSV, `workbook` a spreadsheet with sheets; `office` is what a word processor, a slide program or an e-book
 * maker wrote; an `archive` holds files that are documents of their own.
 */
export interface FileType {
  readonly kind: "pdf" | "scan" | "text" | "table" | "workbook" | "office" | "image" | "archive";
  readonly mimeType: string;
  /** Without the dot, lower case: what the engine is told the file is, e.g. `pdf`, `md`, `py`. */
  readonly extension: string;
}

/**
 * What a document's pieces are counted in: pages, slides, sheets, sections (what stands under one heading), or for text
 * the number of the piece's first line.
 */
export type PageUnit = "page" | "line" | "slide" | "sheet" | "section";

/** One piece of a document's text. `number` is 1-based in the document's `PageUnit`; a long piece comes in several. */
export interface Page {
  readonly number: number;
  readonly text: string;
  /** The name of a sheet, the heading of a section. */
  readonly title?: string;
}

export interface Document {
  readonly id: string;
  readonly scope: Scope;
  /** The attachment it came from, and the message (an `Incoming` key) that brought it. */
  readonly attachmentKey: string;
  readonly messageKey: string;
  readonly bot: string;
  readonly reference: unknown;
  readonly name: string;
  readonly postedBy: string;
  /** As the platform knew them then; missing where it tells no names. */
  readonly postedByName?: string | null;
  readonly createdAt: number;
  readonly state: DocumentState;
  readonly problem: Problem | null;
  /** Known once the bytes have been looked at. */
  readonly type: FileType | null;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  /** Another document of the same scope with the same bytes: that one is read and given to engines, this one is not. */
  readonly sameAs?: string | undefined;
  /** The number of PDF pages; null for other types and before reading. */
  readonly pages: number | null;
  readonly unit: PageUnit;
  /** Estimated with o200k_base; the model's own count may differ by a few percent. */
  readonly tokens: number | null;
  /** Names of the engines that have it. */
  readonly engines: readonly string[];
  /** Where its bytes lie in `Blobs`; null before they were fetched. */
  readonly blobId: string | null;
  /** The archive that it was in; it goes with it. */
  readonly containerId?: string;
}

/** A document together with ways to its bytes and its text, as an engine needs it. */
export interface ReadableDocument {
  readonly document: Document;
  /** Runs `use` with a local path of the file; the path is valid only while `use` runs. */
  withFile<T>(use: (path: string) => Promise<T>): Promise<T>;
  pages(): Promise<readonly Page[]>;
}

/** Where in a document something stands, in the document's unit. */
export interface Place {
  readonly unit: PageUnit;
  readonly number: number;
  /** The name of the sheet, the heading of the section. */
  readonly title?: string;
}

/** One source of an answer. `place` is null when no page is certain. */
export interface Citation {
  readonly documentId: string;
  readonly document: string;
  readonly place: Place | null;
  readonly quote: string | null;
}
