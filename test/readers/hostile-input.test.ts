import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  makeLaughs,
  makeManyPagesPdf,
  makeNestedZip,
  makeScriptPdf,
  makeTgzBomb,
  makeZipBomb,
} from "../fixtures/make-hostile.ts";
import { makeDocx, makeXlsx } from "../fixtures/make-office.ts";
import { makePdf } from "../fixtures/make-pdf.ts";
import { makeTar } from "../fixtures/make-tar.ts";
import { makeZip } from "../fixtures/make-zip.ts";
import { readInProcess } from "./read-in-process.ts";
import { createTemporaryFiles, type TemporaryFiles } from "./temporary-files.ts";

const MB = 1024 * 1024;
const WORD = (body: string): string => `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`;

let files: TemporaryFiles;
beforeAll(async () => {
  files = await createTemporaryFiles();
});
afterAll(async () => {
  await files[Symbol.asyncDispose]();
});

/** Each file with what has to come of it: a sentence for the person, or what is read of it. */
async function createHostileFiles(): Promise<[name: string, bytes: Uint8Array | string, outcome: string][]> {
  const longName = `${"name".repeat(62)}.pdf`;
  return [
    ["bomb.zip", makeZipBomb(), "file_bomb"],
    ["bomb.tgz", makeTgzBomb(), "file_bomb"],
    ["bomb-in-zip.zip", makeZip({ "inner.zip": makeZipBomb() }), "file_bomb"],
    ["nested.zip", makeNestedZip(5), "read: level-4.zip/level-3.zip: file_nested_too_deep"],
    [
      "10000-files.zip",
      makeZip(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${index}.txt`, "x"]))),
      "file_too_many_inside",
    ],
    [
      "10000-files.tar",
      makeTar(Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}.txt`, content: "x" }))),
      "file_too_many_inside",
    ],
    [
      "paths.zip",
      makeZip({ "../../../etc/cron.d/evil": "x", "/etc/keys": "x" }),
      "read: etc/cron.d/evil: read, etc/keys: read",
    ],
    [
      "links.tar",
      makeTar([
        { name: "shadow", linkTo: "/etc/shadow" },
        { name: "a.txt", content: "x" },
      ]),
      "read: a.txt: read",
    ],
    [
      "laughs.docx",
      makeDocx([], {
        "word/document.xml": makeLaughs("w:document", (lol) => WORD(`<w:p><w:r><w:t>Hello ${lol}</w:t></w:r></w:p>`)),
      }),
      "read: Hello &lol9;",
    ],
    [
      "laughs.xlsx",
      makeXlsx(
        { A: [["x"]] },
        { "xl/sharedStrings.xml": makeLaughs("sst", (lol) => `<sst><si><t>Hi ${lol}</t></si></sst>`) },
      ),
      "read: Hi &lol9;",
    ],
    [
      "laughs.xml",
      makeLaughs("a", (lol) => `<a>${lol}</a>`),
      'read: <?xml version="1.0"?><!DOCTYPE a [<!ENTITY lol0 "lol"><!ENTI',
    ],
    [
      "outside.docx",
      makeDocx([], {
        "word/document.xml": `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>${WORD("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")}`,
      }),
      "read: &x;",
    ],
    ["deep.docx", makeDocx([], { "word/document.xml": "<a>".repeat(1_000_000) }), "file_broken (nested too deep)"],
    [
      "long-text.docx",
      makeDocx([], {
        "word/document.xml": Buffer.concat([Buffer.from("<w:document><w:p><w:t>"), Buffer.alloc(70 * MB, "a ")]),
      }),
      "file_bomb",
    ],
    [
      "long-name.docx",
      makeDocx([], {
        "word/document.xml": Buffer.concat([Buffer.from('<w:document a="'), Buffer.alloc(100 * MB, "a")]),
      }),
      "file_empty",
    ],
    ["long-part.docx", makeDocx([], { "word/document.xml": Buffer.alloc(70 * MB, "<w:p/>") }), "file_bomb"],
    ["deep.html", `${"<div>".repeat(1_000_000)}x`, "file_broken (nested too deep)"],
    [
      "macro.xlsm",
      makeXlsx({ A: [["Only cells are read."]] }, { "xl/vbaProject.bin": "Sub Auto_Open()" }),
      "read: Only cells are read.",
    ],
    ["script.pdf", makeScriptPdf(), "read: Only text is read."],
    ["claims-pages.pdf", makeManyPagesPdf(1), "read: A page that is there."],
    ["many-pages.pdf", makeManyPagesPdf(100_000), "file_too_many_pages"],
    [longName, await makePdf(["Whatever it is called."]), "read: Whatever it is called."],
  ];
}

describe("files that were made to do harm", () => {
  it("are refused in a sentence or read within limits, in less than 600 MB", { timeout: 120_000 }, async () => {
    const paths: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const [name, bytes, outcome] of await createHostileFiles()) {
      paths[name] = await files.add(bytes);
      expected[name] = outcome;
    }
    const { outcomes, peakMb } = await readInProcess(paths);
    expect(outcomes).toEqual(expected);
    expect(peakMb).toBeLessThan(600);
  });
});
