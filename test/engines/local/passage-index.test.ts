import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";

import { createPassageIndex, type PassageIndex, type Passage } from "../../../src/engines/local/passage-index.ts";

const HANDBOOK = { id: "handbook", name: "handbook.pdf" };
const HANDBOOK_PAGES = toPages(
  "Staff handbook of the Harbour Museum\nEdition of 2024",
  "Annual leave\nEvery employee receives 25 days of annual leave. Unused days expire in March.",
  "Expenses\nTravel costs are reimbursed within two weeks. Keep all receipts.",
  "Emergency\nCall the duty officer at extension 4471 when the alarm rings.",
);
const MANUAL = { id: "manual", name: "GRINDER_X200_2023_manual.pdf" };
const MANUAL_PAGES = toPages(
  "Coffee grinder X200\nUser manual",
  "Cleaning\nRemove the upper burr every month. Brush the burrs and wipe the hopper with a dry cloth.",
  "Warranty\nThe grinder has a warranty of 36 months. Keep all receipts.",
);

function toPages(...texts: string[]): { number: number; text: string }[] {
  return texts.map((text, index) => ({ number: index + 1, text }));
}

async function createFilled(db = new DatabaseSync(":memory:")): Promise<PassageIndex> {
  const index = createPassageIndex(db);
  await index.add(HANDBOOK, HANDBOOK_PAGES);
  await index.add(MANUAL, MANUAL_PAGES);
  return index;
}

function places(passages: readonly Passage[]): string[] {
  return passages.map(({ documentId, page }) => `${documentId} ${page}`);
}

describe("search", () => {
  const both = { documentIds: ["handbook", "manual"], limit: 3 };

  test.each([
    ["other forms of the words", "How many days of leave do employees receive?", "handbook 2"],
    ["a name in the file's name", "What warranty does the X200 have?", "manual 3"],
    ["a misspelt word", "How do I reimburse travvel costs?", "handbook 3"],
    ["a page named by its number", "What is on page 4 of the handbook?", "handbook 4"],
    ["the title page", "What is the title of the staff handbook?", "handbook 1"],
  ])("finds the page by %s", async (_, question, place) => {
    const index = await createFilled();
    expect(places(index.search(question, both))[0]).toBe(place);
  });

  test.each([
    [
      "ko",
      "설치에 필요한 최소 메모리는 512메가바이트입니다.",
      "화면 밝기는 설정 메뉴에서 바꿉니다.",
      "메모리가 얼마나 필요한가요?",
    ],
    [
      "ja",
      "インストールには最低512MBのメモリが必要です。",
      "画面の明るさは設定で変更します。",
      "必要なメモリはどのくらいですか?",
    ],
    ["zh", "安装系统至少需要512MB内存。", "屏幕亮度可以在设置中更改。", "需要多少内存?"],
    ["mixed", "DHCP서버에 pxelinux.0을 지정합니다.", "부팅 화면에서 언어를 고릅니다.", "DHCP 서버에 지정하는 파일은?"],
  ])("finds a page in %s", async (_, right, wrong, question) => {
    const index = createPassageIndex(new DatabaseSync(":memory:"));
    await index.add({ id: "guide", name: "guide.pdf" }, toPages("1", wrong, right));
    const [first] = index.search(question, { documentIds: ["guide"], limit: 2 });
    expect(first).toMatchObject({ page: 3, text: right, relevant: true });
  });

  test("returns text that stands on the page, one passage a page, best first", async () => {
    const index = await createFilled();
    const passages = index.search("Who keeps receipts for travel costs?", both);
    expect(new Set(places(passages)).size).toBe(passages.length);
    for (const { documentId, page, text } of passages) {
      const pages = documentId === "handbook" ? HANDBOOK_PAGES : MANUAL_PAGES;
      expect(pages[page - 1]?.text).toContain(text);
    }
    const scores = passages.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((first, second) => second - first));
    for (const score of scores) expect(score).toBeGreaterThanOrEqual(0);
    for (const score of scores) expect(score).toBeLessThanOrEqual(1);
  });

  test("quotes the part of a long page that answers", async () => {
    const index = createPassageIndex(new DatabaseSync(":memory:"));
    const filler = "The weather station records wind and rain.\n".repeat(60);
    await index.add({ id: "log", name: "log.pdf" }, toPages(`${filler}The keeper is Amalia Brandt.\n${filler}`));
    const [first] = index.search("Who is the keeper?", { documentIds: ["log"], limit: 1 });
    expect(first?.text).toContain("Amalia Brandt");
    expect(first?.text.length).toBeLessThanOrEqual(700);
  });

  test("never returns a document that was not asked", async () => {
    const index = await createFilled();
    const passages = index.search("Keep all receipts", { documentIds: ["manual", "unknown"], limit: 5 });
    expect(new Set(passages.map(({ documentId }) => documentId))).toEqual(new Set(["manual"]));
    expect(index.search("Keep all receipts", { documentIds: [], limit: 5 })).toEqual([]);
  });

  test("scores do not depend on documents that were not asked", async () => {
    const alone = createPassageIndex(new DatabaseSync(":memory:"));
    await alone.add(MANUAL, MANUAL_PAGES);
    const asked = ["How are the burrs cleaned?", { documentIds: ["manual"], limit: 3 }] as const;
    expect((await createFilled()).search(...asked)).toEqual(alone.search(...asked));
  });

  test("says when nothing is relevant", async () => {
    const index = await createFilled();
    for (const question of [
      "What is the weather on Mars?",
      "김치찌개는 어떻게 끓이나요?",
      "红烧肉怎么做?",
      "Who won in 1998?",
    ]) {
      expect(index.search(question, both).filter(({ relevant }) => relevant)).toEqual([]);
    }
    expect(index.search("When do unused leave days expire?", both)[0]?.relevant).toBe(true);
  });

  test.each([
    "",
    "   ",
    "?!",
    "\u0000",
    "' OR 1=1 --",
    'NEAR(a b) "',
    "%_*",
    "\ud800",
    "x".repeat(100_000),
    "why ".repeat(5000),
  ])("does not fail on an odd question", async (question) => {
    const index = await createFilled();
    expect(Array.isArray(index.search(question, both))).toBe(true);
  });
});

describe("add, has and remove", () => {
  test("a document is there once it is added and gone once it is removed", async () => {
    const index = createPassageIndex(new DatabaseSync(":memory:"));
    expect(index.has("handbook")).toBe(false);
    await index.add(HANDBOOK, HANDBOOK_PAGES);
    expect(index.has("handbook")).toBe(true);
    index.remove("handbook");
    expect(index.has("handbook")).toBe(false);
    expect(index.search("annual leave", { documentIds: ["handbook"], limit: 3 })).toEqual([]);
    index.remove("handbook");
  });

  test("removing leaves no row behind, and nothing of other documents is lost", async () => {
    const db = new DatabaseSync(":memory:");
    const index = await createFilled(db);
    const before = new DatabaseSync(":memory:");
    await createPassageIndex(before).add(MANUAL, MANUAL_PAGES);
    index.remove("handbook");
    expect(countRows(db)).toEqual(countRows(before));
  });

  test("a removed word is not in the database file any more", async () => {
    const db = new DatabaseSync(":memory:");
    db.exec("PRAGMA secure_delete = ON");
    const index = createPassageIndex(db);
    await index.add({ id: "secret", name: "secret.pdf" }, toPages("The password is xylophonist."));
    index.remove("secret");
    expect(Buffer.from(db.serialize()).includes("xylophonist")).toBe(false);
  });

  test("adding again replaces", async () => {
    const db = new DatabaseSync(":memory:");
    const index = createPassageIndex(db);
    await index.add(HANDBOOK, HANDBOOK_PAGES);
    const rows = countRows(db);
    await index.add(HANDBOOK, HANDBOOK_PAGES);
    expect(countRows(db)).toEqual(rows);
    await index.add(HANDBOOK, toPages("Only this page about umbrellas"));
    const passages = index.search("annual leave umbrellas", { documentIds: ["handbook"], limit: 5 });
    expect(passages.map(({ text }) => text)).toEqual(["Only this page about umbrellas"]);
  });

  test("a document without pages or text is there all the same", async () => {
    const index = createPassageIndex(new DatabaseSync(":memory:"));
    await index.add({ id: "none", name: "none.png" }, []);
    await index.add({ id: "blank", name: "blank.pdf" }, toPages("", " "));
    expect([index.has("none"), index.has("blank")]).toEqual([true, true]);
    const passages = index.search("anything", { documentIds: ["none", "blank"], limit: 5 });
    expect(passages.filter(({ relevant }) => relevant)).toEqual([]);
  });

  test("works inside a transaction of the caller", async () => {
    const db = new DatabaseSync(":memory:");
    const index = await createFilled(db);
    db.exec("BEGIN");
    index.remove("handbook");
    db.exec("ROLLBACK");
    expect(index.has("handbook")).toBe(true);
  });

  test("survives the database being opened again", async () => {
    const db = new DatabaseSync(":memory:");
    await createFilled(db);
    expect(createPassageIndex(db).search("upper burr", { documentIds: ["manual"], limit: 1 })[0]?.page).toBe(2);
  });
});

describe("an add that does not finish", () => {
  const long = Array.from({ length: 300 }, (_, index) => ({ number: index + 1, text: `Page ${index} `.repeat(200) }));

  test("by an abort leaves the former text and rejects with the reason", async () => {
    const db = new DatabaseSync(":memory:");
    const index = await createFilled(db);
    const rows = countRows(db);
    const controller = new AbortController();
    const adding = index.add(HANDBOOK, long, controller.signal);
    controller.abort(new Error("enough"));
    await expect(adding).rejects.toThrow("enough");
    expect(countRows(db)).toEqual(rows);
    expect(index.search("annual leave", { documentIds: ["handbook"], limit: 1 })[0]?.page).toBe(2);
  });

  test("by a crash does not count and is replaced", async () => {
    const db = new DatabaseSync(":memory:");
    const index = createPassageIndex(db);
    // What is in the file while an add is under way is what a crash would leave.
    const adding = index.add(HANDBOOK, long);
    const crashed = new DatabaseSync(":memory:");
    crashed.deserialize(db.serialize());
    await adding;
    const after = createPassageIndex(crashed);
    expect(countRows(crashed)["passage_page"]).toBeGreaterThan(0);
    expect(after.has("handbook")).toBe(false);
    expect(after.search("Page 1", { documentIds: ["handbook"], limit: 3 })).toEqual([]);
    await after.add(HANDBOOK, HANDBOOK_PAGES);
    expect(countRows(crashed)).toEqual(await countRowsOf(HANDBOOK_PAGES));
  });

  test("because the document is removed meanwhile leaves nothing", async () => {
    const db = new DatabaseSync(":memory:");
    const index = createPassageIndex(db);
    const adding = index.add(HANDBOOK, long);
    index.remove("handbook");
    await expect(adding).rejects.toMatchObject({ name: "AbortError" });
    expect(index.has("handbook")).toBe(false);
    expect(Object.values(countRows(db))).toEqual([0, 0, 0]);
  });

  test("lets other work run in between", async () => {
    const index = createPassageIndex(new DatabaseSync(":memory:"));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await index.add(HANDBOOK, [...long, ...long, ...long]);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});

test("two adds of one document at once leave one copy", async () => {
  const db = new DatabaseSync(":memory:");
  const index = createPassageIndex(db);
  const results = await Promise.allSettled([index.add(HANDBOOK, HANDBOOK_PAGES), index.add(HANDBOOK, HANDBOOK_PAGES)]);
  expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(index.has("handbook")).toBe(true);
  expect(countRows(db)).toEqual(await countRowsOf(HANDBOOK_PAGES));
});

function countRows(db: DatabaseSync): Record<string, number> {
  const tables = ["passage_document", "passage_page", "passage_term"];
  return Object.fromEntries(
    tables.map((table) => [table, Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"])]),
  );
}

async function countRowsOf(pages: readonly { number: number; text: string }[]): Promise<Record<string, number>> {
  const db = new DatabaseSync(":memory:");
  await createPassageIndex(db).add(HANDBOOK, pages);
  return countRows(db);
}
