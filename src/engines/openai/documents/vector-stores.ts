import type { OpenAI } from "openai";
import type { Document, Scope } from "../../../core/document.ts";
import { DocentError } from "../../../core/errors.ts";
import type { EngineContext } from "../context.ts";
import { unlessGone } from "../openai-client.ts";
import { toScopeKey, type VectorStoreRecord } from "../records.ts";

/** How long OpenAI may take to index one document. */
const INDEX_WITHIN_MS = 10 * 60_000;
const FIRST_POLL_MS = 500;
const SLOWEST_POLL_MS = 2_000;

export interface VectorStores {
  record(scope: Scope): Promise<VectorStoreRecord | undefined>;
  /**
   * Makes a document searchable in its scope's store and waits until it is indexed. Safe to repeat.
   * @throws DocentError `file_refused_by_engine`; `engine_overloaded` when indexing takes too long
   */
  add(document: Document, fileId: string, options: { signal: AbortSignal; until?: number }): Promise<void>;
  /** Takes a document out; the store goes with its last document. Safe to repeat. */
  remove(document: Pick<Document, "id" | "scope">): Promise<void>;
  /** Forgets stores that OpenAI no longer has. Returns whether there were any. */
  forgetMissing(scopes: readonly Scope[]): Promise<boolean>;
}

/** One vector store for each scope: a channel's documents never lie beside another channel's. */
export function createVectorStores(context: EngineContext): VectorStores {
  const { client, stores, clock, lock } = context;
  const { sdk } = client;
  const locked = <T>(key: string, work: () => Promise<T>): Promise<T> => lock(`store ${key}`, work);

  return {
    record: (scope) => stores.vectorStores.get(toScopeKey(scope)),

    async add(document, fileId, { signal, until = clock.steady() + INDEX_WITHIN_MS }) {
      const key = toScopeKey(document.scope);
      // Whoever asks for the same document meanwhile waits for this one's end.
      await lock(`indexing ${document.id}`, () => add(key, document, fileId, { signal, until }));
    },

    async remove(document) {
      const key = toScopeKey(document.scope);
      await locked(key, async () => {
        const record = await stores.vectorStores.get(key);
        const entry = record?.documents[document.id];
        if (record === undefined || entry === undefined) return;
        const store = record.vectorStoreId;
        const attempted = "Taking a document out of a vector store";
        const isLast = Object.keys(record.documents).length === 1;
        await unlessGone(
          client.patiently(attempted, () => sdk.vectorStores.files.delete(entry.fileId, { vector_store_id: store })),
        );
        if (isLast) {
          await unlessGone(client.patiently(attempted, () => sdk.vectorStores.delete(store)));
          await stores.vectorStores.delete(key);
          return;
        }
        const { [document.id]: _, ...rest } = record.documents;
        await stores.vectorStores.set(key, { ...record, documents: rest });
      });
    },

    async forgetMissing(scopes) {
      let found = false;
      for (const key of new Set(scopes.map(toScopeKey))) {
        const record = await stores.vectorStores.get(key);
        if (record === undefined) continue;
        const store = await unlessGone(
          client.patiently("Looking for a vector store", () => sdk.vectorStores.retrieve(record.vectorStoreId)),
        );
        if (store !== undefined && store.status !== "expired") continue;
        found = true;
        await locked(key, () => dropRecord(key, record.vectorStoreId));
      }
      return found;
    },
  };

  async function add(
    key: string,
    document: Document,
    fileId: string,
    { signal, until }: { signal: AbortSignal; until: number },
  ): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const record = await locked(key, () => noteAdding(key, document.id, fileId, signal));
      if (record.documents[document.id]?.state === "ready") return;
      const state = await index(record.vectorStoreId, { document, fileId, signal, until });
      if (state === "store-gone" && attempt === 1) {
        await locked(key, () => dropRecord(key, record.vectorStoreId));
        continue;
      }
      if (state === "server-error" && attempt === 1) continue;
      if (state !== "completed") {
        throw new DocentError("engine_overloaded", "Indexing a document: OpenAI could not index it; try again.");
      }
      await locked(key, () => changeRecord(key, document.id, { fileId, state: "ready" }));
      return;
    }
  }

  /** Written before OpenAI is asked: a crash in between must not leave a document in the store that nobody knows of. */
  async function noteAdding(
    key: string,
    documentId: string,
    fileId: string,
    signal: AbortSignal,
  ): Promise<VectorStoreRecord> {
    const known = await stores.vectorStores.get(key);
    const entry = known?.documents[documentId];
    if (known !== undefined && entry?.fileId === fileId) return known;
    const vectorStoreId = known?.vectorStoreId ?? (await createStore(key, signal));
    const record: VectorStoreRecord = {
      vectorStoreId,
      documents: { ...known?.documents, [documentId]: { fileId, state: "adding" } },
    };
    await stores.vectorStores.set(key, record);
    return record;
  }

  async function createStore(key: string, signal: AbortSignal): Promise<string> {
    const created = await client.patiently(
      "Creating a vector store",
      () => sdk.vectorStores.create({ name: "docent", metadata: { scope: key.slice(0, 512) } }, { signal }),
      { signal },
    );
    return created.id;
  }

  async function changeRecord(
    key: string,
    documentId: string,
    entry: VectorStoreRecord["documents"][string],
  ): Promise<void> {
    const record = await stores.vectorStores.get(key);
    // Removed while it was being indexed: it stays removed.
    if (record?.documents[documentId]?.fileId !== entry.fileId) return;
    await stores.vectorStores.set(key, { ...record, documents: { ...record.documents, [documentId]: entry } });
  }

  async function dropRecord(key: string, vectorStoreId: string): Promise<void> {
    const record = await stores.vectorStores.get(key);
    if (record?.vectorStoreId === vectorStoreId) await stores.vectorStores.delete(key);
  }

  async function index(
    store: string,
    job: { document: Document; fileId: string; signal: AbortSignal; until: number },
  ): Promise<"completed" | "server-error" | "store-gone"> {
    const { document, fileId, signal } = job;
    const attempted = "Indexing a document";
    const body = { file_id: fileId, attributes: { document: document.id } };
    const added = await unlessGone(
      client.patiently(attempted, () => sdk.vectorStores.files.create(store, body, { signal }), { signal }),
    );
    if (added === undefined) {
      const exists = await unlessGone(client.patiently(attempted, () => sdk.vectorStores.retrieve(store)));
      if (exists === undefined) return "store-gone";
      throw new MissingFileError();
    }
    let { status, last_error: lastError } = added;
    let pauseMs = FIRST_POLL_MS;
    while (status === "in_progress") {
      if (clock.steady() >= job.until) return "server-error";
      await clock.sleep(pauseMs, signal);
      const { data, response } = await client.patiently(
        attempted,
        () => sdk.vectorStores.files.retrieve(fileId, { vector_store_id: store }, { signal }).withResponse(),
        { signal },
      );
      ({ status, last_error: lastError } = data);
      pauseMs = readPollAfter(response) ?? Math.min(pauseMs * 1.5, SLOWEST_POLL_MS);
    }
    if (status === "completed") return "completed";
    if (lastError?.code === "server_error" || status === "cancelled") return "server-error";
    throw new DocentError("file_refused_by_engine", `Indexing a document: OpenAI says ${lastError?.code ?? status}.`, {
      details: { name: document.name },
    });
  }
}

/** OpenAI no longer has an uploaded file: whoever wants it indexed has to upload it again. */
export class MissingFileError extends DocentError {
  constructor() {
    super("engine_unreachable", "Indexing a document: OpenAI no longer has its file.");
    this.name = "MissingFileError";
  }
}

/** How soon OpenAI wants to be asked again, where it says so (`openai-poll-after-ms`, openai 7.57 `lib/polling.ts`). */
export function readPollAfter(response: Response): number | undefined {
  const value = Number(response.headers.get("openai-poll-after-ms") ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? Math.min(value, 60_000) : undefined;
}

/** What `file_search` is given: at most two stores, and a filter when they hold more than the question may use. */
export function toFileSearchTool(
  records: readonly VectorStoreRecord[],
  allowed: ReadonlySet<string>,
): OpenAI.Responses.FileSearchTool | undefined {
  // "maximum of 2 vector stores allowed": undocumented, seen 2026-07.
  const used = records
    .filter((record) =>
      Object.entries(record.documents).some(([id, { state }]) => allowed.has(id) && state === "ready"),
    )
    .slice(0, 2);
  if (used.length === 0) return undefined;
  const held = used.flatMap((record) => Object.keys(record.documents));
  // Always in one order: tools stand before everything else, and a change of them is a miss of the prompt cache.
  const permitted = held.filter((id) => allowed.has(id)).toSorted();
  const tool: OpenAI.Responses.FileSearchTool = {
    type: "file_search",
    vector_store_ids: used.map((record) => record.vectorStoreId),
    max_num_results: 15,
  };
  if (permitted.length === held.length) return tool;
  return { ...tool, filters: { type: "in", key: "document", value: permitted } };
}
