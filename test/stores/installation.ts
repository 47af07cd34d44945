import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Keyv } from "keyv";
import type { Job } from "../../src/core/job.ts";
import { createSystemClock } from "../../src/core/system-clock.ts";
import type { Turn } from "../../src/core/turn.ts";
import { createPassageIndex } from "../../src/engines/local/passage-index.ts";
import { createSqlitePostings } from "../../src/engines/local/sqlite-postings.ts";
import { createDiskBlobs } from "../../src/stores/disk-blobs.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { createSqliteDocuments } from "../../src/stores/sqlite/sqlite-documents.ts";
import { createSqliteFeedback } from "../../src/stores/sqlite/sqlite-feedback.ts";
import { createSqliteInbox } from "../../src/stores/sqlite/sqlite-inbox.ts";
import { createSqliteJobs } from "../../src/stores/sqlite/sqlite-jobs.ts";
import { createSqliteKeyvStore } from "../../src/stores/sqlite/sqlite-keyv-store.ts";
import { createSqliteMessages } from "../../src/stores/sqlite/sqlite-messages.ts";
import { createSqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { sampleDocument, sampleIncoming, sampleMessage, sampleTurn, sampleUsageEntry } from "../fakes/sample-data.ts";

export const PAGES = 60;
export const MESSAGES = 1_200;

export const citation = { documentId: "d_lease", document: "lease.pdf", place: null, quote: "임대 \u0000 30 days" };

export const startOver: Job = {
  id: "j_1",
  action: { kind: "start-over", conversation: "web:a" },
  requestedAt: 1,
  report: null,
  outcome: null,
};

/** Question `number` of a conversation. */
export function question(conversation: string, number: number): Turn {
  const channel = { key: conversation, workspace: "web", isDirect: false, isShared: false };
  return sampleTurn(
    sampleIncoming({
      key: `${conversation}:${number}`,
      channel,
      conversation,
      text: "a\u0000b",
      sentAt: 1_000 + number,
    }),
  );
}

/** Fills a folder through the stores of a running Docent: something of everything that an installation can hold. */
export async function fillInstallation(folder: string): Promise<void> {
  const database = openDatabase(folder);
  const { db } = database;
  const inbox = createSqliteInbox(db, createSystemClock());
  // Three conversations: one answered and forgotten, one in the middle, one that waits.
  for (const [conversation, number] of [
    ["web:old", 1],
    ["web:a", 1],
    ["web:b", 1],
    ["web:a", 2],
    ["web:a", 3],
  ] as const) {
    await inbox.add(question(conversation, number));
  }
  const lease = { owner: "1", leaseMs: 60_000 };
  for (let answered = 0; answered < 2; answered += 1) {
    const turn = await inbox.claim(lease);
    if (turn !== undefined) await inbox.save({ ...turn, state: "answered" }, "1");
  }
  await inbox.forgetChannel("web:old", Date.now());
  await inbox.claim(lease);
  await inbox.requestCancel(question("web:a", 3).id);

  const documents = createSqliteDocuments(db);
  const index = createPassageIndex(createSqlitePostings(db));
  for (const id of ["d_lease", "d_two", "d_retired", "d_removed", "d_noted"]) {
    await documents.add(sampleDocument({ id, blobId: id, state: id === "d_noted" ? "noted" : "ready" }));
    if (id === "d_noted") continue;
    const pages = Array.from({ length: PAGES }, (_, page) => ({
      number: page + 1,
      text: `Notice period \u0000 ${id} is ${page} days. 해지 통지 기간`,
      ...(page === 0 ? { title: "One" } : {}),
    }));
    await documents.savePages(id, pages);
    await index.add({ id, name: `${id}.pdf`, scope: "channel:test:general" }, pages);
  }
  await documents.retire("d_retired");
  await documents.retire("d_removed");
  await documents.remove("d_removed");
  db.exec("INSERT INTO passage_document (id, name, state, layout) VALUES ('d_noted', 'half', 'adding', '')");

  const messages = createSqliteMessages(db);
  await Promise.all(
    Array.from({ length: MESSAGES }, (_, number) =>
      messages.append(
        sampleMessage({
          id: `m${MESSAGES - number}`,
          text: `message ${number} \u0000`,
          createdAt: number,
          citations: number % 100 === 0 ? [citation, citation] : [],
        }),
      ),
    ),
  );
  const keyv = new Keyv({ store: createSqliteKeyvStore(db), namespace: "slack" });
  await keyv.set("thread", { conversation: "conv_1", text: "a\u0000b" });
  await keyv.set("later", 1, 1_000_000_000);
  await keyv.set("over", 1, 1_000_000_000);
  db.exec("UPDATE key_values SET expires_at = unixepoch('subsec') * 1000 WHERE key = 'slack:over'");
  await createSqliteUsage(db).record(sampleUsageEntry());
  const feedback = createSqliteFeedback(db);
  await feedback.record({ turnId: "t1", userId: "u1", verdict: "helpful", at: 1 });
  await feedback.record({ turnId: "t1", userId: "u2", verdict: "not-helpful", at: 1 });
  await createSqliteJobs(db).add(startOver, lease);

  const files = path.join(folder, "files");
  const blobs = createDiskBlobs(files);
  await blobs.write("d_lease", once(countedBytes(2_500_000)), { maxBytes: 1e9 });
  await blobs.write("d_two", once(countedBytes(0)), { maxBytes: 1e9 });
  // What a crash left behind.
  mkdirSync(path.join(files, "unpacking-x"));
  writeFileSync(path.join(files, "d_half.part"), "half");
  database.close();
}

/** So many bytes, of which no two chunks are alike. */
export function countedBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 251);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
