import type { FileType, Page, PageUnit } from "../document.ts";
import type { Problem } from "../incoming.ts";

export interface ReadLimits {
  readonly maxTokens: number;
  readonly maxPages: number;
  /** Milliseconds that one file may take. */
  readonly timeoutMs: number;
}

/** Where an archive's files are unpacked to, and how much of them. */
export interface UnpackTo {
  readonly folder: string;
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

/** A file that was in an archive. */
export interface InnerFile {
  /** Its path in the archive, to be shown and never opened. */
  readonly name: string;
  /** Where it was unpacked to; null when it was not. */
  readonly path: string | null;
  readonly problem: Problem | null;
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
  /** Of an archive that was unpacked: its files, and how many were left out because Docent reads nothing like them. */
  readonly unpacked?: { readonly files: readonly InnerFile[]; readonly leftOut: number };
}

/** Turns a file into pages of text, or with `unpackTo` an archive into files, off the main thread. It never throws for a bad file: that is a `problem`. */
export interface Reader {
  read(
    file: { readonly path: string; readonly name: string },
    limits: ReadLimits,
    options: { signal: AbortSignal; onPage?: (done: number, of: number) => void; unpackTo?: UnpackTo },
  ): Promise<Reading>;
  stop(): Promise<void>;
}
