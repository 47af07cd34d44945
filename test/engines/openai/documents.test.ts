import { describe, expect, test } from "vitest";
import type { ReadableDocument } from "../../../src/core/document.ts";
import type { RunProgress, RunResult } from "../../../src/core/ports/engine.ts";
import type { Fault } from "../../servers/openai/faults.ts";
import { contentParts } from "../../servers/openai/state.ts";
import { createPdf, ignore, LEASE, never, startTalk, TEAM, toReadable, type Talk } from "./talk.ts";

const LONG = { tokens: 50_000 };
const TEXT = LEASE.join("\n");

describe("a document that came into the conversation with another one's message", () => {
  test.each(["the other one", "that message"])("is given again when %s is deleted", async (what) => {
    const [one, two] = [toReadable("one.md", "The notice period is thirty days."), toReadable("two.md", TEXT)];
    const talk = await startTalk();
    await talk.ask({ attached: [one], available: [two] });
    const brought = [...talk.server.state.files.values()].find(({ filename }) => filename === "two.md");
    if (what === "that message") await talk.engine.forgetTurn("test:general", "t_1");
    else await talk.engine.removeDocument(one.document);
    await talk.ask({ available: [two] });
    expect(JSON.stringify(talk.server.to("responses.create").at(-1)?.body)).toContain(`"${brought?.id}"`);
  });
});

describe("adding a document", () => {
  test("uploads it once, however often and from wherever it is added", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.pdf", await createPdf(LEASE), LONG);
    await Promise.all([talk.engine.addDocument(lease, never()), talk.engine.addDocument(lease, never())]);
    await talk.engine.addDocument(lease, never());
    await talk.restart().addDocument(lease, never());
    expect(talk.server.to("files.create")).toHaveLength(1);
    expect(talk.server.to("vector_stores.create")).toHaveLength(1);
    expect(talk.server.to("vector_stores.files.create")).toHaveLength(1);
  });

  test("keeps its bytes as they are, under a name that is only a name", async () => {
    const talk = await startTalk();
    const bytes = await createPdf(LEASE);
    await talk.engine.addDocument(toReadable('../../etc/계약서 \u0007"x".pdf', bytes), never());
    const [file] = talk.server.state.files.values();
    expect(file?.filename).toBe("계약서 x .pdf");
    expect(file?.bytes.equals(bytes)).toBe(true);
    expect(file?.purpose).toBe("user_data");
  });

  test("sends a text that OpenAI has no extension for as .txt", async () => {
    const talk = await startTalk();
    await talk.engine.addDocument(toReadable("main.ts", "const noticePeriod = 3;", LONG), never());
    expect([...talk.server.state.files.values()][0]?.filename).toBe("main.ts.txt");
    expect([...talk.server.state.vectorStores.values()][0]?.files.size).toBe(1);
  });

  test("waits until a long one is indexed", async () => {
    const talk = await startTalk({ indexTimeMs: 20 });
    await talk.engine.addDocument(toReadable("lease.md", TEXT, LONG), never());
    const [store] = talk.server.state.vectorStores.values();
    expect([...(store?.files.values() ?? [])][0]?.status).toBe("completed");
    expect(talk.clock.sleeps.slice(0, 2)).toEqual([500, 750]);
  });

  test("asks for the index as often as the server wants", async () => {
    const talk = await startTalk({ indexTimeMs: 20, pollAfterMs: 444 });
    await talk.engine.addDocument(toReadable("lease.md", TEXT, LONG), never());
    expect(talk.clock.sleeps).toContain(444);
  });

  test("keeps each scope in a store of its own, with the document's id on its file", async () => {
    const talk = await startTalk();
    const documents = [
      toReadable("a.md", TEXT, LONG),
      toReadable("b.md", TEXT, { ...LONG, scope: TEAM }),
      toReadable("c.md", TEXT, { ...LONG, scope: { kind: "channel", key: "test" } }),
    ];
    for (const document of documents) await talk.engine.addDocument(document, never());
    const held = [...talk.server.state.vectorStores.values()].map(({ files }) =>
      [...files.values()].map(({ attributes }) => attributes?.["document"]),
    );
    expect(held).toEqual(documents.map(({ document }) => [document.id]));
  });

  test("that OpenAI lost together with its store is uploaded and indexed anew", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT, LONG);
    await talk.ask({ attached: [lease] });
    // As after a change of key or project: nothing that was made before is there.
    talk.server.state.files.clear();
    talk.server.state.vectorStores.clear();
    talk.server.state.conversations.clear();
    const result = await talk.ask({ available: [lease] });
    expect(result.sources[0]?.documentId).toBe(lease.document.id);
    expect(talk.server.to("files.create")).toHaveLength(2);
    expect(talk.server.state.files.size).toBe(1);
  });

  test("that is empty is refused", async () => {
    const talk = await startTalk();
    await expect(talk.engine.addDocument(toReadable("empty.md", ""), never())).rejects.toMatchObject({
      code: "file_refused_by_engine",
      details: { name: "empty.md" },
    });
  });

  test.for(["unsupported_file", "invalid_file"] as const)("that OpenAI cannot index (%s) is refused", async (code) => {
    const talk = await startTalk();
    talk.server.faults.add("vector_stores.files.create", { kind: "index-failed", code });
    await expect(talk.engine.addDocument(toReadable("lease.md", TEXT, LONG), never())).rejects.toMatchObject({
      code: "file_refused_by_engine",
    });
  });

  test("is tried again when indexing failed on OpenAI's side, and given up after that", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT, LONG);
    const fault: Fault = { kind: "index-failed", code: "server_error" };
    talk.server.faults.add("vector_stores.files.create", fault, { times: 3 });
    await expect(talk.engine.addDocument(lease, never())).rejects.toMatchObject({ code: "engine_overloaded" });
    await talk.engine.addDocument(lease, never());
    expect(talk.server.to("files.create")).toHaveLength(1);
    expect((await talk.ask({ available: [lease] })).text).toContain("three months");
  });

  test("that is never indexed is given up", async () => {
    const talk = await startTalk();
    talk.server.faults.add("vector_stores.files.create", { kind: "index-stuck" }, { times: 2 });
    await expect(talk.engine.addDocument(toReadable("lease.md", TEXT, LONG), never())).rejects.toMatchObject({
      code: "engine_overloaded",
    });
  });

  test("stops when it is told to", async () => {
    const talk = await startTalk();
    talk.server.faults.add("vector_stores.files.create", { kind: "index-stuck" });
    const stop = new AbortController();
    const added = talk.engine.addDocument(toReadable("lease.md", TEXT, LONG), stop.signal);
    added.catch(ignore);
    await talk.server.whenRequested("vector_stores.files.retrieve", 2);
    stop.abort("stopping");
    await expect(added).rejects.toBe("stopping");
  });
});

describe("an upload", () => {
  const lost: readonly { label: string; fault: Fault }[] = [
    { label: "reset", fault: { kind: "reset-after" } },
    { label: "a 500", fault: { kind: "error-after", code: "server_error" } },
    { label: "no answer", fault: { kind: "timeout-after" } },
    { label: "half an answer", fault: { kind: "cut-after" } },
    { label: "broken JSON", fault: { kind: "malformed-after" } },
  ];

  test.for(lost)("whose answer was lost ($label) is found, and not sent twice", async ({ fault }) => {
    const talk = await startTalk({}, { requestTimeoutMs: 250 });
    talk.server.faults.add("files.create", fault);
    await talk.engine.addDocument(toReadable("lease.md", TEXT), never());
    expect(talk.server.to("files.create")).toHaveLength(1);
    expect(talk.server.state.files.size).toBe(1);
  });

  test.for<{ label: string; fault: Fault }>([
    { label: "reset", fault: { kind: "reset" } },
    { label: "a 500", fault: { kind: "error", code: "server_error" } },
    { label: "slow_down", fault: { kind: "error", code: "slow_down" } },
    { label: "rate_limit_exceeded", fault: { kind: "error", code: "rate_limit_exceeded" } },
  ])("that did not get through ($label) is sent again, whole", async ({ fault }) => {
    const talk = await startTalk({}, { requestTimeoutMs: 2_000 });
    talk.server.faults.add("files.create", fault);
    await talk.engine.addDocument(toReadable("lease.md", TEXT), never());
    expect(talk.server.to("files.create")).toHaveLength(2);
    expect([...talk.server.state.files.values()].map(({ bytes }) => bytes.toString())).toEqual([TEXT]);
  });

  test("does not take another document's file of the same name and size for its own", async () => {
    const talk = await startTalk();
    await talk.engine.addDocument(toReadable("lease.md", TEXT, { id: "d_one" }), never());
    talk.server.faults.add("files.create", { kind: "reset" });
    await talk.engine.addDocument(toReadable("lease.md", TEXT, { id: "d_two" }), never());
    expect(talk.server.state.files.size).toBe(2);
  });

  test.for(["invalid_api_key", "credit_balance_exhausted"] as const)(
    "refused with %s is not repeated",
    async (code) => {
      const talk = await startTalk();
      talk.server.faults.add("files.create", { kind: "error", code }, { times: 5 });
      await expect(talk.engine.addDocument(toReadable("lease.md", TEXT), never())).rejects.toThrow(/OpenAI answered/);
      expect(talk.server.to("files.create")).toHaveLength(1);
    },
  );

  test("of a file that is not on the disk any more says so, and nothing breaks", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT);
    const gone = { ...lease, withFile: <T>(use: (path: string) => Promise<T>): Promise<T> => use("/nonexistent/file") };
    await expect(talk.engine.addDocument(gone, never())).rejects.toThrow(/ENOENT/);
  });
});

describe("what OpenAI lost", () => {
  test("a vector store: it is made anew and filled", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT, LONG);
    await talk.engine.addDocument(lease, never());
    talk.server.state.vectorStores.clear();
    expect((await talk.ask({ available: [lease] })).text).toContain("three months");
    expect(talk.server.to("files.create")).toHaveLength(1);
  });

  test("a vector store, noticed when a document is added", async () => {
    const talk = await startTalk();
    await talk.engine.addDocument(toReadable("old.md", TEXT, LONG), never());
    talk.server.state.vectorStores.clear();
    await talk.engine.addDocument(toReadable("new.md", TEXT, LONG), never());
    expect(talk.server.state.vectorStores.size).toBe(1);
  });

  test.for([{ missingFileStatus: 400 as const }, { missingFileStatus: 404 as const }])(
    "a file before its first use: it is uploaded again ($missingFileStatus)",
    async ({ missingFileStatus }) => {
      const talk = await startTalk({ missingFileStatus });
      const lease = toReadable("lease.md", TEXT);
      await talk.engine.addDocument(lease, never());
      talk.server.state.files.clear();
      expect((await talk.ask({ attached: [lease] })).text).toContain("three months");
      expect(talk.server.to("files.create")).toHaveLength(2);
    },
  );

  test.for([
    { deletedFileInHistory: "fails" as const, missingFileStatus: 400 as const },
    { deletedFileInHistory: "fails" as const, missingFileStatus: 404 as const },
    { deletedFileInHistory: "ignored" as const, missingFileStatus: 404 as const },
  ])(
    "a file inside the conversation ($deletedFileInHistory, $missingFileStatus): the question is answered",
    async (server) => {
      const talk = await startTalk(server);
      const lease = toReadable("lease.md", TEXT);
      await talk.ask({ attached: [lease] });
      talk.server.state.files.clear();
      const result = await talk.ask({ available: [lease], text: "What is up?" });
      expect(result.text).not.toBe("");
    },
  );
});

describe("an upload that a crash kept from being recorded", () => {
  test("is deleted before the document is uploaded again, and files of others are left alone", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT);
    const sameElsewhere = { ...lease, document: { ...lease.document, id: "d_elsewhere" } };
    await talk.engine.addDocument(sameElsewhere, never());
    await talk.engine.addDocument(lease, never());
    const [, second] = talk.server.state.files.keys();
    // As a process leaves it that dies between the upload and its record.
    const size = talk.server.state.files.get(second ?? "")?.bytes.byteLength ?? 0;
    const since = Math.floor(talk.clock.now() / 1000);
    await talk.stores.documents.delete(lease.document.id);
    await talk.stores.fileOwners.delete(second ?? "");
    await talk.stores.uploads.set(lease.document.id, {
      name: "lease.md",
      purpose: "user_data",
      sizeBytes: size,
      since,
    });
    await talk.restart().addDocument(lease, never());
    expect(talk.server.state.files.size).toBe(2);
    expect(talk.server.state.files.has(second ?? "")).toBe(false);
    expect((await talk.stores.documents.get(sameElsewhere.document.id))?.fileId).toBe(
      [...talk.server.state.files.keys()][0],
    );
  });

  test.for([
    ["that OpenAI refused", "invalid_api_key", 1, 0],
    ["that was not answered, by another program an hour later", "server_error", 4, 3_600],
  ] as const)("leaves files of other programs alone: one %s", async ([, code, times, laterS]) => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT);
    talk.server.faults.add("files.create", { kind: "error", code }, { times });
    await expect(talk.engine.addDocument(lease, never())).rejects.toThrow(code);
    const bytes = Buffer.from(TEXT);
    const createdAt = Math.floor(Date.now() / 1000) + laterS;
    const other = { id: "file-of-others", filename: "lease.md", purpose: "user_data", bytes, createdAt };
    talk.server.state.files.set(other.id, other);
    await talk.restart().addDocument(lease, never());
    expect(talk.server.state.files.has(other.id)).toBe(true);
    expect((await talk.stores.documents.get(lease.document.id))?.fileId).not.toBe(other.id);
  });

  test("goes with the document when that is removed", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT);
    await talk.engine.addDocument(lease, never());
    const [file] = talk.server.state.files.values();
    const since = Math.floor(talk.clock.now() / 1000);
    const left = { name: "lease.md", purpose: "user_data", sizeBytes: file?.bytes.byteLength ?? 0, since } as const;
    const record = await talk.stores.documents.get(lease.document.id);
    await talk.stores.documents.delete(lease.document.id);
    await talk.stores.fileOwners.delete(record?.fileId ?? "");
    await talk.stores.uploads.set(lease.document.id, left);
    await talk.restart().removeDocument(lease.document);
    expect(talk.server.state.files.size).toBe(0);
  });
});

describe("removing a document", () => {
  test("takes it out of the store, the files and the conversations", async () => {
    const talk = await startTalk();
    const short = toReadable("short.md", TEXT);
    const long = toReadable("long.md", TEXT, LONG);
    await talk.engine.addDocument(long, never());
    await talk.ask({ attached: [short], available: [long] });
    await talk.engine.removeDocument(short.document);
    // With the message that brought it goes the answer, and what was searched for that.
    expect(filesInConversations(talk)).toBe(0);
    expect(talk.server.state.files.size).toBe(1);
    await talk.engine.removeDocument(long.document);
    expect(filesInConversations(talk)).toBe(0);
    expect(talk.server.state.files.size).toBe(0);
    expect(talk.server.state.vectorStores.size).toBe(0);
    expect(await talk.stores.documents.get(short.document.id)).toBeUndefined();
    expect((await talk.ask()).text).toContain("could not find");
  });

  test("leaves the store to the documents that stay", async () => {
    const talk = await startTalk();
    const [one, two] = [toReadable("one.md", TEXT, LONG), toReadable("two.md", TEXT, LONG)];
    await talk.engine.addDocument(one, never());
    await talk.engine.addDocument(two, never());
    await talk.engine.removeDocument(one.document);
    const [store] = talk.server.state.vectorStores.values();
    expect([...(store?.files.values() ?? [])].map(({ filename }) => filename)).toEqual(["two.md"]);
  });

  test("is safe to repeat, also when all is gone or it was never there", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT, LONG);
    await talk.engine.addDocument(lease, never());
    talk.server.state.files.clear();
    talk.server.state.vectorStores.clear();
    await talk.engine.removeDocument(lease.document);
    await talk.engine.removeDocument(lease.document);
    await talk.engine.removeDocument(toReadable("never.md", TEXT).document);
    expect(await talk.stores.documents.get(lease.document.id)).toBeUndefined();
    expect(await talk.stores.vectorStores.get("channel:test:general")).toBeUndefined();
  });

  test("that broke in the middle is finished by the next call", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", TEXT, LONG);
    await talk.engine.addDocument(lease, never());
    talk.server.faults.add("files.delete", { kind: "error", code: "invalid_api_key" });
    await expect(talk.engine.removeDocument(lease.document)).rejects.toMatchObject({ code: "invalid_key" });
    await talk.engine.removeDocument(lease.document);
    expect(talk.server.state.files.size).toBe(0);
  });

  test.for([
    { label: "a search found", change: LONG, ended: "is answered" },
    { label: "came with the question", change: {}, ended: "is answered" },
    { label: "came with the question", change: {}, ended: "is cut short" },
  ])("that $label while the run goes on, which $ended, leaves nothing of it", async ({ change, ended }) => {
    const talk = await startTalk({ eventGapMs: 100, failedRunLeavesItems: true });
    if (ended === "is cut short") {
      const text = "The notice period is three months";
      talk.server.faults.add("responses.create", { kind: "run-incomplete", reason: "max_output_tokens", text });
    }
    const result = await removeMeanwhile(talk, toReadable("lease.md", TEXT, change));
    await result.noted;
    expect(filesInConversations(talk)).toBe(0);
    expect(talk.server.state.files.size).toBe(0);
  });

  test("while the run goes on is finished by the next question when OpenAI could not delete at once", async () => {
    const talk = await startTalk({ eventGapMs: 100 });
    talk.server.faults.add("conversations.items.delete", { kind: "error", code: "invalid_api_key" });
    const result = await removeMeanwhile(talk, toReadable("lease.md", TEXT, LONG));
    await result.noted;
    expect(filesInConversations(talk)).toBeGreaterThan(0);
    await talk.ask({ text: "What is up?" });
    expect(filesInConversations(talk)).toBe(0);
    expect(JSON.stringify([...talk.server.state.conversations.values()])).not.toContain("three months");
  });

  test("removes one that a failed run may have left in the conversation", async () => {
    const talk = await startTalk({ failedRunLeavesItems: true });
    const lease = toReadable("lease.md", TEXT);
    talk.server.faults.add("responses.create", { kind: "run-failed", code: "server_error" });
    await expect(talk.ask({ attached: [lease] })).rejects.toMatchObject({ code: "run_failed" });
    await talk.engine.removeDocument(lease.document);
    expect(filesInConversations(talk)).toBe(0);
  });
});

/** Asks about a document that is removed when the model has it before it. */
async function removeMeanwhile(talk: Talk, lease: ReadableDocument): Promise<RunResult> {
  await talk.engine.addDocument(lease, never());
  const question = talk.question(
    lease.document.tokens === LONG.tokens ? { available: [lease] } : { attached: [lease] },
  );
  const run = await talk.engine.startRun(question, { mayExist: false, signal: never() });
  const writing = Promise.withResolvers<void>();
  const onProgress = ({ step }: RunProgress): void => (step === "writing" ? writing.resolve() : undefined);
  const ended = talk.engine.waitForRun(run, question, { signal: never(), onProgress });
  ended.catch(ignore);
  await writing.promise;
  await talk.engine.removeDocument(lease.document);
  return await ended;
}

function filesInConversations(talk: Talk): number {
  const items = [...talk.server.state.conversations.values()].flatMap((conversation) => conversation.items);
  const brought = items.flatMap(contentParts).filter((part) => part["file_id"] !== undefined);
  const found = items.filter((item) => item.type === "file_search_call");
  return brought.length + found.length;
}
