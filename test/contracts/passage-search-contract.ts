import { describe, expect, it } from "vitest";
import type { Passage, PassageIndex } from "../../src/engines/local/passage-index.ts";
import { fill, HANDBOOK_PAGES, MANUAL, MANUAL_PAGES, toPages } from "../fixtures/handbook.ts";

function places(passages: readonly Passage[]): string[] {
  return passages.map(({ documentId, page }) => `${documentId} ${page}`);
}

const BOTH = { documentIds: ["handbook", "manual"], limit: 3 };

/** What a search must find, whatever the tables are kept in. `open` gives an empty index. */
export function describePassageSearch(name: string, open: () => Promise<{ readonly index: PassageIndex }>): void {
  describe(`an index on ${name} finds`, () => {
    it.each([
      ["other forms of the words", "How many days of leave do employees receive?", "handbook 2"],
      ["a name in the file's name", "What warranty does the X200 have?", "manual 3"],
      ["a misspelt word", "How do I reimburse travvel costs?", "handbook 3"],
      ["a page named by its number", "What is on page 4 of the handbook?", "handbook 4"],
      ["the title page", "What is the title of the staff handbook?", "handbook 1"],
    ])("the page by %s", async (_, question, place) => {
      const index = await fill((await open()).index);
      expect(places(await index.search(question, BOTH))[0]).toBe(place);
    });

    it.each([
      [
        "Korean",
        "설치에 필요한 최소 메모리는 512메가바이트입니다.",
        "화면 밝기는 설정 메뉴에서 바꿉니다.",
        "메모리가 얼마나 필요한가요?",
      ],
      [
        "Japanese",
        "インストールには最低512MBのメモリが必要です。",
        "画面の明るさは設定で変更します。",
        "必要なメモリはどのくらいですか?",
      ],
      ["Chinese", "安装系统至少需要512MB内存。", "屏幕亮度可以在设置中更改。", "需要多少内存?"],
      [
        "two scripts",
        "DHCP서버에 pxelinux.0을 지정합니다.",
        "부팅 화면에서 언어를 고릅니다.",
        "DHCP 서버에 지정하는 파일은?",
      ],
    ])("a page in %s", async (_, right, wrong, question) => {
      const { index } = await open();
      await index.add({ id: "guide", name: "guide.pdf", scope: "team" }, toPages("1", wrong, right));
      const [first] = await index.search(question, { documentIds: ["guide"], limit: 2 });
      expect(first).toMatchObject({ page: 3, text: right, relevant: true });
    });

    it("text that stands on the page, one passage a page, best first", async () => {
      const index = await fill((await open()).index);
      const passages = await index.search("Who keeps receipts for travel costs?", BOTH);
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

    it("the part of a long page that answers", async () => {
      const { index } = await open();
      const filler = "The weather station records wind and rain.\n".repeat(60);
      const pages = toPages(`${filler}The keeper is Amalia Brandt.\n${filler}`);
      await index.add({ id: "log", name: "log.pdf", scope: "team" }, pages);
      const [first] = await index.search("Who is the keeper?", { documentIds: ["log"], limit: 1 });
      expect(first?.text).toContain("Amalia Brandt");
      expect(first?.text.length).toBeLessThanOrEqual(700);
    });

    it("nothing in a document that was not asked, whatever scope it shares", async () => {
      const index = await fill((await open()).index);
      const passages = await index.search("Keep all receipts", { documentIds: ["manual", "unknown"], limit: 5 });
      expect(new Set(passages.map(({ documentId }) => documentId))).toEqual(new Set(["manual"]));
      expect(await index.search("Keep all receipts", { documentIds: [], limit: 5 })).toEqual([]);
    });

    it("the same scores whatever documents stand beside those asked", async () => {
      const { index: alone } = await open();
      await alone.add(MANUAL, MANUAL_PAGES);
      const asked = ["How are the burrs cleaned?", { documentIds: ["manual"], limit: 3 }] as const;
      expect(await (await fill((await open()).index)).search(...asked)).toEqual(await alone.search(...asked));
    });

    it("the right one among more documents than are ranked page by page, in two scopes", async () => {
      const { index } = await open();
      const documentIds: string[] = [];
      for (let number = 0; number < 130; number++) {
        const id = `memo-${number}`;
        documentIds.push(id);
        const scope = number % 2 === 0 ? "team" : "channel";
        await index.add({ id, name: `memo_${number}.pdf`, scope }, toPages(`Memo about shelf ${number}. Keep it dry.`));
      }
      await fill(index);
      await index.add({ id: "other", name: "other.pdf", scope: "team" }, toPages("Shelf 117 belongs to someone else."));
      const asked = { documentIds: [...documentIds, ...BOTH.documentIds], limit: 3 };
      expect(places(await index.search("What about shelf 117?", asked))[0]).toBe("memo-117 1");
      expect(places(await index.search("What warranty does the X200 have?", asked))[0]).toBe("manual 3");
      expect(await index.search("", asked)).toHaveLength(3);
      await index.remove("memo-117");
      const after = await index.search("What about shelf 117?", asked);
      expect(places(after)).not.toContain("memo-117 1");
      expect(places(after)).not.toContain("other 1");
    });

    it("nothing relevant where there is nothing", async () => {
      const index = await fill((await open()).index);
      for (const question of [
        "What is the weather on Mars?",
        "김치찌개는 어떻게 끓이나요?",
        "红烧肉怎么做?",
        "Who won in 1998?",
      ]) {
        expect((await index.search(question, BOTH)).filter(({ relevant }) => relevant)).toEqual([]);
      }
      expect((await index.search("When do unused leave days expire?", BOTH))[0]?.relevant).toBe(true);
    });

    it("an answer to odd questions, in odd documents", async () => {
      const index = await fill((await open()).index);
      const endless = "Z9".repeat(20_000);
      const odd = { id: "odd", name: "odd\u0000name \ud800.txt", scope: "team" };
      await index.add(odd, toPages("before\u0000after \ud800", endless, "", `${"long ".repeat(300_000)}end`));
      const asked = { documentIds: [...BOTH.documentIds, "odd"], limit: 3 };
      for (const question of [
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
      ]) {
        expect(await index.search(question, asked)).toHaveLength(3);
      }
      expect((await index.search("beforeafter", asked))[0]).toMatchObject({ documentId: "odd", page: 1 });
    });
  });
}
