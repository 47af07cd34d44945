import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../src/config.ts";
import { createEmbeddedStores } from "../src/create-embedded-stores.ts";
import { createManualClock } from "./fakes/manual-clock.ts";
import { temporaryFolder } from "./fakes/temporary-folder.ts";

/** Every write and deletion of key-value pairs fails as on a full disk. */
const FULL = ["INSERT", "UPDATE", "DELETE"]
  .map(
    (change) => `CREATE TRIGGER full_${change} BEFORE ${change} ON key_values
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;`,
  )
  .join("\n");

it("says of key-value pairs what could not be written, deleted or read: a failure used to pass for success", async () => {
  const folder = temporaryFolder();
  const stores = await createEmbeddedStores(parseConfig({ DATA_DIR: folder }), createManualClock());
  onTestFinished(() => stores.close());
  const values = stores.keyValue<string>("openai-documents");
  await values.set("d_1", "file-1");
  const beside = new DatabaseSync(path.join(folder, "docent.db"));
  onTestFinished(() => beside.close());

  beside.exec(FULL);
  await expect(values.set("d_1", "file-2")).rejects.toThrow("disk is full");
  await expect(values.set("d_2", "file-2")).rejects.toThrow("disk is full");
  await expect(values.delete("d_1")).rejects.toThrow("disk is full");
  expect(await values.get("d_1")).toBe("file-1");

  beside.exec("ALTER TABLE key_values RENAME TO gone");
  await expect(values.get("d_1")).rejects.toThrow("key_values");
});
