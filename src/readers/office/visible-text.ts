import { Parser } from "htmlparser2";

import { ReadProblem } from "../read-problem.ts";
import type { SectionCollector } from "./section-collector.ts";

/** What a browser never shows as text. */
const UNSEEN: ReadonlySet<string> = new Set(
  "script style template noscript head iframe object embed svg math canvas audio video datalist".split(" "),
);
const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure footer
  form header hr html li main menu nav ol option p pre section select summary table tbody tfoot thead tr ul`.split(
    /\s+/,
  ),
);
const HEADING = /^h[1-6]$/;
const MAX_DEPTH = 2_000;

/** Takes HTML as it arrives and puts the text that a browser would show into sections, by headings. */
export interface VisibleText {
  write(html: string): void;
  end(): void;
}

/** `isXhtml`: an empty element may be closed in itself, also a script. */
export function createVisibleText(sections: SectionCollector, options: { isXhtml: boolean }): VisibleText {
  let text = "";
  let heading = 0;
  let preformatted = 0;
  let depth = 0;
  /** The depth of the element whose inside is not shown. */
  let unseenFrom = Number.POSITIVE_INFINITY;

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH) throw new ReadProblem("file_broken", { reason: "nested too deep" });
        if (depth > unseenFrom) return;
        if (UNSEEN.has(name) || isHidden(attributes)) unseenFrom = depth;
        else if (HEADING.test(name)) {
          endBlock();
          heading += 1;
        } else if (name === "td" || name === "th") text += text.trim() === "" ? "" : " | ";
        else if (BLOCKS.has(name)) endBlock();
        if (name === "pre") preformatted += 1;
      },
      ontext(piece) {
        if (depth < unseenFrom) text += preformatted > 0 ? piece : piece.replaceAll(/\s+/g, " ");
      },
      onclosetag(name) {
        if (depth <= unseenFrom) {
          if (depth === unseenFrom) unseenFrom = Number.POSITIVE_INFINITY;
          else if (HEADING.test(name) || BLOCKS.has(name)) endBlock();
          if (HEADING.test(name)) heading = Math.max(0, heading - 1);
          if (name === "pre") preformatted = Math.max(0, preformatted - 1);
        }
        depth -= 1;
      },
    },
    { recognizeSelfClosing: options.isXhtml },
  );

  function endBlock(): void {
    const line = preformatted > 0 ? text : text.replaceAll(/\s+/g, " ");
    text = "";
    if (heading > 0) sections.heading(line);
    else sections.paragraph(line);
  }

  return {
    write: (html) => parser.write(html),
    end() {
      parser.end();
      endBlock();
    },
  };
}

function isHidden({ hidden, style = "" }: Readonly<Record<string, string>>): boolean {
  return hidden !== undefined || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style);
}
