import type { FileType } from "../../core/document.ts";
import type { ReadResult } from "../messages.ts";
import type { PageWriter } from "../page-writer.ts";
import type { Package } from "./open-package.ts";
import { attributeOf, parseXml } from "./parse-xml.ts";
import { createSectionCollector } from "./section-collector.ts";

/** Not part of what is read: deleted text, comments, styles, the numbers of notes. */
const SKIPPED: ReadonlySet<string> = new Set(
  "tracked-changes annotation automatic-styles font-face-decls note-citation".split(" "),
);
/** What one element may repeat: spaces, and cells that are the same. */
const MAX_REPEATS = 20;

/** Reads an OpenDocument file: a text by its headings, a spreadsheet by sheet, a presentation by slide. */
export async function readOdf(parts: Package, type: FileType, writer: PageWriter): Promise<ReadResult> {
  const unit = type.extension === "odt" ? "section" : type.extension === "ods" ? "sheet" : "slide";
  const sections = createSectionCollector(writer);
  /** Rows that are open, with their cells: a table may stand inside a cell. */
  const rows: string[][] = [];
  /** What stands on this sheet or slide. */
  let lines: string[] = [];
  let number = 0;
  let title = "";
  let text = "";
  let skipped = 0;
  let repeats = 1;

  await parseXml(parts.text("content.xml"), {
    open(name, attributes) {
      if (SKIPPED.has(name)) skipped += 1;
      if (skipped > 0) return;
      if (name === "note") text += " ";
      else if (name === "tab") text += "\t";
      else if (name === "line-break") text += "\n";
      else if (name === "s") text += " ".repeat(toRepeats(attributeOf(attributes, "c")));
      else if (name === "table-row") rows.push([]);
      else if (name === "table-cell" || name === "covered-table-cell") {
        repeats = toRepeats(attributeOf(attributes, "number-columns-repeated"));
        rows.at(-1)?.push("");
      } else if (isPiece(name)) {
        [number, lines] = [number + 1, []];
        title = unit === "sheet" ? (attributeOf(attributes, "name") ?? "") : "";
      }
    },
    text(piece) {
      if (skipped === 0) text += piece;
    },
    close(name) {
      if (SKIPPED.has(name)) skipped -= 1;
      if (skipped > 0) return;
      if (name === "p" || name === "h") endParagraph(name === "h");
      else if (name === "table-cell" || name === "covered-table-cell") repeatCell();
      else if (name === "table-row") endRow();
      else if (isPiece(name)) {
        writer.write({ number, title, text: lines.join("\n"), head: unit === "sheet" ? lines[0] : "" });
      }
    },
  });
  return unit === "section" ? sections.finish(type) : writer.finish(type, unit);

  function isPiece(name: string): boolean {
    return (unit === "sheet" && name === "table") || (unit === "slide" && name === "page");
  }

  function endParagraph(isHeading: boolean): void {
    const row = rows.at(-1);
    // White space between elements is layout of the file.
    const line = text.replaceAll(/[\r\n]+\s*/g, "\n").trim();
    if (row !== undefined) row.push([row.pop(), line].filter(Boolean).join(" "));
    else addLine(line, isHeading);
    text = "";
  }

  function repeatCell(): void {
    const row = rows.at(-1);
    const cell = row?.at(-1) ?? "";
    if (repeats > 1) row?.push(...Array.from({ length: repeats - 1 }, () => cell));
    repeats = 1;
    text = "";
  }

  function endRow(): void {
    const row = (rows.pop() ?? []).map((cell) => cell.replaceAll(/\s+/g, " "));
    const line = row.join(" | ").replace(/[\s|]+$/, "");
    const outer = rows.at(-1);
    if (outer !== undefined) outer.push([outer.pop(), line].filter(Boolean).join(" "));
    else addLine(line, false);
  }

  function addLine(line: string, isHeading: boolean): void {
    if (!/[^\s|]/.test(line)) return;
    if (unit === "section") {
      if (isHeading) sections.heading(line);
      else sections.paragraph(line);
      return;
    }
    writer.expect(line.length);
    lines.push(line);
  }
}

function toRepeats(value: string | undefined): number {
  const count = Number(value ?? 1);
  return Number.isInteger(count) && count > 0 ? Math.min(count, MAX_REPEATS) : 1;
}
