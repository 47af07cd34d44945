import type { FileType, PageUnit } from "../../core/document.ts";
import { cleanText } from "../clean-text.ts";
import type { ReadResult } from "../messages.ts";
import type { PageWriter } from "../page-writer.ts";
import { splitLines } from "../split-lines.ts";

/** Collects paragraphs under their headings: a section is what stands from one heading to the next. */
export interface SectionCollector {
  heading(text: string): void;
  paragraph(text: string): void;
  /** Begins another section whatever comes next, e.g. another file of an e-book. */
  breakOff(): void;
  /** Writes all sections; a document without any heading has lines instead. @throws ReadProblem */
  finish(type: FileType): ReadResult;
}

interface Section {
  title: string | null;
  readonly lines: string[];
}

export function createSectionCollector(writer: PageWriter): SectionCollector {
  const sections: Section[] = [];
  let isOpen = false;

  function current(): Section {
    const last = sections.at(-1);
    if (isOpen && last !== undefined) return last;
    const fresh: Section = { title: null, lines: [] };
    sections.push(fresh);
    isOpen = true;
    return fresh;
  }

  return {
    heading(text) {
      const title = text.replaceAll(/\s+/g, " ").trim();
      if (title === "") return;
      writer.expect(title.length);
      sections.push({ title, lines: [title] });
      isOpen = true;
    },
    paragraph(text) {
      if (text.trim() === "") return;
      writer.expect(text.length);
      current().lines.push(text.trim());
    },
    breakOff() {
      isOpen = false;
    },
    finish(type) {
      const unit: PageUnit = sections.some(({ title }) => title !== null) ? "section" : "line";
      if (unit === "section") {
        for (const [index, { title, lines }] of sections.entries()) {
          writer.write({ number: index + 1, title, text: lines.join("\n") });
        }
      } else {
        const text = sections.flatMap(({ lines }) => lines).join("\n");
        for (const piece of splitLines(cleanText(text))) writer.write(piece);
      }
      return writer.finish(type, unit);
    },
  };
}
