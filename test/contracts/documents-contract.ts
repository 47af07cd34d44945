import { describe, expect, it } from "vitest";
import type { Documents } from "../../src/core/ports/stores.ts";
import { sampleDocument } from "../fakes/sample-data.ts";

/** What every store of documents must do, whatever it is built on. `open` gives an empty one. */
export function describeDocuments(name: string, open: () => Promise<Documents>): void {
  const idsOf = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

  describe(`${name} as a store of documents`, () => {
    it("adds a redelivered document once, and the redelivery changes nothing", async () => {
      const documents = await open();
      const document = sampleDocument();
      expect(await documents.add(document)).toEqual({ document, isNew: true });
      expect(await documents.add({ ...document, name: "other" })).toEqual({ document, isNew: false });
      expect(await documents.get(document.id)).toEqual(document);
      expect(await documents.get("d_unknown")).toBeUndefined();
    });

    it("adds it once when deliveries come at once", async () => {
      const documents = await open();
      const added = await Promise.all([1, 2, 3, 4].map(() => documents.add(sampleDocument())));
      expect(added.filter(({ isNew }) => isNew).length).toBe(1);
      expect(await documents.list({})).toEqual([sampleDocument()]);
    });

    it("keeps any text a person can write", async () => {
      const documents = await open();
      const document = sampleDocument({ name: "임대차 \u0000 “lease” 🏠 \\u0000.pdf", reference: { a: ["'", null] } });
      await documents.add(document);
      expect(await documents.get(document.id)).toEqual(document);
    });

    it("updates what is named and leaves the rest", async () => {
      const documents = await open();
      await documents.add(sampleDocument({ sameAs: "d_twin" }));
      const change = { state: "failed", problem: { code: "file_empty", details: {} }, sameAs: undefined } as const;
      const expected = { ...sampleDocument(), state: "failed", problem: { code: "file_empty", details: {} } };
      expect(await documents.update("d_sample", change)).toEqual(expected);
      expect(await documents.get("d_sample")).toEqual(expected);
      expect(idsOf(await documents.list({ states: ["failed"] }))).toEqual(["d_sample"]);
      expect(await documents.update("d_unknown", { state: "ready" })).toBeUndefined();
      expect(await documents.get("d_unknown")).toBeUndefined();
    });

    it("loses none of several changes that are made at once", async () => {
      const documents = await open();
      await documents.add(sampleDocument());
      const changes = [{ tokens: 1 }, { pages: 2 }, { sha256: "3" }, { name: "4" }, { blobId: "5" }, { sizeBytes: 6 }];
      await Promise.all(changes.map((change) => documents.update("d_sample", change)));
      expect(await documents.get("d_sample")).toEqual(Object.assign({}, sampleDocument(), ...changes));
    });

    it("lists by scope, by message and by state, oldest first", async () => {
      const documents = await open();
      const team = { kind: "workspace", key: "test" } as const;
      const general = { kind: "channel", key: "test:general" } as const;
      await documents.add(sampleDocument({ id: "d9", createdAt: 9 }));
      await documents.add(sampleDocument({ id: "d2", scope: team, messageKey: "m2", state: "failed" }));
      await documents.add(sampleDocument({ id: "d3", messageKey: "m2", state: "noted" }));
      await documents.add(sampleDocument({ id: "d1", scope: { kind: "workspace", key: "test:general" } }));
      const ids = async (filter: Parameters<typeof documents.list>[0]): Promise<string[]> =>
        idsOf(await documents.list(filter));
      expect(await ids({})).toEqual(["d9", "d2", "d3", "d1"]);
      expect(await ids({ scope: general })).toEqual(["d9", "d3"]);
      expect(await ids({ scope: team })).toEqual(["d2"]);
      expect(await ids({ messageKey: "m2" })).toEqual(["d2", "d3"]);
      expect(await ids({ messageKey: "m2", states: ["noted"] })).toEqual(["d3"]);
      expect(await ids({ scope: general, messageKey: "m2" })).toEqual(["d3"]);
      expect(await ids({ states: ["ready", "noted"] })).toEqual(["d9", "d3", "d1"]);
      expect(await ids({ states: [] })).toEqual([]);
      await documents.update("d9", { state: "failed" });
      expect(await ids({})).toEqual(["d9", "d2", "d3", "d1"]);
    });

    it("keeps pages in their order, several of one number too, and replaces them as a whole", async () => {
      const documents = await open();
      await documents.add(sampleDocument());
      expect(await documents.pages("d_sample")).toEqual([]);
      const pages = Array.from({ length: 2_500 }, (_, index) => ({
        number: Math.ceil((index + 1) / 2),
        text: `page {"${index}"}, \\ it's 임대차`,
        ...(index % 3 === 0 ? { title: `Sheet ${index}` } : {}),
      }));
      await documents.savePages("d_sample", pages);
      expect(await documents.pages("d_sample")).toEqual(pages);
      await documents.savePages("d_sample", [{ number: 1, text: "" }]);
      expect(await documents.pages("d_sample")).toEqual([{ number: 1, text: "" }]);
      await documents.savePages("d_sample", []);
      expect(await documents.pages("d_sample")).toEqual([]);
    });

    it("takes a retired one out with its text, and a redelivery does not bring it back", async () => {
      const documents = await open();
      const document = sampleDocument();
      await documents.add(document);
      await documents.savePages(document.id, [{ number: 1, text: "text" }]);
      await documents.retire(document.id);
      expect(await documents.get(document.id)).toBeUndefined();
      expect(await documents.list({})).toEqual([]);
      expect(await documents.list({ scope: document.scope })).toEqual([]);
      expect(await documents.list({ messageKey: document.messageKey })).toEqual([]);
      expect(await documents.pages(document.id)).toEqual([]);
      expect(await documents.retired()).toEqual([document]);
      expect(await documents.add(document)).toEqual({ document: undefined, isNew: false });
      expect(await documents.get(document.id)).toBeUndefined();
    });

    it("does not let a worker that was reading a retired one change it, or give it text", async () => {
      const documents = await open();
      await documents.add(sampleDocument());
      await documents.retire("d_sample");
      expect(await documents.update("d_sample", { state: "ready" })).toBeUndefined();
      await documents.savePages("d_sample", [{ number: 1, text: "text" }]);
      expect(await documents.pages("d_sample")).toEqual([]);
      expect(await documents.retired()).toEqual([sampleDocument()]);
    });

    it("keeps nothing but the id of one that was removed, and knows it for good", async () => {
      const documents = await open();
      await documents.add(sampleDocument());
      await documents.retire("d_sample");
      await documents.remove("d_sample");
      expect(await documents.retired()).toEqual([]);
      await documents.retire("d_sample");
      await documents.remove("d_sample");
      expect(await documents.retired()).toEqual([]);
      expect(await documents.add(sampleDocument())).toEqual({ document: undefined, isNew: false });
      expect(await documents.list({})).toEqual([]);
    });

    it("retires and removes only what it is told to", async () => {
      const documents = await open();
      await documents.add(sampleDocument());
      await documents.savePages("d_sample", [{ number: 1, text: "text" }]);
      await documents.retire("d_unknown");
      await documents.remove("d_unknown");
      // Not retired yet.
      await documents.remove("d_sample");
      expect(await documents.get("d_sample")).toEqual(sampleDocument());
      expect(await documents.pages("d_sample")).toEqual([{ number: 1, text: "text" }]);
      expect(await documents.retired()).toEqual([]);
      expect((await documents.add(sampleDocument({ id: "d_unknown" }))).isNew).toBe(true);
    });
  });
}
