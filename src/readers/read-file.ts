import { stat } from "node:fs/promises";

import { detectType } from "./detect-type.ts";
import type { ReadRequest, ReadResult, ReadSink } from "./messages.ts";
import { ReadProblem } from "./read-problem.ts";

/** What a model charges for a picture depends on its size; this is a usual amount. */
const IMAGE_TOKENS = 1000;
const NOTHING: ReadResult = { type: null, unit: "line", pageCount: null, tokens: 0, problem: null };

/** Reads one file of any type, in a reading thread. What is wrong with the file is the result's `problem`. */
export async function readFileOfAnyType(file: ReadRequest, sink: ReadSink): Promise<ReadResult> {
  let type: ReadResult["type"] = null;
  const noting: ReadSink = {
    ...sink,
    found(found, pageCount) {
      type = found;
      sink.found(found, pageCount);
    },
  };
  try {
    return await read(file, noting);
  } catch (error) {
    if (!(error instanceof ReadProblem)) throw error;
    return { ...NOTHING, type, problem: { code: error.code, details: { name: file.name, ...error.details } } };
  }
}

async function read(file: ReadRequest, sink: ReadSink): Promise<ReadResult> {
  const { size } = await stat(file.path);
  if (size === 0) throw new ReadProblem("file_empty");
  const detection = await detectType(file.path, file.name);
  if (detection.kind === "unsupported") throw new ReadProblem("file_unsupported", { type: detection.type });
  if (detection.kind === "encrypted") throw new ReadProblem("file_encrypted");
  if (detection.kind === "damaged") throw new ReadProblem("file_broken", { reason: "unknown content" });
  const { type } = detection;
  // The readers are loaded when they are needed: pdf.js and the tokenizer take a tenth of a second each.
  if (type.kind === "image") return { ...NOTHING, type, tokens: IMAGE_TOKENS };
  if (type.kind === "archive") {
    sink.found(type, null);
    if (file.unpackTo === undefined) return { ...NOTHING, type };
    const { unpackArchive } = await import("./archive/unpack-archive.ts");
    return { ...NOTHING, type, unpacked: await unpackArchive(file.path, type, file.unpackTo) };
  }
  if (type.kind === "pdf") return await (await import("./read-pdf.ts")).readPdf(file, sink);
  if (type.kind === "office" || type.kind === "workbook" || type.mimeType === "text/html") {
    return await (await import("./office/read-office.ts")).readOffice(file, type, sink);
  }
  return await (await import("./read-text.ts")).readText(file, type, sink);
}
