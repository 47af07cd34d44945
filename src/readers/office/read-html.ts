import { readFile, stat } from "node:fs/promises";

import type { FileType } from "../../core/document.ts";
import { decodeText } from "../decode-text.ts";
import type { ReadRequest, ReadResult } from "../messages.ts";
import type { PageWriter } from "../page-writer.ts";
import { ReadProblem } from "../read-problem.ts";
import { createSectionCollector } from "./section-collector.ts";
import { createVisibleText } from "./visible-text.ts";

/** A page that a browser saved carries styles and scripts around its text. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a web page as a person sees it, by its headings; scripts, styles and what is hidden are left out. */
export async function readHtml(file: ReadRequest, type: FileType, writer: PageWriter): Promise<ReadResult> {
  const { size } = await stat(file.path);
  if (size > MAX_BYTES) throw new ReadProblem("file_too_large", { maxMb: MAX_BYTES / 1024 / 1024 });
  const html = decodeText(await readFile(file.path));
  if (html === null) throw new ReadProblem("file_broken", { reason: "not text" });
  const sections = createSectionCollector(writer);
  const visible = createVisibleText(sections, { isXhtml: type.extension === "xhtml" });
  visible.write(html);
  visible.end();
  return sections.finish(type);
}
