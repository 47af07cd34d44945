import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";

import { createPassageIndex, type PassageIndex } from "../../../src/engines/local/passage-index.ts";
import { createSqlitePostings } from "../../../src/engines/local/sqlite-postings.ts";
import { describePassageIndex } from "../../contracts/passage-index-contract.ts";
import { fill, HANDBOOK, HANDBOOK_PAGES, LONG_PAGES, toPages } from "../../fixtures/handbook.ts";

function openIndex(db: DatabaseSync): PassageIndex {
  return createPassageIndex(createSqlitePostings(db));
}

function countRows(db: DatabaseSync): number[] {
  const tables = ["passage_document", "passage_page", "passage_term"];
  return tables.map((table) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]));
}

describePassageIndex("SQLite", async () => {
  const db = new DatabaseSync(":memory:");
  return {
    index: openIndex(db),
    openAgain: () => openIndex(db),
    countRows: () => Promise.resolve(countRows(db)),
  };
});

describe("an index on SQLite", () => {
  it("keeps no removed word in the database file", async () => {
    const db = new DatabaseSync(":memory:");
    db.exec("PRAGMA secure_delete = ON");
    const index = openIndex(db);
    await index.add({ id: "secret", name: "secret.pdf", scope: "team" }, toPages("The password is xylophonist."));
    await index.remove("secret");
    expect(Buffer.from(db.serialize()).includes("xylophonist")).toBe(false);
  });

  it("works inside a transaction of the caller", async () => {
    const db = new DatabaseSync(":memory:");
    const index = await fill(openIndex(db));
    db.exec("BEGIN");
    await index.remove("handbook");
    db.exec("ROLLBACK");
    expect(await index.search("annual leave", { documentIds: ["handbook"], limit: 3 })).not.toEqual([]);
  });

  it("does not count what a crash left of an add, and replaces it", async () => {
    const db = new DatabaseSync(":memory:");
    const crashed = new DatabaseSync(":memory:");
    // What is in the file while an add is under way is what a crash would leave.
    const adding = openIndex(db).add(HANDBOOK, LONG_PAGES);
    while (countRows(db)[1] === 0) await new Promise((resolve) => setImmediate(resolve));
    crashed.deserialize(db.serialize());
    await adding;
    const after = openIndex(crashed);
    expect(countRows(crashed)[1]).toBeGreaterThan(0);
    expect(await after.search("Page 1", { documentIds: ["handbook"], limit: 3 })).toEqual([]);
    await after.add(HANDBOOK, HANDBOOK_PAGES);
    const alone = new DatabaseSync(":memory:");
    await openIndex(alone).add(HANDBOOK, HANDBOOK_PAGES);
    expect(countRows(crashed)).toEqual(countRows(alone));
  });

  it("lets other work run in between", async () => {
    const index = openIndex(new DatabaseSync(":memory:"));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await index.add(HANDBOOK, LONG_PAGES);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
