import { describe, expect, it } from "vitest";
import { cite } from "../../src/core/citing/cite.ts";
import type { Document, Page } from "../../src/core/document.ts";
import { locatePassage } from "../../src/core/citing/locate-passage.ts";
import type { RunResult, Source } from "../../src/core/ports/engine.ts";
import { sampleDocument } from "../fakes/sample-data.ts";
import { plainResult } from "../fakes/scripted-engine.ts";

const LEASE: readonly Page[] = [
  { number: 1, text: "Lease agreement between the parties.\nAll rights reserved by the owner of the building." },
  {
    number: 2,
    text: "The notice period is ninety days\nafter receipt of a written letter. Rent is 1,250 euros a month.",
  },
  {
    number: 3,
    text: "The deposit amounts to three months of rent.\nAll rights reserved by the owner of the building.",
  },
];

describe("finding the page of a passage", () => {
  it.for([
    ["the same letters", "The notice period is ninety days after receipt of a written letter.", 2],
    ["other spaces and hyphens", "The notice peri-\nod is ninety  days after receipt of a writ-ten letter.", 2],
    ["a ligature", "Rent is 1,250 euros a month. The oﬃce", 2],
    ["a passage that begins mid-sentence", "deposit amounts to three months of rent", 3],
    [
      "a few letters lost in extraction",
      "The notice period is ninety days aftr receipt of a written letter, Rent is 1,250 euros",
      2,
    ],
    ["words that stand on two pages", "All rights reserved by the owner of the building.", undefined],
    ["words that stand nowhere", "The tenant may keep two cats and a small dog in the flat.", undefined],
    ["too few letters to be certain", "of rent.", undefined],
  ] as const)("%s", async ([, passage, page]) => {
    expect((await locatePassage(LEASE, passage, null))?.page).toBe(page);
  });

  it("of a long passage is the page that carries the claim", async () => {
    const passage = LEASE.map(({ text }) => text).join(" ");
    expect((await locatePassage(LEASE, passage, "You pay three months of rent as a deposit."))?.page).toBe(3);
    expect((await locatePassage(LEASE, passage, "The rent is 1,250 euros."))?.page).toBe(2);
  });

  it("knows Hangul in either composition", async () => {
    const pages = [
      { number: 1, text: "계약의 목적과 당사자에 관한 사항을 정한다." },
      { number: 2, text: "해지 통보는 구십 일 전에 서면으로 하여야 한다." },
    ];
    const found = await locatePassage(pages, "해지 통보는 구십 일 전에 서면으로 하여야 한다.".normalize("NFD"), null);
    expect(found).toEqual({ page: 2, quote: "해지 통보는 구십 일 전에 서면으로 하여야 한다." });
  });

  it("quotes the page in its own spelling", async () => {
    const found = await locatePassage(LEASE, "the notice period is NINETY days", null);
    expect(found?.quote).toBe("The notice period is ninety days");
  });
});

describe("citations", () => {
  const lease = sampleDocument({ id: "lease", name: "lease.pdf" });
  const notes = sampleDocument({
    id: "notes",
    name: "notes.md",
    unit: "line",
    type: { kind: "text", mimeType: "text/markdown", extension: "md" },
  });
  const documents = new Map<string, Document>([lease, notes].map((document) => [document.id, document]));
  const pages: Record<string, readonly Page[]> = {
    lease: LEASE,
    notes: [{ number: 61, text: "The garage is not included." }],
  };
  const citeIt = (result: RunResult) => cite(result, documents, (id) => Promise.resolve(pages[id] ?? []));
  const source = (documentId: string, at: number | null, passage: string | null, page: number | null = null) => ({
    documentId,
    at,
    passage,
    page,
  });

  it("are numbered in the order of the text, and the same place is one citation", async () => {
    const text = "The garage is extra. Notice is ninety days. Rent is 1,250.";
    const cited = await citeIt(
      plainResult(text, {
        sources: [
          source("lease", 42, "The notice period is ninety days after receipt"),
          source("notes", 19, "The garage is not included.", 61),
          source("lease", 57, "Rent is 1,250 euros a month."),
        ],
      }),
    );
    expect(cited.text).toBe("The garage is extra [1]. Notice is ninety days [2]. Rent is 1,250 [2].");
    expect(cited.citations.map(({ document, place }) => [document, place])).toEqual([
      ["notes.md", { unit: "line", number: 61 }],
      ["lease.pdf", { unit: "page", number: 2 }],
    ]);
  });

  it("without a certain page name the document and no page", async () => {
    const cited = await citeIt(plainResult("Yes.", { sources: [source("lease", 3, "Cats are allowed in the flat.")] }));
    expect(cited.citations).toEqual([
      { documentId: "lease", document: "lease.pdf", place: null, quote: "Cats are allowed in the flat." },
    ]);
  });

  it("that came without a passage get the page that holds what the answer says", async () => {
    const text = "The deposit amounts to three months of rent.";
    const cited = await citeIt(plainResult(text, { sources: [source("lease", text.length, null)] }));
    expect(cited.citations[0]).toMatchObject({
      place: { number: 3 },
      quote: "The deposit amounts to three months of rent.",
    });
  });

  it("of a document with one page have that page, whatever was quoted", async () => {
    const one = new Map([["lease", lease]]);
    const sources = [source("lease", 3, "Something else entirely.")];
    const cited = await cite(plainResult("Yes.", { sources }), one, () => Promise.resolve(LEASE.slice(2)));
    expect(cited.citations[0]?.place).toEqual({ unit: "page", number: 3 });
  });

  it("of a text in one piece have no line when what was quoted does not stand there", async () => {
    const cited = await citeIt(plainResult("Yes.", { sources: [source("notes", 3, "Something else entirely.")] }));
    expect(cited.citations).toMatchObject([{ document: "notes.md", place: null }]);
  });

  it("of a document that core does not know are left out", async () => {
    expect(await citeIt(plainResult("Yes.", { sources: [source("other", 3, "x")] }))).toEqual({
      text: "Yes.",
      citations: [],
    });
  });

  it("never split a surrogate pair, and stay inside the text", async () => {
    const cited = await citeIt(
      plainResult("Yes 👍", { sources: [source("lease", 5, null), source("notes", 99, null)] }),
    );
    expect(cited.text).toBe("Yes 👍 [1] [2]");
  });

  it("are found from what the answer says when the model had the document whole and named nothing", async () => {
    const text =
      "Hello Kim.\n\n- Notice is ninety days after receipt of a letter.\n- The deposit amounts to three months of rent.";
    const cited = await citeIt(plainResult(text, { consulted: ["lease", "notes"] }));
    expect(cited.text).toBe(
      "Hello Kim.\n\n- Notice is ninety days after receipt of a letter. [1]\n- The deposit amounts to three months of rent. [2]",
    );
    expect(cited.citations.map(({ place }) => place?.number)).toEqual([2, 3]);
  });

  it("are not invented for an answer that does not come from the document", async () => {
    const cited = await citeIt(
      plainResult("Paris is the capital of France and lies on the Seine.", { consulted: ["lease"] }),
    );
    expect(cited.citations).toEqual([]);
  });
});

describe("a text, which is cited by line", () => {
  const NOTES: readonly Page[] = [
    {
      number: 1,
      text: "The wifi is called Larch\n\nThe printer is in room 12\nThe parking code is 4411\nThe alarm is on at 22:00",
    },
    { number: 61, text: "The garage is not included.\nThe cellar\nis damp in spring and dry in autumn." },
    { number: 64, text: "a very long line, " },
    { number: 64, text: "and how it ends" },
  ];
  const documents = new Map([["d", sampleDocument({ id: "d", name: "notes.txt", unit: "line" })]]);
  const lineOf = async (source: Pick<Source, "page" | "passage">, pages = NOTES): Promise<number | undefined> => {
    const result = plainResult("It is 4411.", { sources: [{ documentId: "d", at: 11, ...source }] });
    return (await cite(result, documents, () => Promise.resolve(pages))).citations[0]?.place?.number;
  };

  it.for([
    ["a line within the piece that the engine names", 1, "The parking code is 4411", 4],
    ["the line on which a passage of several begins", 61, "The cellar is damp in spring and dry in autumn.", 62],
    ["the first line of a piece", 61, "The garage is not included.", 61],
    ["a part of a line that is cut into pieces", 64, "and how it ends", 64],
    ["a passage that the engine does not place", null, "The parking code is 4411", 4],
    ["a passage beyond the first piece", null, "The cellar is damp in spring and dry in autumn.", 62],
  ] as const)("gives the number of %s", async ([, page, passage, line]) => {
    expect(await lineOf({ page, passage })).toBe(line);
  });

  it("keeps two lines of one piece apart", async () => {
    const sources = ["The printer is in room 12", "The parking code is 4411"].map((passage, index) => ({
      documentId: "d",
      at: index,
      page: 1,
      passage,
    }));
    const cited = await cite(plainResult("ab", { sources }), documents, () => Promise.resolve(NOTES));
    expect(cited.citations.map(({ place }) => place?.number)).toEqual([3, 4]);
  });

  it("finds the line of what an answer says that names no source", async () => {
    const result = plainResult("The parking code is 4411.", { consulted: ["d"] });
    const cited = await cite(result, documents, () => Promise.resolve(NOTES.slice(0, 1)));
    expect(cited.citations).toMatchObject([{ place: { unit: "line", number: 4 }, quote: "The parking code is 4411" }]);
  });
});

describe("a long sheet, which comes in several pieces", () => {
  const SHEET: readonly Page[] = [
    { number: 1, title: "Rent", text: "Room | Rent | Tenant\n217 | 900 euros | Kim of the second floor" },
    { number: 1, title: "Rent", text: "Room | Rent | Tenant\n218 | 950 euros | Lee of the second floor" },
    { number: 2, title: "Staff", text: "Name | Since\nPark | 2019" },
  ];
  const documents = new Map([["d", sampleDocument({ id: "d", name: "book.xlsx", unit: "sheet" })]]);
  const place = { unit: "sheet", number: 1, title: "Rent" };
  const read = (): Promise<readonly Page[]> => Promise.resolve(SHEET);

  it("is one place for a passage that runs over two of them", async () => {
    const passage = `${SHEET[0]?.text}\n${SHEET[1]?.text}`;
    const result = plainResult("x", { sources: [{ documentId: "d", at: null, page: null, passage }] });
    expect((await cite(result, documents, read)).citations[0]?.place).toEqual(place);
  });

  it("is found as the source of a sentence that two of them could hold", async () => {
    const answer = "Room 218 has a rent of 950 euros, its tenant is Lee of the second floor.";
    const result = plainResult(answer, { consulted: ["d"] });
    expect((await cite(result, documents, read)).citations[0]).toMatchObject({ document: "book.xlsx", place });
  });

  it("is quoted from the piece that holds the passage, with its name", async () => {
    const passage = "218 | 950 euros | Lee of the second floor";
    const result = plainResult("x", { sources: [{ documentId: "d", at: 1, page: 1, passage }] });
    expect((await cite(result, documents, read)).citations[0]).toMatchObject({ place, quote: passage });
  });
});
