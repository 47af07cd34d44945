import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { toWriter } from "../../src/stores/sqlite/group-commit.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

function open() {
  const folder = temporaryFolder();
  const database = openDatabase(folder);
  const { db } = database;
  db.exec("CREATE TABLE notes (text TEXT PRIMARY KEY)");
  const insert = db.prepare("INSERT INTO notes VALUES (?)");
  const count = (): number => Number(db.prepare("SELECT count(*) AS n FROM notes").get()?.["n"]);
  const file = path.join(folder, "docent.db");
  return {
    file,
    close: () => database.close(),
    write: toWriter(db),
    level: () => db.prepare("PRAGMA synchronous").get()?.["synchronous"],
    add: (text: string) => insert.run(text).changes,
    count,
  };
}

describe("writes that come together", () => {
  it("share a transaction, run in order, and give each its result", async () => {
    const { write, add, count, close } = open();
    const order: string[] = [];
    const writes = ["a", "b", "c"].map((text) =>
      write(() => {
        order.push(text);
        return add(text);
      }),
    );
    expect(count()).toBe(0);
    expect(await Promise.all(writes)).toEqual([1, 1, 1]);
    expect(order).toEqual(["a", "b", "c"]);
    expect(count()).toBe(3);
    close();
  });

  it("do not fall with one that fails", async () => {
    const { write, add, count, close } = open();
    const results = await Promise.allSettled([write(() => add("a")), write(() => add("a")), write(() => add("b"))]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(count()).toBe(2);
    close();
  });

  it("leave the database as strict as it was opened, also behind one that fails", async () => {
    const { level, write, add, close } = open();
    const before = level();
    for (const text of ["a", "b", "a"]) {
      await Promise.allSettled([write(() => add(text)), write(() => add("c"))]);
      expect(level()).toBe(before);
    }
    // FULL, https://sqlite.org/pragma.html#pragma_synchronous
    expect(before).toBe(2);
    close();
  });

  it("that come while the disk is busy with others are together in the next", async () => {
    const { write, add, count, close } = open();
    await write(() => add("first"));
    const first = write(() => add("a"));
    await new Promise((resolve) => setImmediate(resolve));
    const later = [write(() => count()), write(() => add("b")), write(() => count())];
    expect([await first, ...(await Promise.all(later))]).toEqual([1, 2, 1, 3]);
    close();
  });

  it("are all refused when the file cannot be written, and never say that they were", async () => {
    const { write, add, close } = open();
    const late = write(() => add("a"));
    close();
    await expect(late).rejects.toThrow(/not open/);
  });

  it("wait while another program holds the database, and hold up nobody else meanwhile", async () => {
    const { file, write, add, count, close } = open();
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const late = write(() => add("a"));
    let turns = 0;
    while (turns < 3) {
      // Each is a moment in which the process does something else.
      await new Promise((resolve) => setTimeout(resolve, 60));
      turns += 1;
    }
    expect(count()).toBe(0);
    other.exec("ROLLBACK");
    other.close();
    expect(await late).toBe(1);
    expect(count()).toBe(1);
    close();
  });
});
