import type { FileType } from "../../core/document.ts";
import type { ReadResult } from "../messages.ts";
import type { PageWriter } from "../page-writer.ts";
import type { Package } from "./open-package.ts";
import { parseXml, relationOf } from "./parse-xml.ts";
import { findMainPart, readRelations } from "./read-relations.ts";

/** Reads a PowerPoint presentation slide by slide, in the order of the show, with the speaker's notes behind each. */
export async function readPptx(parts: Package, type: FileType, writer: PageWriter): Promise<ReadResult> {
  const main = await findMainPart(parts, "ppt/presentation.xml");
  const relations = await readRelations(parts, main);
  const slides: string[] = [];
  await parseXml(parts.text(main), {
    open(name, attributes) {
      const part = name === "sldId" ? relations.get(relationOf(attributes) ?? "")?.part : undefined;
      if (part !== undefined) slides.push(part);
    },
  });
  for (const [index, slide] of slides.entries()) {
    if (!parts.has(slide)) continue;
    const notes = [...(await readRelations(parts, slide)).values()].find((relation) => relation.type === "notesSlide");
    const texts = [await readShapes(parts, slide, writer)];
    if (notes !== undefined && parts.has(notes.part)) texts.push(await readShapes(parts, notes.part, writer));
    writer.write({ number: index + 1, text: texts.filter((text) => text !== "").join("\n") });
  }
  return writer.finish(type, "slide");
}

/** The paragraphs of a slide or of its notes; fields such as the slide's number are left out. */
async function readShapes(parts: Package, part: string, writer: PageWriter): Promise<string> {
  const lines: string[] = [];
  let text = "";
  let isText = false;
  let field = 0;
  let row: string[] | null = null;
  await parseXml(parts.text(part), {
    open(name) {
      if (name === "fld") field += 1;
      else if (name === "t") isText = field === 0;
      else if (name === "br" || name === "tab") text += " ";
      else if (name === "tr") row = [];
      else if (name === "tc") row?.push("");
    },
    text(piece) {
      if (isText) text += piece;
    },
    close(name) {
      if (name === "fld") field -= 1;
      else if (name === "t") isText = false;
      else if (name === "p") endParagraph();
      else if (name === "tr") {
        addLine((row ?? []).join(" | "));
        row = null;
      }
    },
  });
  return lines.join("\n");

  function endParagraph(): void {
    if (row === null) addLine(text);
    else row.push([row.pop(), text.trim()].filter(Boolean).join(" "));
    text = "";
  }

  function addLine(line: string): void {
    if (!/[^\s|]/.test(line)) return;
    writer.expect(line.length);
    lines.push(line.trim());
  }
}
