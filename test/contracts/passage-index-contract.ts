import { describe, expect, it } from "vitest";
import type { Passage, PassageIndex } from "../../src/engines/local/passage-index.ts";
import { fill, HANDBOOK, HANDBOOK_PAGES, LONG_PAGES, MANUAL, MANUAL_PAGES, toPages } from "../fixtures/handbook.ts";
import { describePassageSearch } from "./passage-search-contract.ts";

/** An index in a database of its own. */
export interface IndexUnderTest {
  readonly index: PassageIndex;
  /** Another index on the same database, as another process would have. */
  readonly openAgain: () => PassageIndex;
  /** How many rows each table has, in the order documents, pages, terms. */
  readonly countRows: () => Promise<readonly number[]>;
}

/** What the index must do, whatever its tables are kept in. `open` gives an empty one. */
export function describePassageIndex(name: string, open: () => Promise<IndexUnderTest>): void {
  describePassageSearch(name, open);

  describe(`an index on ${name} holds`, () => {
    it("a document once it is added, and not once it is removed", async () => {
      const { index, countRows } = await open();
      const search = () => index.search("annual leave", { documentIds: ["handbook"], limit: 3 });
      expect(await search()).toEqual([]);
      await index.add(HANDBOOK, HANDBOOK_PAGES);
      expect(await search()).not.toEqual([]);
      await index.remove("handbook");
      expect(await search()).toEqual([]);
      expect(await countRows()).toEqual([0, 0, 0]);
      await index.remove("handbook");
    });

    it("no row of what was removed, and every row of the others", async () => {
      const filled = await open();
      await fill(filled.index);
      const alone = await open();
      await alone.index.add(MANUAL, MANUAL_PAGES);
      await filled.index.remove("handbook");
      expect(await filled.countRows()).toEqual(await alone.countRows());
    });

    it("one copy of a document that is added again", async () => {
      const { index, countRows } = await open();
      await index.add(HANDBOOK, HANDBOOK_PAGES);
      const rows = await countRows();
      await index.add(HANDBOOK, HANDBOOK_PAGES);
      expect(await countRows()).toEqual(rows);
      await index.add(HANDBOOK, toPages("Only this page about umbrellas"));
      const passages = await index.search("annual leave umbrellas", { documentIds: ["handbook"], limit: 5 });
      expect(passages.map(({ text }) => text)).toEqual(["Only this page about umbrellas"]);
    });

    it("a document without pages or text all the same", async () => {
      const { index, countRows } = await open();
      await index.add({ id: "none", name: "none.png", scope: "team" }, []);
      await index.add({ id: "blank", name: "blank.pdf", scope: "team" }, toPages("", " "));
      expect((await countRows())[0]).toBe(2);
      const passages = await index.search("anything", { documentIds: ["none", "blank"], limit: 5 });
      expect(passages.filter(({ relevant }) => relevant)).toEqual([]);
    });

    it("what another process wrote", async () => {
      const { index, openAgain } = await open();
      await fill(index);
      const [first] = await openAgain().search("upper burr", { documentIds: ["manual"], limit: 1 });
      expect(first?.page).toBe(2);
    });
  });

  describe(`an add that does not finish, on ${name}`, () => {
    it("by an abort leaves the former text and rejects with the reason", async () => {
      const { index, countRows } = await open();
      await fill(index);
      const rows = await countRows();
      const controller = new AbortController();
      const adding = index.add(HANDBOOK, LONG_PAGES, controller.signal);
      controller.abort(new Error("enough"));
      await expect(adding).rejects.toThrow("enough");
      expect(await countRows()).toEqual(rows);
      expect((await index.search("annual leave", { documentIds: ["handbook"], limit: 1 }))[0]?.page).toBe(2);
    });

    it("by an abort in the middle leaves nothing of it", async () => {
      const { index, countRows } = await open();
      await fill(index);
      const rows = await countRows();
      const controller = new AbortController();
      await expect(index.add(HANDBOOK, abortAt(200, controller), controller.signal)).rejects.toThrow("enough");
      expect(await countRows()).toEqual(rows);
    });

    it("is not seen before it is complete", async () => {
      const { index, openAgain } = await open();
      await fill(index);
      const seen: Promise<readonly Passage[]>[] = [];
      const other = openAgain();
      const look = (): void => {
        seen.push(other.search("annual leave word12", { documentIds: ["handbook"], limit: 1 }));
      };
      await index.add(HANDBOOK, lookAt([1, 100, 299], look));
      const pages = (await Promise.all(seen)).map(([first]) => first?.text);
      expect(pages).toHaveLength(3);
      for (const text of pages.slice(0, 2)) expect(text).toContain("25 days of annual leave");
      const [after] = await other.search("annual leave word12", { documentIds: ["handbook"], limit: 1 });
      expect(after?.text).toContain("word12");
    });

    it("because the document is removed meanwhile leaves nothing", async () => {
      const { index, openAgain, countRows } = await open();
      const removed: Promise<void>[] = [];
      const pages = lookAt([150], () => void removed.push(openAgain().remove("handbook")));
      const [adding] = await Promise.allSettled([index.add(HANDBOOK, pages)]);
      expect(adding).toMatchObject({ status: "rejected", reason: { name: "AbortError" } });
      await Promise.all(removed);
      expect(await countRows()).toEqual([0, 0, 0]);
    });
  });

  describe(`indexes on one database, ${name}`, () => {
    it("add one document at once and leave one copy", async () => {
      const { index, openAgain, countRows } = await open();
      const results = await Promise.allSettled(
        [index, openAgain(), openAgain(), index].map((each) => each.add(HANDBOOK, HANDBOOK_PAGES)),
      );
      expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
      const errors = results.filter(({ status }) => status === "rejected");
      for (const error of errors) expect(error).toMatchObject({ reason: { name: "AbortError" } });
      const alone = await open();
      await alone.index.add(HANDBOOK, HANDBOOK_PAGES);
      expect(await countRows()).toEqual(await alone.countRows());
    });
  });
}

/** Pages that do something as soon as one of them is read. */
function lookAt(numbers: readonly number[], look: () => void): { number: number; text: string }[] {
  return LONG_PAGES.map(({ number, text }) => ({
    number,
    get text() {
      if (numbers.includes(number)) look();
      return text;
    },
  }));
}

function abortAt(number: number, controller: AbortController): { number: number; text: string }[] {
  return lookAt([number], () => controller.abort(new Error("enough")));
}
