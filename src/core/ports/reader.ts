import type { FileType, Page, PageUnit } from "../document.ts";
import type { Problem } from "../incoming.ts";

export interface ReadLimits {
  readonly maxTokens: number;
  readonly maxPages: number;
  /** Milliseconds that one file may take. */
  readonly timeoutMs: number;
}

/** What was found in a file. With a `problem` the other fields hold what could be found all the same. */
export interface Reading {
  readonly type: FileType | null;
  readonly unit: PageUnit;
  readonly pages: readonly Page[];
  /** PDF pages; null for other types. */
  readonly pageCount: number | null;
  readonly tokens: number;
  readonly problem: Problem | null;
}

/** Turns a file into pages of text, off the main thread. It never throws for a bad file: that is a `problem`. */
export interface Reader {
  read(
    file: { readonly path: string; readonly name: string },
    limits: ReadLimits,
    options: { signal: AbortSignal; onPage?: (done: number, of: number) => void },
  ): Promise<Reading>;
  stop(): Promise<void>;
}
