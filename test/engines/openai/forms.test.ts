import { describe, expect, test } from "vitest";
import type { Page } from "../../../src/core/document.ts";
import { makeXlsx } from "../../fixtures/make-office.ts";
import { never, startTalk, toReadable, type Talk } from "./talk.ts";

const LONG = { tokens: 50_000 };
const SHEETS: readonly Page[] = [
  { number: 1, title: "Rent", text: "Room | Rent\n217 | 900" },
  { number: 1, title: "Rent", text: "Room | Rent\n218 | 950" },
  { number: 3, title: "Staff", text: "Kim" },
];

/** The name and the text of the one file that OpenAI was given. */
function uploaded(talk: Talk): { name: string | undefined; text: string | undefined } {
  const [file] = talk.server.state.files.values();
  return { name: file?.filename, text: file?.bytes.toString("utf8") };
}

function indexed(talk: Talk): string[] {
  return [...talk.server.state.vectorStores.values()].flatMap(({ files }) =>
    [...files.values()].map(({ filename, status }) => `${filename} ${status}`),
  );
}

describe("what OpenAI is given of a document", () => {
  test("is a workbook as it is, while a question holds it", async () => {
    const talk = await startTalk();
    const bytes = makeXlsx({
      Rent: [
        ["Room", "Rent"],
        ["217", 900],
      ],
    });
    await talk.engine.addDocument(toReadable("rent.xlsx", bytes, { texts: SHEETS, unit: "sheet" }), never());
    expect([...talk.server.state.files.values()][0]?.bytes.equals(bytes)).toBe(true);
    expect(indexed(talk)).toEqual([]);
  });

  test("is the text of a workbook that is longer, sheet by sheet, and searched", async () => {
    const talk = await startTalk();
    await talk.engine.addDocument(toReadable("rent.xlsx", "PK", { ...LONG, texts: SHEETS, unit: "sheet" }), never());
    expect(uploaded(talk)).toEqual({
      name: "rent.xlsx.txt",
      text: "## Sheet Rent\nRoom | Rent\n217 | 900\n\nRoom | Rent\n218 | 950\n\n## Sheet Staff\nKim",
    });
    expect(indexed(talk)).toEqual(["rent.xlsx.txt completed"]);
  });

  test("is the text of a table that is longer, which a question then finds", async () => {
    const talk = await startTalk();
    const text = "room,note\n217,The notice period is three months.";
    const table = toReadable("rooms.csv", text, { ...LONG, texts: [{ number: 1, text }], unit: "line" });
    await talk.engine.addDocument(table, never());
    const result = await talk.ask({ available: [table] });
    expect(result.sources[0]).toMatchObject({ documentId: table.document.id });
    expect(result.sources[0]?.passage).toContain("three months");
  });

  test.for([
    { label: "a table of more rows than OpenAI reads", name: "rows.csv", rows: 1_001, form: "rows.csv.txt" },
    { label: "a table of as many rows as OpenAI reads", name: "rows.csv", rows: 1_000, form: "rows.csv" },
    { label: "a workbook with macros", name: "macro.xlsm", rows: 1, form: "macro.xlsm.txt" },
  ])("is, of $label, $form", async ({ name, rows, form }) => {
    const talk = await startTalk();
    const text = "1\n".repeat(rows).trimEnd();
    const table = toReadable(name, text, { tokens: 500, texts: [{ number: 1, text }], unit: "line" });
    await talk.engine.addDocument(table, never());
    expect(uploaded(talk).name).toBe(form);
  });

  test("is the text of slides, with their numbers", async () => {
    const talk = await startTalk();
    const texts = ["Plan", "Budget"].map((text, index) => ({ number: index + 1, text }));
    await talk.engine.addDocument(toReadable("plan.pptx", "PK", { texts, unit: "slide" }), never());
    expect(uploaded(talk)).toEqual({ name: "plan.pptx.txt", text: "## Slide 1\nPlan\n\n## Slide 2\nBudget" });
  });

  test("is what a person sees of a web page, without its scripts", async () => {
    const talk = await startTalk();
    const texts = [{ number: 1, text: "Opening hours" }];
    const html = "<script>secret()</script><p>Opening hours</p>";
    await talk.engine.addDocument(toReadable("page.html", html, { ...LONG, texts, unit: "section" }), never());
    expect(uploaded(talk)).toEqual({ name: "page.html.txt", text: "Opening hours" });
    expect(indexed(talk)).toEqual(["page.html.txt completed"]);
  });

  test.for([
    { label: "UTF-8", bytes: Buffer.from("휴가"), name: "leave.md" },
    { label: "UTF-16", bytes: Buffer.from("\uFEFF휴가", "utf16le"), name: "leave.md" },
    { label: "code page 949", bytes: Buffer.from("c8deb0a1", "hex"), name: "leave.md.txt" },
  ])("is a text in $label as $name, which a vector store takes", async ({ bytes, name }) => {
    const talk = await startTalk();
    const texts = [{ number: 1, text: "휴가" }];
    await talk.engine.addDocument(toReadable("leave.md", bytes, { ...LONG, texts, unit: "line" }), never());
    expect(indexed(talk)).toEqual([`${name} completed`]);
  });
});
