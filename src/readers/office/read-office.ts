import type { FileType } from "../../core/document.ts";
import type { ReadRequest, ReadResult, ReadSink } from "../messages.ts";
import { createPageWriter, type PageWriter } from "../page-writer.ts";
import { ReadProblem } from "../read-problem.ts";
import { openPackage, type Package } from "./open-package.ts";
import { readDocx } from "./read-docx.ts";
import { readEpub } from "./read-epub.ts";
import { readHtml } from "./read-html.ts";
import { readOdf } from "./read-odf.ts";
import { readPptx } from "./read-pptx.ts";
import { readXlsx } from "./read-xlsx.ts";

type PackageReader = (parts: Package, type: FileType, writer: PageWriter) => Promise<ReadResult>;

const READERS: Readonly<Record<string, PackageReader>> = {
  docx: readDocx,
  docm: readDocx,
  pptx: readPptx,
  pptm: readPptx,
  xlsx: readXlsx,
  xlsm: readXlsx,
  odt: readOdf,
  ods: readOdf,
  odp: readOdf,
  epub: readEpub,
};

/** Reads a web page, or a file that is a ZIP of XML parts. @throws ReadProblem */
export async function readOffice(file: ReadRequest, type: FileType, sink: ReadSink): Promise<ReadResult> {
  sink.found(type, null);
  const writer = createPageWriter(file, sink);
  if (type.mimeType === "text/html") return await readHtml(file, type, writer);
  const read = READERS[type.extension];
  if (read === undefined) throw new ReadProblem("file_unsupported", { type: type.extension.toUpperCase() });
  await using parts = await openPackage(file.path);
  try {
    return await read(parts, type, writer);
  } catch (error) {
    if (error instanceof ReadProblem) throw error;
    // What unpacking says of bytes that are not what the table of contents promises.
    throw new ReadProblem("file_broken", { reason: "damaged part" });
  }
}
