import { createHash } from "node:crypto";
import { Keyv } from "keyv";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createLocalBulletin } from "../../src/core/local-bulletin.ts";
import { createPostgresDocuments } from "../../src/stores/postgres/postgres-documents.ts";
import { createPostgresFeedback } from "../../src/stores/postgres/postgres-feedback.ts";
import { createPostgresInbox } from "../../src/stores/postgres/postgres-inbox.ts";
import { createPostgresJobs } from "../../src/stores/postgres/postgres-jobs.ts";
import { createPostgresKeyvStore } from "../../src/stores/postgres/postgres-keyv-store.ts";
import { createPostgresMessages } from "../../src/stores/postgres/postgres-messages.ts";
import { createPostgresUsage } from "../../src/stores/postgres/postgres-usage.ts";
import { createPassageIndex } from "../../src/engines/local/passage-index.ts";
import { createPostgresPostings } from "../../src/engines/local/postgres-postings.ts";
import { createSqlitePostings } from "../../src/engines/local/sqlite-postings.ts";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { sampleDocument } from "../fakes/sample-data.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { countedBytes, MESSAGES, PAGES, question, startOver } from "./installation.ts";
import { connect, installation, migrate } from "./migration-under-test.ts";

const lease = { owner: "2", leaseMs: 60_000 };

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer({ flags: ["-c", "fsync=off"] });
});
afterAll(() => server.remove());

describe("moving an installation from SQLite to Postgres", () => {
  it("keeps documents, messages, key values, usage and feedback as the stores show them", async () => {
    const postgres = await connect(server);
    await migrate(await installation(), postgres);
    const documents = createPostgresDocuments(postgres);
    expect((await documents.list({})).map(({ id }) => id)).toEqual(["d_lease", "d_two", "d_noted"]);
    expect(await documents.get("d_lease")).toEqual(sampleDocument({ id: "d_lease", blobId: "d_lease" }));
    const pages = await documents.pages("d_lease");
    expect(pages.length).toBe(PAGES);
    expect(pages[0]).toEqual({ number: 1, text: "Notice period  d_lease is 0 days. 해지 통지 기간", title: "One" });
    expect((await documents.retired()).map(({ id }) => id)).toEqual(["d_retired"]);
    expect(await documents.pages("d_retired")).toEqual([]);
    for (const id of ["d_retired", "d_removed"]) {
      expect(await documents.add(sampleDocument({ id }))).toEqual({ document: undefined, isNew: false });
    }

    const messages = createPostgresMessages(postgres);
    const texts = (await messages.list("web:a", { limit: MESSAGES })).map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: MESSAGES }, (_, number) => `message ${number} \u0000`));
    await messages.redact("d_lease", "Removed.");
    const redacted = (await messages.list("web:a", { limit: MESSAGES })).filter(({ text }) => text === "Removed.");
    expect(redacted.length).toBe(MESSAGES / 100);

    const keyv = new Keyv({ store: createPostgresKeyvStore(postgres), namespace: "slack" });
    expect(await keyv.get("thread")).toEqual({ conversation: "conv_1", text: "a\u0000b" });
    expect(await keyv.get("later")).toBe(1);
    expect((await postgres.query("SELECT key FROM docent.key_values ORDER BY key")).rows).toEqual([
      { key: "slack:later" },
      { key: "slack:thread" },
    ]);
    const used = { from: "2026-11-23", to: "2026-11-23", workspace: "web", channel: "web:a" };
    const { questions } = await createPostgresUsage(postgres).sum({ from: used.from, to: used.to });
    expect(questions).toBe(1);
    expect((await createPostgresUsage(postgres).sum(used)).questions).toBe(1);
    expect(await createPostgresFeedback(postgres).counts()).toEqual({ helpful: 1, "not-helpful": 1 });
  });

  it("keeps turns in their order, open ones open, and forgotten ones forgotten", async () => {
    const postgres = await connect(server);
    await migrate(await installation(), postgres);
    const { rows } = await postgres.query<{ body: string }>("SELECT * FROM docent.turns ORDER BY seq");
    const common = { channel: "web:a", workspace: "web", kind: "question", conversation: "web:a" };
    expect(rows).toMatchObject([
      { ...common, id: question("web:a", 1).id, state: "answered", is_open: false, created_at: 1_001 },
      { id: question("web:b", 1).id, conversation: "web:b", is_open: true },
      { ...common, id: question("web:a", 2).id, is_open: true, cancel_requested: false },
      { ...common, id: question("web:a", 3).id, is_open: true, cancel_requested: true },
    ]);
    expect(JSON.parse(rows[2]?.body ?? "")).toEqual(question("web:a", 2));
    const inbox = createPostgresInbox(postgres, createLocalBulletin());
    expect(await inbox.channels("web")).toMatchObject([{ key: "web:a" }, { key: "web:b" }]);
    expect(await inbox.add(question("web:old", 1))).toMatchObject({ isNew: false, turn: { state: "cancelled" } });
    expect(await inbox.add(question("web:a", 2))).toMatchObject({ isNew: false });
    await inbox.add(question("web:a", 4));
    // The conversations that waited longest first, and in each one after the other.
    for (const [conversation, number] of [
      ["web:b", 1],
      ["web:a", 2],
      ["web:a", 3],
      ["web:a", 4],
    ] as const) {
      const turn = await inbox.claim(lease);
      expect(turn?.incoming.key).toBe(question(conversation, number).incoming.key);
      expect(turn?.cancelRequested).toBe(conversation === "web:a" && number === 3);
      if (turn !== undefined) await inbox.save({ ...turn, state: "answered" }, lease.owner);
    }
    expect(await inbox.claim(lease)).toBeUndefined();
    expect(await createPostgresJobs(postgres).claim(lease)).toEqual(startOver);
  });

  it("keeps the index of documents that are there, and the bytes of files", async () => {
    const folder = await installation();
    const postgres = await connect(server);
    await migrate(folder, postgres);
    const source = openDatabase(folder);
    onTestFinished(() => source.close());
    const asked = { documentIds: ["d_lease", "d_two"], limit: 5 };
    for (const words of ["What is the notice period of d_two, 3 days?", "해지 통지 기간"]) {
      const before = await createPassageIndex(createSqlitePostings(source.db)).search(words, asked);
      expect(before).not.toEqual([]);
      expect(await createPassageIndex(createPostgresPostings(postgres)).search(words, asked)).toEqual(before);
    }
    const ids = "SELECT key FROM passage_document WHERE id = ?";
    for (const id of ["d_lease", "d_two"]) {
      const key = Number(source.db.prepare(ids).get(id)?.["key"]);
      const terms = source.db
        .prepare("SELECT term, positions FROM passage_term WHERE document = ? ORDER BY term")
        .all(key);
      const layout = source.db.prepare("SELECT layout FROM passage_document WHERE key = ?").get(key)?.["layout"];
      const { rows: documents } = await postgres.query<{ key: number }>(
        `SELECT key, id, name, state, layout, words = (SELECT sum(value::integer) FROM json_array_elements_text(layout::json->1)) AS counted
         FROM docent.passage_documents WHERE id = $1 AND scope = hashtextextended('channel:test:general', 0)`,
        [id],
      );
      expect(documents).toMatchObject([{ id, name: `${id}.pdf`, state: "ready", layout, counted: true }]);
      const moved = await postgres.query<{ term: string; positions: Buffer }>(
        `SELECT term, positions FROM docent.passage_terms
         WHERE document = $1 AND scope = hashtextextended('channel:test:general', 0)
           AND uses = (SELECT count(*) FROM generate_series(0, length(positions) - 1) AS at
                       WHERE get_byte(positions, at) < 128)
         ORDER BY term`,
        [documents[0]?.key],
      );
      expect(terms.length).toBeGreaterThan(60);
      expect(moved.rows.map(({ term, positions }) => [term, [...positions]])).toEqual(
        terms.map(({ term, positions }) => [term, [...(positions as Uint8Array)]]),
      );
    }
    const counts = await postgres.query(
      `SELECT (SELECT count(*) FROM docent.passage_documents) AS documents, (SELECT count(*) FROM docent.passage_pages) AS pages`,
    );
    expect(counts.rows).toEqual([{ documents: 2, pages: 2 * PAGES }]);

    const sent = Buffer.from(countedBytes(2_500_000));
    const sha256 = createHash("sha256").update(sent).digest("hex");
    const { rows: blobs } = await postgres.query<{ upload: string }>("SELECT * FROM docent.blobs ORDER BY id");
    expect(blobs).toMatchObject([
      { id: "d_lease", size_bytes: 2_500_000, sha256, chunks: 3 },
      { id: "d_two", size_bytes: 0 },
    ]);
    const { rows: chunks } = await postgres.query<{ bytes: Buffer }>(
      "SELECT bytes FROM docent.blob_chunks WHERE upload = $1 ORDER BY position",
      [blobs[0]?.upload],
    );
    expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).equals(sent)).toBe(true);
  });
});
