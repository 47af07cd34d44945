import type { FileType } from "../../core/document.ts";
import type { ReadResult } from "../messages.ts";
import type { PageWriter } from "../page-writer.ts";
import { ReadProblem } from "../read-problem.ts";
import type { Package } from "./open-package.ts";
import { parseXml } from "./parse-xml.ts";
import { resolvePart } from "./read-relations.ts";
import { createSectionCollector } from "./section-collector.ts";
import { createVisibleText } from "./visible-text.ts";

/** Reads an e-book in the order of its spine, by the headings of its chapters. @throws ReadProblem */
export async function readEpub(parts: Package, type: FileType, writer: PageWriter): Promise<ReadResult> {
  const sections = createSectionCollector(writer);
  for (const part of await readSpine(parts)) {
    if (!parts.has(part)) continue;
    sections.breakOff();
    const visible = createVisibleText(sections, { isXhtml: true });
    for await (const piece of parts.text(part)) visible.write(piece);
    visible.end();
  }
  return sections.finish(type);
}

async function readSpine(parts: Package): Promise<string[]> {
  let book = "";
  await parseXml(parts.text("META-INF/container.xml"), {
    open(name, attributes) {
      if (name === "rootfile" && book === "") book = attributes["full-path"] ?? "";
    },
  });
  // A book whose chapters are locked has the list of the keys beside it.
  if (parts.has("META-INF/rights.xml")) throw new ReadProblem("file_encrypted");
  const folder = book.slice(0, book.lastIndexOf("/") + 1);
  const items = new Map<string, string>();
  const spine: string[] = [];
  await parseXml(parts.text(book), {
    open(name, { id, href, idref }) {
      if (name === "item" && id !== undefined && href !== undefined) {
        items.set(id, decodeURIComponent(resolvePart(folder, href)));
      }
      if (name === "itemref" && idref !== undefined) spine.push(idref);
    },
  });
  return spine.flatMap((id) => items.get(id) ?? []);
}
