import { findTwin, withoutTwin } from "./content-twins.ts";
import { crashPoint } from "../crash-point.ts";
import type { Document, ReadableDocument } from "../document.ts";
import { DocentError, isDocentError, toDocentError } from "../errors.ts";
import { expandArchive, findUnpacked } from "./expand-archive.ts";
import { lockUnlessAborted } from "../lock-unless-aborted.ts";
import { mapAtMost } from "../map-at-most.ts";
import type { Bot } from "../ports/bot.ts";
import type { Engine } from "../ports/engine.ts";
import type { Reader, ReadLimits } from "../ports/reader.ts";
import type { Blobs, Documents } from "../ports/stores.ts";
import type { Lock, Log } from "../ports/system.ts";

/** Files of one message that are read side by side. */
const READ_AT_ONCE = 4;
const MAX_PAGES = 10_000;
const READ_TIMEOUT_MS = 10 * 60_000;

export interface ReadingDeps {
  readonly documents: Documents;
  readonly blobs: Blobs;
  readonly reader: Reader;
  readonly bots: ReadonlyMap<string, Bot>;
  /** Who answers first; the others are given each document as well, so that they can stand in. */
  readonly engines: readonly [Engine, ...Engine[]];
  readonly lock: Lock;
  readonly limits: { readonly maxFileMb: number; readonly maxFileTokens: number };
  readonly log: Log;
}

export interface ReadingOptions {
  readonly signal: AbortSignal;
  readonly onPage?: (document: Document, done: number, of: number) => void;
  readonly onPrepare?: (document: Document) => void;
}

/** A document with ways to its bytes and its text. */
export function toReadable(document: Document, deps: Pick<ReadingDeps, "documents" | "blobs">): ReadableDocument {
  return {
    document,
    async withFile(use) {
      if (document.blobId === null) throw new DocentError("file_gone", "A document's bytes were never fetched.");
      return await deps.blobs.withFile(document.blobId, use);
    },
    pages: () => deps.documents.pages(document.id),
  };
}

/**
 * Makes documents usable: fetched, inspected, handed to the engines. Returns each as it is afterwards, `ready` or
 * `failed` with its problem, and behind them the files of archives that were unpacked. No engine is given an archive.
 * @throws DocentError when an engine or the disk cannot take documents now; the documents stay as far as they got.
 */
export async function readDocuments(
  found: readonly Document[],
  deps: ReadingDeps,
  options: ReadingOptions,
): Promise<readonly Document[]> {
  const read = await mapAtMost(READ_AT_ONCE, found, (document) => readOnce(document, deps, options));
  const inner = await findUnpacked(found, read, deps.documents);
  return inner.length === 0 ? read : [...read, ...(await readDocuments(inner, deps, options))];
}

/** Fetches and inspects documents without handing them to an engine: their pages and problems become known. */
export async function inspectDocuments(
  found: readonly Document[],
  deps: ReadingDeps,
  options: ReadingOptions,
): Promise<readonly Document[]> {
  return await mapAtMost(READ_AT_ONCE, found, (document) =>
    refuseOnProblem(document, deps, options, async () =>
      inspect(await fetch(document, deps, options.signal), deps, options),
    ),
  );
}

/** Whoever deletes a document has to wait for what reads it. */
export function toReadingLock({ id }: Document): string {
  return `reading ${id}`;
}

/** Two turns may need the same document at once: the second waits for the first one's reading, and finds it done. */
async function readOnce(document: Document, deps: ReadingDeps, options: ReadingOptions): Promise<Document> {
  if (isUsable(document, deps)) return document;
  return await lockUnlessAborted(deps.lock, toReadingLock(document), options.signal, async () => {
    const current = await deps.documents.get(document.id);
    return current === undefined ? toRemoved(document) : await readDocument(current, deps, options);
  });
}

/** Nothing is left to do for it. */
function isUsable(document: Document, deps: ReadingDeps): boolean {
  const { state, sameAs, engines } = document;
  if (state === "failed") return true;
  if (state !== "ready") return false;
  return isArchive(document) || sameAs !== undefined || deps.engines.every(({ name }) => engines.includes(name));
}

async function readDocument(document: Document, deps: ReadingDeps, options: ReadingOptions): Promise<Document> {
  return await refuseOnProblem(document, deps, options, async () => {
    if (isUsable(document, deps)) return document;
    const missing = deps.engines.filter((engine) => !document.engines.includes(engine.name));
    const fetched = await fetch(await change(document, { state: "reading" }, deps), deps, options.signal);
    const { scope, sha256 } = fetched;
    // Of two files with the same bytes the second waits until the first is read.
    const name = `reading ${scope.kind} ${scope.key} ${sha256}`;
    return await lockUnlessAborted(deps.lock, name, options.signal, () => handOver(fetched, missing, deps, options));
  });
}

/** Inspects a document and gives it to the engines that lack it, unless they have the same bytes already. */
async function handOver(
  fetched: Document,
  missing: readonly Engine[],
  deps: ReadingDeps,
  options: ReadingOptions,
): Promise<Document> {
  const twin = fetched.engines.length === 0 ? await findTwin(fetched, deps.documents, deps.engines) : undefined;
  if (twin !== undefined) {
    const { id, type, unit, pages, tokens } = twin;
    const same = await change(fetched, { state: "ready", type, unit, pages, tokens, sameAs: id }, deps);
    // Whoever deletes the twin after this look finds that this one is the same as it.
    if ((await deps.documents.get(id)) !== undefined) return same;
    return await handOver(await change(same, withoutTwin(), deps), missing, deps, options);
  }
  const inspected = await inspect(fetched, deps, options);
  options.onPrepare?.(inspected);
  if (isArchive(inspected)) {
    const problem = await expandArchive(inspected, deps, { limits: toLimits(deps), signal: options.signal });
    return await change(inspected, { state: "ready", problem }, deps);
  }
  // Those that stand in come first: when the engine that answers cannot take it now, they can still offer passages.
  for (const engine of missing.toReversed()) await addToEngine(inspected, engine, deps, options.signal);
  crashPoint("document: given to the engines");
  return await change(inspected, { state: "ready" }, deps);
}

function isArchive({ type }: Document): boolean {
  return type?.kind === "archive";
}

function toLimits({ limits }: ReadingDeps): ReadLimits {
  return { maxTokens: limits.maxFileTokens, maxPages: MAX_PAGES, timeoutMs: READ_TIMEOUT_MS };
}

async function addToEngine(document: Document, engine: Engine, deps: ReadingDeps, signal: AbortSignal): Promise<void> {
  await engine.addDocument(toReadable(document, deps), signal);
  // Whoever deletes it meanwhile waits for this reading to end, and then deletes what it left.
  const current = await deps.documents.get(document.id);
  await change(document, { engines: [...new Set([...(current?.engines ?? []), engine.name])] }, deps);
}

/** A document whose bytes are here, and known by their hash. */
async function fetch(document: Document, deps: ReadingDeps, signal: AbortSignal): Promise<Document> {
  const blobId = document.blobId ?? document.id;
  const isHere = await deps.blobs.has(blobId);
  if (isHere && document.sha256 !== null) return document;
  const stored = isHere ? await deps.blobs.measure(blobId) : await fetchBytes(document, blobId, deps, signal);
  crashPoint("document: bytes fetched");
  return await change(document, { ...stored, blobId }, deps);
}

async function inspect(document: Document, deps: ReadingDeps, options: ReadingOptions): Promise<Document> {
  if (document.type !== null) return document;
  const found = await deps.blobs.withFile(document.blobId ?? document.id, (path) =>
    deps.reader.read({ path, name: document.name }, toLimits(deps), {
      signal: options.signal,
      onPage: (done, of) => options.onPage?.(document, done, of),
    }),
  );
  options.signal.throwIfAborted();
  if (found.problem !== null) {
    throw new DocentError(found.problem.code, "A file cannot be read.", { details: found.problem.details });
  }
  const { type, unit, pageCount, tokens } = found;
  const problem = deps.engines[0].problemWith?.({ ...document, type, unit, pages: pageCount, tokens }) ?? null;
  if (problem !== null) {
    throw new DocentError(problem.code, "The engine cannot use a file of this type.", { details: problem.details });
  }
  await deps.documents.savePages(document.id, found.pages);
  crashPoint("document: inspected");
  return await change(document, { type, unit, pages: pageCount, tokens }, deps);
}

async function fetchBytes(
  document: Document,
  blobId: string,
  deps: ReadingDeps,
  signal: AbortSignal,
): Promise<Pick<Document, "sizeBytes" | "sha256">> {
  // No platform ever had the files of an archive by themselves.
  if (document.containerId !== undefined) throw new DocentError("file_gone", "A file of an archive is missing.");
  const bot = deps.bots.get(document.bot);
  if (bot === undefined) {
    throw new DocentError("file_download_failed", `The bot ${document.bot} is not set up any more.`);
  }
  const bytes = await bot.download(
    { key: document.attachmentKey, name: document.name, reference: document.reference },
    signal,
  );
  return await deps.blobs.write(blobId, bytes, { maxBytes: deps.limits.maxFileMb * 1024 * 1024 });
}

/**
 * A `file_…` error is the document's own: it is kept as its problem. Any other error is not, and is thrown on. Whatever
 * went wrong with a document that was deleted meanwhile went wrong because it is gone.
 */
async function refuseOnProblem(
  document: Document,
  deps: ReadingDeps,
  { signal }: ReadingOptions,
  work: () => Promise<Document>,
): Promise<Document> {
  if (document.state === "failed") return document;
  try {
    return await work();
  } catch (error) {
    const isItsOwn = isDocentError(error) && /^(file|image|too_many)_/.test(error.code);
    const problem = isItsOwn ? { code: error.code, details: { ...error.details, name: document.name } } : null;
    const updated = await update(document, problem === null ? { state: "noted" } : { state: "failed", problem }, deps);
    if (updated === undefined && !signal.aborted) return toRemoved(document);
    if (updated === undefined || problem === null) throw toDocentError(error, "Reading a document");
    deps.log.info("A document cannot be used.", { document: document.id, code: problem.code });
    return updated;
  }
}

/** @throws DocentError `file_removed` when the document was deleted meanwhile: there is nothing left to read it for. */
async function change(document: Document, changes: Partial<Document>, deps: ReadingDeps): Promise<Document> {
  const updated = await update(document, changes, deps);
  if (updated === undefined) throw new DocentError("file_removed", "A document was deleted while it was being read.");
  return updated;
}

async function update(
  document: Document,
  changes: Partial<Document>,
  deps: ReadingDeps,
): Promise<Document | undefined> {
  const updated = await deps.documents.update(document.id, changes);
  if (updated !== undefined) await deps.bots.get(document.bot)?.showDocument(updated, "changed");
  return updated;
}

function toRemoved(document: Document): Document {
  const problem = { code: "file_removed", details: { name: document.name } } as const;
  return { ...document, state: "failed", problem };
}

/** Somebody deleted it before it was read. */
export function isRemoved({ problem }: Document): boolean {
  return problem?.code === "file_removed";
}
