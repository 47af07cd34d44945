import type { FileType } from "../../core/document.ts";
import type { ReadResult } from "../messages.ts";
import type { PageWriter } from "../page-writer.ts";
import { readNumberFormats, toShownNumber, type NumberFormats } from "./number-formats.ts";
import type { Package } from "./open-package.ts";
import { attributeOf, parseXml, relationOf } from "./parse-xml.ts";
import { findMainPart, readRelations } from "./read-relations.ts";
import { createRowCollector } from "./row-collector.ts";

interface Workbook {
  readonly strings: readonly string[];
  readonly formats: NumberFormats;
  /** Old files of the Mac count days from another one. */
  isFrom1904: boolean;
}

/** Reads an Excel workbook sheet by sheet: values as they are shown, results of formulas as they were last calculated. */
export async function readXlsx(parts: Package, type: FileType, writer: PageWriter): Promise<ReadResult> {
  const main = await findMainPart(parts, "xl/workbook.xml");
  const relations = await readRelations(parts, main);
  const partOf = (name: string): string | undefined =>
    [...relations.values()].find((relation) => relation.type === name && parts.has(relation.part))?.part;
  const workbook: Workbook = {
    strings: await readStrings(parts, partOf("sharedStrings"), writer),
    formats: await readNumberFormats(parts, partOf("styles")),
    isFrom1904: false,
  };
  const sheets: { title: string; part: string | undefined }[] = [];
  await parseXml(parts.text(main), {
    open(name, attributes) {
      if (name === "workbookPr") workbook.isFrom1904 = /^(?:1|true)$/.test(attributes["date1904"] ?? "");
      if (name !== "sheet") return;
      sheets.push({ title: attributes["name"] ?? "", part: relations.get(relationOf(attributes) ?? "")?.part });
    },
  });
  for (const [index, { title, part }] of sheets.entries()) {
    // A chart has a sheet of its own, without cells.
    if (part === undefined || !parts.has(part)) continue;
    const rows = await readSheet(parts, part, workbook, writer);
    writer.write({ number: index + 1, title, text: rows.join("\n"), head: rows[0] });
  }
  return writer.finish(type, "sheet");
}

/** The texts of all cells, kept once; how they are read aloud (`rPh`) is left out. */
async function readStrings(parts: Package, part: string | undefined, writer: PageWriter): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let text = "";
  let isText = false;
  let phonetic = 0;
  await parseXml(parts.text(part), {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") phonetic += 1;
      else if (name === "t") isText = phonetic === 0;
    },
    text(piece) {
      if (isText) text += piece;
    },
    close(name) {
      if (name === "rPh") phonetic -= 1;
      else if (name === "t") isText = false;
      else if (name === "si") {
        writer.expect(text.length);
        strings.push(text);
      }
    },
  });
  return strings;
}

async function readSheet(parts: Package, part: string, workbook: Workbook, writer: PageWriter): Promise<string[]> {
  const rows = createRowCollector(writer);
  let cell = { column: 0, type: "n", style: 0 };
  let value = "";
  let isValue = false;
  await parseXml(parts.text(part), {
    open(name, attributes) {
      if (name === "c") {
        const column = toColumn(attributes["r"]) ?? cell.column + 1;
        cell = { column, type: attributes["t"] ?? "n", style: Number(attributeOf(attributes, "s") ?? 0) };
        value = "";
      } else if (name === "row") cell = { ...cell, column: 0 };
      else if (name === "v" || name === "t") isValue = true;
    },
    text(piece) {
      if (isValue) value += piece;
    },
    close(name) {
      if (name === "v" || name === "t") isValue = false;
      else if (name === "c") rows.cell(cell.column, toShown(cell, value, workbook));
      else if (name === "row") rows.endRow();
    },
  });
  return rows.rows;
}

function toShown(cell: { type: string; style: number }, value: string, workbook: Workbook): string {
  if (value === "") return "";
  if (cell.type === "s") return workbook.strings[Number(value)] ?? "";
  if (cell.type === "b") return value === "1" ? "TRUE" : "FALSE";
  return cell.type === "n" ? toShownNumber(value, workbook.formats.get(cell.style), workbook.isFrom1904) : value;
}

/** The number of a cell's column, 1 for `A`, from its reference, e.g. `B12`. */
function toColumn(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0];
  return letters === undefined
    ? undefined
    : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}
