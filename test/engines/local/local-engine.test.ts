import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import type { Document, ReadableDocument } from "../../../src/core/document.ts";
import type { Question } from "../../../src/core/ports/engine.ts";
import { createLocalEngine } from "../../../src/engines/local/local-engine.ts";
import { text as sentence } from "../../../src/core/texts/text.ts";
import { createPassageIndex } from "../../../src/engines/local/passage-index.ts";
import { createSqlitePostings } from "../../../src/engines/local/sqlite-postings.ts";
import { sampleDocument } from "../../fakes/sample-data.ts";

const { signal } = new AbortController();

function readable(change: Partial<Document>, pages: readonly string[]): ReadableDocument {
  return {
    document: sampleDocument(change),
    withFile: () => Promise.reject(new Error("The local engine needs no bytes.")),
    pages: () => Promise.resolve(pages.map((text, index) => ({ number: index + 1, text }))),
  };
}

const lease = readable({ id: "lease", name: "lease.pdf" }, [
  "Parties of the lease: Kim and Park.",
  "The notice period is ninety days after receipt of a letter.",
  "The deposit is *three* months of [rent](http://example.com) <b>in cash</b>.",
]);
const koreanLease = readable({ id: "ko", name: "계약서.pdf" }, [
  "보증금은 세 달 치 월세입니다. 해지는 서면으로 합니다.",
]);
const picture = readable(
  { id: "plan", name: "plan.png", type: { kind: "image", mimeType: "image/png", extension: "png" } },
  [],
);

function toQuestion(text: string, change: Partial<Question> = {}): Question {
  return {
    turnId: "t1",
    conversation: "c",
    channel: "c",
    workspace: "w",
    text,
    context: null,
    author: { id: "u", name: null },
    locale: "en",
    attached: [],
    available: [lease],
    deadlineAt: 0,
    ...change,
  };
}

async function ask(text: string, change: Partial<Question> = {}) {
  const engine = createLocalEngine({ index: createPassageIndex(createSqlitePostings(new DatabaseSync(":memory:"))) });
  const question = toQuestion(text, change);
  for (const document of [...question.attached, ...question.available]) await engine.addDocument(document, signal);
  const run = await engine.startRun(question, { mayExist: false, signal });
  return await engine.waitForRun(run, question, { signal, onProgress: () => undefined });
}

describe("the local engine", () => {
  it("quotes the best passage with its page, and says that no model is set up", async () => {
    const { text, sources } = await ask("How long is the notice period?");
    expect(text).toMatch(/^No model is set up/);
    expect(sources[0]).toMatchObject({ documentId: "lease", page: 2 });
    expect(text.slice(0, sources[0]?.at ?? 0)).toMatch(
      /> The notice period is ninety days after receipt of a letter\.$/,
    );
  });

  it("leaves out what is far behind the best passage, also of other documents", async () => {
    const available = [
      readable({ id: "bike", name: "bike.pdf" }, [
        "Warranty card\nMany thanks. Keep the receipt: you may need it. The frame has a warranty of five years.",
      ]),
      readable({ id: "travel", name: "travel.pdf" }, ["You may claim many kinds of expenses. Keep your tickets."]),
      readable({ id: "rules", name: "rules.pdf" }, [
        "Rules of the garden\nEvery tenant has to know these rules.",
        "Huts\nA hut may have at most twelve square metres.",
        "Animals\nHens are allowed, up to six on a plot. Cocks are not allowed. Bees need the consent of the neighbours.",
      ]),
    ];
    const { text, sources } = await ask("How many hens may I keep?", { available });
    expect(sources).toMatchObject([
      { documentId: "rules", page: 3, passage: "Hens are allowed, up to six on a plot." },
    ]);
    expect(text).toMatch(/\n\n> \*\*Animals\*\*\n>\n> Hens are allowed, up to six on a plot\.$/);
  });

  it("quotes pages that say as much as the best one", async () => {
    const available = [
      readable({ id: "old", name: "old.pdf" }, ["Cover of the rules.", "The deposit is three months of rent."]),
      readable({ id: "new", name: "new.pdf" }, ["Cover of the rules.", "The deposit is four months of rent."]),
    ];
    const { sources } = await ask("How many months is the deposit?", { available });
    expect(sources.map(({ documentId }) => documentId).toSorted()).toEqual(["new", "old"]);
  });

  it("answers the parts of a question in their order", async () => {
    const { text, sources } = await ask("How much is the deposit? And how long is the notice period?");
    expect(text.indexOf("deposit?")).toBeLessThan(text.indexOf("notice period?"));
    expect(sources.map(({ page }) => page)).toEqual(expect.arrayContaining([3, 2]));
    expect(sources[0]?.page).toBe(3);
  });

  it("says so when nothing fits, and when there are no documents", async () => {
    expect(await ask("Who won the chess tournament in Reykjavik?")).toMatchObject({
      text: expect.stringMatching(
        /^I found nothing about that in the documents here\. I looked in .*“.+”\. Without a model I search word by word/,
      ) as string,
      sources: [],
    });
    expect((await ask("How long?", { available: [] })).text).toMatch(
      /I know no documents here yet\. Drop a PDF.* posted before I was invited .* post it again/,
    );
  });

  it("names the first of many documents in which it found nothing", async () => {
    const available = [1, 2, 3, 4, 5, 6, 7].map((n) => readable({ id: `d${n}`, name: `rules_${n}.pdf` }, ["Rent."]));
    const { text } = await ask("Who won the chess tournament in Reykjavik?", { available });
    expect(text).toContain("“rules\\_5.pdf”, and 2 more. ");
    expect(text).not.toContain("6.pdf");
  });

  it("speaks the asker's language", async () => {
    const available = [koreanLease];
    expect((await ask("체스 대회에서 누가 우승했나요?", { locale: "ko-KR", available })).text).toMatch(
      /^여기 있는 문서에서는 관련 내용을 찾지 못했습니다\. 찾아본 문서: “.+”\. 모델이 없으면 단어 그대로/,
    );
  });

  it("shows text of a document as text: no formatting, link or HTML comes through", async () => {
    const { text } = await ask("How much is the deposit?");
    expect(text).toContain("\\*three\\*");
    expect(text).toContain("\\[rent\\]");
    expect(text).toContain("\\<b\\>");
  });

  it("says that it cannot see a picture, and answers from the rest of what came with the question", async () => {
    const attached = [picture, lease];
    const { text, sources } = await ask("How long is the notice period?", { attached, available: [] });
    expect(text).toContain("can’t see pictures without a model, so I left “plan.png” out");
    expect(text.slice(0, sources[0]?.at ?? 0)).toMatch(/letter\.$/);
  });

  it("does not answer from other documents when a question brought nothing but pictures", async () => {
    const { text, sources } = await ask("How long is the notice period?", { attached: [picture] });
    expect(text).toMatch(/I left “plan\.png” out[^]*I have not answered from other documents/);
    expect(sources).toEqual([]);
  });

  it.for([
    ["a Korean question about an English document", "체스 대회에서 누가 우승했나요?", "ko", lease, true],
    ["a Japanese question about an English document", "敷金はいくらですか?", "ja", lease, true],
    ["an English question about a Korean document", "Who won the chess tournament?", "en", koreanLease, true],
    ["a Korean question about a Korean document", "체스 대회에서 누가 우승했나요?", "ko", koreanLease, false],
    ["an English question about an English document", "Who won the chess tournament?", "en", lease, false],
  ] as const)("tells why it found nothing for %s", async ([, question, locale, document, isOther]) => {
    const answer = await ask(question, { locale, available: [document] });
    expect(answer.text.startsWith(sentence("local.nothing_relevant", locale))).toBe(true);
    expect(answer.text.endsWith(sentence(isOther ? "local.other_script" : "local.by_words", locale))).toBe(true);
  });

  it("cannot use a scan, and says so before anybody asks", () => {
    const engine = createLocalEngine({ index: createPassageIndex(createSqlitePostings(new DatabaseSync(":memory:"))) });
    const scan = { kind: "scan", mimeType: "application/pdf", extension: "pdf" } as const;
    const problem = { code: "file_scanned", details: { name: "lease.pdf", pages: 3 } };
    expect(engine.problemWith?.({ ...lease.document, type: scan, pages: 3 })).toEqual(problem);
    expect(engine.problemWith?.(lease.document)).toBeNull();
  });

  it("stops waiting as soon as the question is stopped, also while the database does not answer", async () => {
    const asked = Promise.withResolvers<void>();
    const index = createPassageIndex(createSqlitePostings(new DatabaseSync(":memory:")));
    const search = (): Promise<never> => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const engine = createLocalEngine({ index: { ...index, search } });
    const stop = new AbortController();
    const question = toQuestion("How long is the notice period?");
    const run = await engine.startRun(question, { mayExist: false, signal });
    const answer = engine.waitForRun(run, question, { signal: stop.signal, onProgress: () => undefined });
    await asked.promise;
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: "cancelled" });
  });

  it("finds a row of a CSV file by any cell of it", async () => {
    const rows = Array.from(
      { length: 40 },
      (_, index) => `${1000 + index},Part ${index},${index + 5}.50,${index},2026-01-05`,
    );
    const prices = readable({ id: "prices", name: "prices.csv", unit: "line" }, [
      ["id,name,price,stock,since", ...rows.slice(0, 20), "2000,Hinge,19.90,4,2026-02-01", ...rows.slice(20)].join(
        "\n",
      ),
    ]);
    for (const question of ["Which id has the price 19.90?", "What is Hinge?", "Which is 2000?"]) {
      const result = await ask(question, { available: [prices] });
      expect(result.text, question).toContain("2000,Hinge,19.90,4,2026-02-01");
    }
  });

  it.each([
    "Summarize this document",
    "tl;dr?",
    "What does this PDF say?",
    "What does it say?",
    "Please summarise the attached file in 3 bullet points.",
    "이 문서 요약해 줘",
    "この文書を要約して",
  ])("says that it can only quote, and how the document begins: %s", async (question) => {
    const { text, sources } = await ask(question, { attached: [lease], available: [koreanLease] });
    expect(text).toBe(`${sentence("local.no_summary", "en")}\n\n> Parties of the lease: Kim and Park.`);
    expect(sources).toEqual([
      { documentId: "lease", at: text.length, page: 1, passage: "Parties of the lease: Kim and Park." },
    ]);
  });

  it("looks for what a summary is to be about", async () => {
    const { text } = await ask("Summarize the notice period");
    expect(text).toContain("> The notice period is ninety days after receipt of a letter.");
  });

  it("says which pictures it left out where nothing was found", async () => {
    const both = await ask("What is on the photo?", { available: [lease, picture] });
    expect(both.text).toContain("I can’t see pictures and scans, so I left out “plan.png”.");
    const alone = await ask("What is on the photo?", { available: [picture] });
    expect(alone.text).toContain("so I left out “plan.png”.");
    expect(alone.text).not.toContain("I looked in");
  });

  it("is not led by the polite ending of a Korean question", async () => {
    const rules = readable({ id: "rules", name: "규정.txt", unit: "line" }, [
      "제1조 병가는 연간 최대 60일이며, 담당자는 김서연 과장입니다.",
      "제2조 연차 휴가는 18일이다.",
    ]);
    const { sources } = await ask("연차 휴가는 며칠입니까?", { available: [rules], locale: "ko" });
    expect(sources.map(({ page }) => page)).toEqual([2]);
  });
});
