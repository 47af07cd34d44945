import type { FileType, Page, PageUnit } from "../core/document.ts";
import type { Problem } from "../core/incoming.ts";
import type { Reading, UnpackTo } from "../core/ports/reader.ts";

/** One file for a reading thread. `path` is where its bytes lie; `name` is as a person gave it and is never opened. */
export interface ReadRequest {
  readonly path: string;
  readonly name: string;
  readonly maxTokens: number;
  readonly maxPages: number;
  /** Where to unpack it, if it is an archive. */
  readonly unpackTo?: UnpackTo;
}

/** How a reading ended. The pages were sent before it, in order. */
export interface ReadResult {
  readonly type: FileType | null;
  readonly unit: PageUnit;
  readonly pageCount: number | null;
  /** Estimated with o200k_base. */
  readonly tokens: number;
  readonly problem: Problem | null;
  readonly unpacked?: Reading["unpacked"];
}

/** What a reading thread tells while it reads one file; `done` or `failed` is the last message. */
export type ReadMessage =
  | { readonly kind: "found"; readonly type: FileType; readonly pageCount: number | null }
  | { readonly kind: "pages"; readonly pages: readonly Page[] }
  | { readonly kind: "progress"; readonly done: number; readonly of: number }
  | { readonly kind: "done"; readonly result: ReadResult }
  | { readonly kind: "failed"; readonly reason: string };

/** Where a reader inside the thread puts what it finds, as it goes, so that memory and loss stay small. */
export interface ReadSink {
  found(type: FileType, pageCount: number | null): void;
  page(page: Page): void;
  progress(done: number, of: number): void;
}
