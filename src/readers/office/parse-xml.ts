import { Parser } from "htmlparser2";

import { ReadProblem } from "../read-problem.ts";

/** Deeper than any program writes, and shallow enough that closing tags are found quickly. */
const MAX_DEPTH = 512;
/** More text than a file of any length that is read has in one part. */
const MAX_TEXT_CHARS = 64 * 1024 * 1024;
/** A million cells of a sheet are two million elements. */
const MAX_ELEMENTS = 10_000_000;

export interface XmlHandlers {
  /** `name` comes without its prefix: programs choose their prefixes freely. */
  open?(name: string, attributes: XmlAttributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

export type XmlAttributes = Readonly<Record<string, string>>;

/**
 * Parses XML as it arrives. Entities that a document declares are left as they are written, so that none can unfold
 * into gigabytes; only the five of XML itself and character numbers are resolved.
 * @throws ReadProblem `file_broken` for nesting that no program writes, `file_bomb`; and what the handlers throw
 */
export async function parseXml(text: AsyncIterable<string>, handlers: XmlHandlers): Promise<void> {
  let depth = 0;
  let chars = 0;
  let elements = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        elements += 1;
        if (elements > MAX_ELEMENTS) throw new ReadProblem("file_bomb");
        if (depth > MAX_DEPTH) throw new ReadProblem("file_broken", { reason: "nested too deep" });
        handlers.open?.(localName(name), attributes);
      },
      ontext(piece) {
        chars += piece.length;
        if (chars > MAX_TEXT_CHARS) throw new ReadProblem("file_bomb");
        handlers.text?.(piece);
      },
      onclosetag(name) {
        depth -= 1;
        handlers.close?.(localName(name));
      },
    },
    { xmlMode: true },
  );
  for await (const piece of text) parser.write(piece);
  parser.end();
}

/** An attribute by its name without prefix. */
export function attributeOf(attributes: XmlAttributes, name: string): string | undefined {
  return attributes[name] ?? Object.entries(attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];
}

/** The id by which a part of an Office file refers to another one: `r:id`, never the plain `id` beside it. */
export function relationOf(attributes: XmlAttributes): string | undefined {
  return Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1];
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
