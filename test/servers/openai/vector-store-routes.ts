import { param, type Call, type Handler, type ServerContext } from "./context.ts";
import { extractForSearch } from "./extract-text.ts";
import { plainOf, shownOf, type Piece } from "./extracted.ts";
import { extensionOf } from "./file-routes.ts";
import { ApiFault, notFound, toPage, type Reply } from "./http.ts";
import { rank, toChunks, toWords, type Hit } from "./search-chunks.ts";
import { checkMetadata } from "./check-request.ts";
import { isJson, newId, seconds, textOf, type Json, type StoreFile, type VectorStore } from "./state.ts";

const SEARCHABLE = "c cpp cs css doc docx go html java js json md pdf php pptx py rb sh tex ts txt".split(" ");

export const createVectorStore: Handler = ({ state }, { body }) => {
  checkMetadata(body["metadata"]);
  const store: VectorStore = {
    id: newId("vs_"),
    name: textOf(body["name"]),
    createdAt: seconds(),
    metadata: isJson(body["metadata"]) ? body["metadata"] : {},
    files: new Map(),
  };
  state.vectorStores.set(store.id, store);
  return { status: 200, json: toStoreJson(store) };
};

export const listVectorStores: Handler = ({ state }, { query }) => ({
  status: 200,
  json: toPage([...state.vectorStores.values()], query, { idOf: (store) => store.id, toJson: toStoreJson }),
});

export const retrieveVectorStore: Handler = (context, call) => ({
  status: 200,
  json: toStoreJson(storeOf(context, call)),
});

export const deleteVectorStore: Handler = (context, call) => {
  const store = storeOf(context, call);
  context.state.vectorStores.delete(store.id);
  return { status: 200, json: { id: store.id, object: "vector_store.deleted", deleted: true } };
};

export const attachFile: Handler = (context, call) => {
  const store = storeOf(context, call);
  const fileId = textOf(call.body["file_id"]);
  const stored = context.state.files.get(fileId);
  if (stored === undefined) throw notFound("File object", fileId);
  const attributes = call.body["attributes"];
  checkMetadata(attributes);
  const file: StoreFile = {
    fileId,
    filename: stored.filename,
    createdAt: seconds(),
    attributes: isAttributes(attributes) ? attributes : null,
    status: "in_progress",
    lastError: null,
    chunks: [],
  };
  store.files.set(fileId, file);
  const { fault } = call;
  if (fault?.kind !== "index-stuck") {
    context.later(context.behaviour.indexTimeMs, () => {
      void index(context, file, fault?.kind === "index-failed" ? fault.code : undefined);
    });
  }
  return { status: 200, json: toStoreFileJson(store, file) };
};

export const listStoreFiles: Handler = (context, call) => {
  const store = storeOf(context, call);
  const options = { idOf: (file: StoreFile) => file.fileId, toJson: (file: StoreFile) => toStoreFileJson(store, file) };
  return { status: 200, json: toPage([...store.files.values()], call.query, options) };
};

export const retrieveStoreFile: Handler = (context, call) => {
  const store = storeOf(context, call);
  const { pollAfterMs } = context.behaviour;
  const headers: Record<string, string> = pollAfterMs === null ? {} : { "openai-poll-after-ms": String(pollAfterMs) };
  return { status: 200, headers, json: toStoreFileJson(store, storeFileOf(store, call)) };
};

export const detachFile: Handler = (context, call) => {
  const store = storeOf(context, call);
  const file = storeFileOf(store, call);
  store.files.delete(file.fileId);
  return { status: 200, json: { id: file.fileId, object: "vector_store.file.deleted", deleted: true } };
};

export const searchVectorStore: Handler = (context, call): Reply => {
  const store = storeOf(context, call);
  const query = textOf(call.body["query"]);
  const limit = typeof call.body["max_num_results"] === "number" ? call.body["max_num_results"] : 10;
  const hits = search([store], query, { filters: call.body["filters"], limit });
  const data = hits.map((hit) => ({
    file_id: hit.fileId,
    filename: hit.filename,
    score: hit.score,
    attributes: hit.attributes,
    content: [{ type: "text", text: hit.text }],
  }));
  return {
    status: 200,
    json: { object: "vector_store.search_results.page", search_query: [query], data, has_more: false, next_page: null },
  };
};

/** The best chunks of the stores' indexed files that pass the filter. */
export function search(
  stores: readonly VectorStore[],
  question: string,
  options: { filters: unknown; limit: number },
): Hit[] {
  const chunks = stores.flatMap((store) =>
    [...store.files.values()]
      .filter((file) => file.status === "completed" && passes(options.filters, file.attributes))
      .flatMap((file) =>
        file.chunks.map((piece) => ({
          text: "",
          piece,
          fileId: file.fileId,
          filename: file.filename,
          attributes: file.attributes,
        })),
      ),
  );
  // The vendor searches by meaning: how a text is spelled does not count.
  return rank(question, chunks, ({ piece }) => wordsOf(piece))
    .filter((hit) => hit.score > 0)
    .slice(0, options.limit)
    .map((hit) => ({ ...hit, text: shownOf(hit.piece) }));
}

const wordsOfPieces = new WeakMap<Piece, ReadonlySet<string>>();

function wordsOf(piece: Piece): ReadonlySet<string> {
  const words = wordsOfPieces.get(piece) ?? new Set(toWords(plainOf(piece)));
  wordsOfPieces.set(piece, words);
  return words;
}

function passes(filter: unknown, attributes: StoreFile["attributes"]): boolean {
  if (!isJson(filter)) return true;
  if (Array.isArray(filter["filters"])) {
    const results = filter["filters"].map((part) => passes(part, attributes));
    return filter["type"] === "or" ? results.some(Boolean) : results.every(Boolean);
  }
  const value = attributes?.[textOf(filter["key"])];
  const wanted = filter["value"];
  switch (filter["type"]) {
    case "eq":
      return value === wanted;
    case "ne":
      return value !== wanted;
    case "in":
      return Array.isArray(wanted) && wanted.includes(value);
    case "nin":
      return Array.isArray(wanted) && !wanted.includes(value);
    default:
      throw new ApiFault(400, "This server knows the filters eq, ne, in, nin, and, or.", { param: "filters" });
  }
}

async function index(context: ServerContext, file: StoreFile, failure: string | undefined): Promise<void> {
  const stored = context.state.files.get(file.fileId);
  const supported = SEARCHABLE.includes(extensionOf(file.filename));
  if (failure !== undefined || stored === undefined || !supported) {
    file.status = "failed";
    file.lastError = { code: failure ?? "unsupported_file", message: "The file could not be processed." };
    return;
  }
  try {
    file.chunks = toChunks(await extractForSearch(stored, context.behaviour.extraction));
    file.status = "completed";
  } catch {
    file.status = "failed";
    file.lastError = { code: "invalid_file", message: "The file could not be parsed." };
  }
}

function storeOf({ state }: ServerContext, call: Call): VectorStore {
  const id = param(call, 0);
  const store = state.vectorStores.get(id);
  if (store === undefined) throw notFound("vector store", id);
  return store;
}

function storeFileOf(store: VectorStore, call: Call): StoreFile {
  const file = store.files.get(param(call, 1));
  if (file === undefined) throw notFound("file in this vector store", param(call, 1));
  return file;
}

function isAttributes(value: unknown): value is Record<string, string | number | boolean> {
  return isJson(value) && Object.values(value).every((entry) => ["string", "number", "boolean"].includes(typeof entry));
}

function toStoreJson(store: VectorStore): Json {
  const files = [...store.files.values()];
  const count = (status: StoreFile["status"]): number => files.filter((file) => file.status === status).length;
  return {
    id: store.id,
    object: "vector_store",
    created_at: store.createdAt,
    last_active_at: store.createdAt,
    name: store.name,
    usage_bytes: 0,
    status: count("in_progress") > 0 ? "in_progress" : "completed",
    file_counts: {
      in_progress: count("in_progress"),
      completed: count("completed"),
      failed: count("failed"),
      cancelled: count("cancelled"),
      total: files.length,
    },
    metadata: store.metadata,
  };
}

function toStoreFileJson(store: VectorStore, file: StoreFile): Json {
  return {
    id: file.fileId,
    object: "vector_store.file",
    usage_bytes: 0,
    created_at: file.createdAt,
    vector_store_id: store.id,
    status: file.status,
    last_error: file.lastError,
    attributes: file.attributes ?? {},
    chunking_strategy: { type: "static", static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
  };
}
