import { stat } from "node:fs/promises";

import { detectType } from "./detect-type.ts";
import type { ReadRequest, ReadResult, ReadSink } from "./messages.ts";

/** What a model charges for a picture depends on its size; this is a usual amount. */
const IMAGE_TOKENS = 1000;
const NOTHING: ReadResult = { type: null, unit: "line", pageCount: null, tokens: 0, problem: null };

/** Reads one file of any type, in a reading thread. What is wrong with the file is the result's `problem`. */
export async function readFileOfAnyType(file: ReadRequest, sink: ReadSink): Promise<ReadResult> {
  const { name } = file;
  const { size } = await stat(file.path);
  if (size === 0) return { ...NOTHING, problem: { code: "file_empty", details: { name } } };
  const detection = await detectType(file.path, name);
  if (detection.kind === "unsupported") {
    return { ...NOTHING, problem: { code: "file_unsupported", details: { name, type: detection.type } } };
  }
  if (detection.kind === "damaged") {
    return { ...NOTHING, problem: { code: "file_broken", details: { name, reason: "unknown content" } } };
  }
  const { type } = detection;
  // The readers are loaded when they are needed: pdf.js and the tokenizer take a tenth of a second each.
  if (type.kind === "pdf") {
    const { readPdf } = await import("./read-pdf.ts");
    return readPdf(file, sink);
  }
  if (type.kind === "image") return { ...NOTHING, type, tokens: IMAGE_TOKENS };
  const { readText } = await import("./read-text.ts");
  return readText(file, type, sink);
}
