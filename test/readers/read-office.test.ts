import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Reading, ReadLimits, Reader } from "../../src/core/ports/reader.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { makeDocx, makePptx, makeXlsx } from "../fixtures/make-office.ts";
import { makeEpub, makeOdp, makeOds, makeOdt } from "../fixtures/make-open-document.ts";
import { createTemporaryFiles, type TemporaryFiles } from "./temporary-files.ts";

const LIMITS: ReadLimits = { maxTokens: 2_000_000, maxPages: 5000, timeoutMs: 60_000 };

let files: TemporaryFiles;
let reader: Reader;
beforeAll(async () => {
  files = await createTemporaryFiles();
  reader = createReader();
});
afterAll(async () => {
  await reader.stop();
  await files[Symbol.asyncDispose]();
});

async function read(name: string, bytes: Uint8Array | string, limits: Partial<ReadLimits> = {}): Promise<Reading> {
  const { signal } = new AbortController();
  return reader.read({ path: await files.add(bytes), name }, { ...LIMITS, ...limits }, { signal });
}

describe("Office files", () => {
  it("reads a Word document by its headings, whatever its styles are called, with its tables", async () => {
    const docx = makeDocx([
      "Lease",
      "# Notice & term",
      "Ninety days.",
      "Room | Rent",
      "217 | 900",
      "# Deposit",
      "Three months.",
    ]);
    const reading = await read("lease.docx", docx);
    expect(reading).toMatchObject({ type: { kind: "office", extension: "docx" }, unit: "section", problem: null });
    expect(reading.pages).toEqual([
      { number: 1, text: "Lease" },
      { number: 2, title: "Notice & term", text: "Notice & term\nNinety days.\nRoom | Rent\n217 | 900" },
      { number: 3, title: "Deposit", text: "Deposit\nThree months." },
    ]);
    expect(reading.tokens).toBeGreaterThan(15);
  });

  it("reads a Word document without headings by its lines", async () => {
    const reading = await read("note.docx", makeDocx(["First.", "Second."]));
    expect(reading).toMatchObject({ unit: "line", pages: [{ number: 1, text: "First.\nSecond." }] });
  });

  it("reads no text twice that Word keeps in a newer and an older form, and none that was deleted", async () => {
    const xml = `<w:document xmlns:w="w" xmlns:mc="mc"><w:body><w:p><w:r><mc:AlternateContent><mc:Choice><w:t>Once</w:t></mc:Choice><mc:Fallback><w:t>Once</w:t></mc:Fallback></mc:AlternateContent></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p></w:body></w:document>`;
    expect((await read("a.docx", makeDocx([], { "word/document.xml": xml }))).pages).toEqual([
      { number: 1, text: "Once" },
    ]);
  });

  it("keeps the number and the heading with every piece of a long section", async () => {
    const reading = await read(
      "long.docx",
      makeDocx(["# Rooms", ...Array.from({ length: 150 }, (_, i) => `Room ${i}.`)]),
    );
    expect(reading.pages.map(({ number, title }) => [number, title])).toEqual([
      [1, "Rooms"],
      [1, "Rooms"],
      [1, "Rooms"],
    ]);
  });

  it("reads a presentation in the order of the show, with the speaker's notes", async () => {
    const reading = await read("plan.pptx", makePptx(["Plan 2027", "Budget\n4 million"], "Say it slowly."));
    expect(reading).toMatchObject({ type: { kind: "office", extension: "pptx" }, unit: "slide", problem: null });
    expect(reading.pages).toEqual([
      { number: 1, text: "Plan 2027\nSay it slowly." },
      { number: 2, text: "Budget\n4 million" },
    ]);
  });

  it("reads a workbook by its sheets, with dates, percentages and numbers as people see them", async () => {
    const xlsx = makeXlsx({
      Staff: [
        ["Name", "Since", "Share"],
        ["Kim", { value: 45_292, style: 1 }, { value: 0.125, style: 2 }],
        ["Lee", { value: 45_292.75, style: 3 }, 0.1 + 0.2],
      ],
      Empty: [],
      "Rent & more": [["Room", "", "Rent"]],
    });
    const reading = await read("book.xlsx", xlsx);
    expect(reading).toMatchObject({ type: { kind: "workbook", extension: "xlsx" }, unit: "sheet", problem: null });
    expect(reading.pages).toEqual([
      {
        number: 1,
        title: "Staff",
        text: "Name | Since | Share\nKim | 2024-01-01 | 12.5%\nLee | 2024-01-01 18:00:00 | 0.3",
      },
      { number: 3, title: "Rent & more", text: "Room |  | Rent" },
    ]);
  });

  it("repeats the names of the columns at the head of each piece of a long sheet", async () => {
    const rows = Array.from({ length: 130 }, (_, index) => [`Room ${index}`, index]);
    const reading = await read("rooms.xlsx", makeXlsx({ Rooms: [["Room", "Rent"], ...rows] }));
    expect(reading.pages).toHaveLength(3);
    expect(reading.pages[2]?.text).toMatch(/^Room \| Rent\nRoom 119 \| 119\n/);
  });

  it.each([
    [
      "a text",
      "a.odt",
      makeOdt(["Before", "# Rooms", "Room  217 &amp; more"]),
      "section",
      [
        { number: 1, text: "Before" },
        { number: 2, title: "Rooms", text: "Rooms\nRoom  217 & more" },
      ],
    ],
    [
      "a spreadsheet",
      "a.ods",
      makeOds({
        Rooms: [
          ["Room", "", "Rent"],
          ["217", "", "900"],
        ],
      }),
      "sheet",
      [{ number: 1, title: "Rooms", text: "Room |  | Rent\n217 |  | 900" }],
    ],
    [
      "a presentation",
      "a.odp",
      makeOdp(["One", "Two\nlines"]),
      "slide",
      [
        { number: 1, text: "One" },
        { number: 2, text: "Two\nlines" },
      ],
    ],
    [
      "an e-book",
      "a.epub",
      makeEpub({ Beginning: "It was dark.", End: "It was light." }),
      "section",
      [
        { number: 1, title: "Beginning", text: "Beginning\nIt was dark." },
        { number: 2, title: "End", text: "End\nIt was light." },
      ],
    ],
  ])("reads %s in an open format", async (_label, name, bytes, unit, pages) => {
    expect(await read(name, bytes)).toMatchObject({ unit, pages, problem: null });
  });

  it("knows them by their bytes, under any name", async () => {
    expect((await read("a.zip", makeDocx(["x"]))).type).toMatchObject({ extension: "docx" });
    expect((await read("a.docx", makeXlsx({ A: [["x"]] }))).type).toMatchObject({ extension: "xlsx" });
  });

  it.each([
    ["an empty document", "a.docx", makeDocx([]), { code: "file_empty", details: { name: "a.docx" } }],
    ["half a document", "a.docx", makeDocx(["text"]).subarray(0, 700), { code: "file_broken" }],
    [
      "a document with a password",
      "a.docx",
      Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(512)]),
      {
        code: "file_encrypted",
      },
    ],
    [
      "a binary workbook",
      "a.xlsb",
      makeXlsx({ A: [["x"]] }, { "xl/workbook.bin": "x" }),
      {
        code: "file_unsupported",
        details: { name: "a.xlsb", type: "XLSB" },
      },
    ],
    ["a document that lacks its text", "a.pptx", makeDocx([], { "word/document.xml": "" }), { code: "file_empty" }],
  ])("says what is wrong with %s", async (_label, name, bytes, problem) => {
    expect((await read(name, bytes)).problem).toMatchObject(problem);
  });

  it("refuses one with too many tokens before it is held whole", async () => {
    const long = makeDocx(Array.from({ length: 3000 }, (_, index) => `Sentence number ${index} of a long text.`));
    expect((await read("long.docx", long, { maxTokens: 1000 })).problem).toMatchObject({
      code: "file_too_many_tokens",
    });
  });
});

describe("web pages", () => {
  const PAGE = `<!doctype html><html><head><title>T</title><script>alert("secret")</script><style>p{}</style></head>
    <body><nav>Home</nav><h1>Opening <em>hours</em></h1><p>Nine to
    five &amp; on Sundays&nbsp;closed.<br>Holidays too.</p><p hidden>never</p><div style="display: none">never <b>ever</b></div>
    <table><tr><th>Room</th><th>Rent</th></tr><tr><td>217</td><td>900</td></tr></table>
    <h2>Contact</h2><p>Call us.</p><noscript>Switch it on</noscript><template>never</template><script type="x">never</script></body></html>`;

  it("holds what a person sees, by its headings", async () => {
    const reading = await read("page.html", PAGE);
    expect(reading).toMatchObject({ type: { kind: "text", extension: "html" }, unit: "section", problem: null });
    expect(reading.pages).toEqual([
      { number: 1, text: "Home" },
      {
        number: 2,
        title: "Opening hours",
        text: "Opening hours\nNine to five & on Sundays closed.\nHolidays too.\nRoom | Rent\n217 | 900",
      },
      { number: 3, title: "Contact", text: "Contact\nCall us." },
    ]);
  });

  it("is empty when there is nothing but a script", async () => {
    expect((await read("app.html", "<script>start()</script><div id=app></div>")).problem).toMatchObject({
      code: "file_empty",
    });
  });
});
