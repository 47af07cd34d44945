import type { FileType } from "../../core/document.ts";
import type { ReadResult } from "../messages.ts";
import type { PageWriter } from "../page-writer.ts";
import type { Package } from "./open-package.ts";
import { attributeOf, parseXml } from "./parse-xml.ts";
import { findMainPart, readRelations } from "./read-relations.ts";
import { createSectionCollector, type SectionCollector } from "./section-collector.ts";

const REPEATED: ReadonlySet<string> = new Set(["Fallback", "moveFrom"]);

/**
 * Reads a Word document: its paragraphs under their headings, tables row by row, notes at the end. Pages are not in the
 * file: Word makes them anew each time it shows it. Text that was deleted under review is left out.
 */
export async function readDocx(parts: Package, type: FileType, writer: PageWriter): Promise<ReadResult> {
  const main = await findMainPart(parts, "word/document.xml");
  const relations = [...(await readRelations(parts, main)).values()];
  const partOf = (name: string): string | undefined => relations.find((relation) => relation.type === name)?.part;
  const headings = await readHeadingStyles(parts, partOf("styles"));
  const sections = createSectionCollector(writer);
  await readBody(parts, main, headings, sections);
  for (const notes of [partOf("footnotes"), partOf("endnotes")]) {
    if (notes === undefined || !parts.has(notes)) continue;
    sections.breakOff();
    await readBody(parts, notes, headings, sections);
  }
  return sections.finish(type);
}

/** Ids of the styles that are headings. Ids are translated, the names of built-in styles are not. */
async function readHeadingStyles(parts: Package, styles: string | undefined): Promise<ReadonlySet<string>> {
  const headings = new Set<string>();
  if (styles === undefined || !parts.has(styles)) return headings;
  let id = "";
  await parseXml(parts.text(styles), {
    open(name, attributes) {
      const value = attributeOf(attributes, "val") ?? "";
      if (name === "style") id = attributeOf(attributes, "styleId") ?? "";
      else if (name === "name" && /^(?:heading \d|title)$/i.test(value)) headings.add(id);
      else if (name === "basedOn" && headings.has(value)) headings.add(id);
      else if (name === "outlineLvl" && Number(value) < 9) headings.add(id);
    },
  });
  return headings;
}

async function readBody(
  parts: Package,
  part: string,
  headings: ReadonlySet<string>,
  sections: SectionCollector,
): Promise<void> {
  let text = "";
  let isHeading = false;
  let isText = false;
  /** Depth in what repeats text: an older form of it, or the place that it was moved away from. */
  let repeated = 0;
  /** The cells of the rows that are open: a table may stand inside a cell. */
  const rows: string[][] = [];

  await parseXml(parts.text(part), {
    open(name, attributes) {
      if (REPEATED.has(name)) repeated += 1;
      if (repeated > 0) return;
      if (name === "t") isText = true;
      else if (name === "tab") text += "\t";
      else if (name === "br" || name === "cr") text += "\n";
      else if (name === "noBreakHyphen") text += "-";
      else if (name === "pStyle") isHeading = headings.has(attributeOf(attributes, "val") ?? "");
      else if (name === "outlineLvl" && Number(attributeOf(attributes, "val")) < 9) isHeading = true;
      else if (name === "tr") rows.push([]);
      else if (name === "tc") rows.at(-1)?.push("");
    },
    text(piece) {
      if (isText && repeated === 0) text += piece;
    },
    close(name) {
      if (REPEATED.has(name)) repeated -= 1;
      if (repeated > 0) return;
      if (name === "t") isText = false;
      else if (name === "p") endParagraph();
      else if (name === "tr") endRow();
    },
  });

  function endParagraph(): void {
    const row = rows.at(-1);
    if (row !== undefined) row.push([row.pop(), text.trim()].filter(Boolean).join(" "));
    else if (isHeading) sections.heading(text);
    else sections.paragraph(text);
    text = "";
    isHeading = false;
  }

  function endRow(): void {
    const row = (rows.pop() ?? []).map((cell) => cell.replaceAll(/\s+/g, " ")).join(" | ");
    const outer = rows.at(-1);
    if (outer !== undefined) outer.push([outer.pop(), row].filter(Boolean).join(" "));
    else if (/[^\s|]/.test(row)) sections.paragraph(row);
  }
}
