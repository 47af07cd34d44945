import { readFile } from "node:fs/promises";
import type { Reader } from "../../src/core/ports/reader.ts";

/**
 * Reads what is UTF-8 text as one page. A file whose text begins with `!code` has that problem.
 */
export const plainReader: Reader = {
  async read({ path: file }) {
    const text = await readFile(file, "utf8");
    const code = /^!(\w+)/.exec(text)?.[1];
    return {
      type: { kind: "text", mimeType: "text/plain", extension: "txt" },
      unit: "page",
      pages: text.split("\f").map((page, index) => ({ number: index + 1, text: page })),
      pageCount: text.split("\f").length,
      tokens: text.length,
      problem: code === undefined ? null : { code: code as "file_broken", details: {} },
    };
  },
  stop: () => Promise.resolve(),
};
