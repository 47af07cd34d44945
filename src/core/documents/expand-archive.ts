import { createReadStream } from "node:fs";

import type { Document } from "../document.ts";
import { DocentError } from "../errors.ts";
import { toDocumentId } from "../ids.ts";
import type { Problem } from "../incoming.ts";
import type { InnerFile, Reader, ReadLimits } from "../ports/reader.ts";
import type { Blobs, Documents } from "../ports/stores.ts";

/** Files of one archive, those of archives in it among them. */
const MAX_FILES = 200;
/** All files of an archive together may take as often as much as one file may. */
const MAX_TIMES_ONE_FILE = 5;

interface ExpandDeps {
  readonly documents: Documents;
  readonly blobs: Blobs;
  readonly reader: Reader;
  readonly limits: { readonly maxFileMb: number };
}

/**
 * Makes each file of an archive a document of its own, named after both, in the archive's place and of its message. A
 * repeat after a crash finds what is there and adds the rest. Returns what is to be said of files that were left out.
 * @throws DocentError with a `file_…` code when the archive cannot be used; `file_removed` when it was deleted meanwhile
 */
export async function expandArchive(
  archive: Document,
  deps: ExpandDeps,
  options: { readonly limits: ReadLimits; readonly signal: AbortSignal },
): Promise<Problem | null> {
  const { blobs, reader } = deps;
  const maxFileBytes = deps.limits.maxFileMb * 1024 * 1024;
  return await blobs.withFolder(async (folder) => {
    const unpackTo = { folder, maxFiles: MAX_FILES, maxFileBytes, maxTotalBytes: maxFileBytes * MAX_TIMES_ONE_FILE };
    const reading = await blobs.withFile(archive.blobId ?? archive.id, (path) =>
      reader.read({ path, name: archive.name }, options.limits, { signal: options.signal, unpackTo }),
    );
    options.signal.throwIfAborted();
    const { problem, unpacked } = reading;
    if (problem !== null) throw new DocentError(problem.code, "An archive cannot be unpacked.", problem);
    for (const file of unpacked?.files ?? []) {
      options.signal.throwIfAborted();
      await addInner(archive, file, deps, maxFileBytes);
    }
    // Deleted while it was being unpacked: what was added since goes as well.
    if ((await deps.documents.get(archive.id)) === undefined) {
      for (const inner of await innerDocuments(archive, deps.documents)) {
        await blobs.remove(inner.id);
        await deps.documents.retire(inner.id);
        await deps.documents.remove(inner.id);
      }
      throw new DocentError("file_removed", "An archive was deleted while it was being unpacked.");
    }
    const count = unpacked?.leftOut ?? 0;
    return count === 0 ? null : { code: "file_partly_read", details: { name: archive.name, count } };
  });
}

/** The documents that an archive's files became. */
export async function innerDocuments(archive: Document, documents: Documents): Promise<readonly Document[]> {
  const { scope } = archive;
  return (await documents.list({ scope })).filter(({ containerId }) => containerId === archive.id);
}

async function addInner(
  archive: Document,
  file: InnerFile,
  { documents, blobs }: ExpandDeps,
  maxBytes: number,
): Promise<void> {
  const attachmentKey = `${archive.attachmentKey}!/${file.name}`;
  const id = toDocumentId(archive.scope.key, attachmentKey);
  const known = await documents.get(id);
  if (known !== undefined) return;
  const { path } = file;
  const problem = file.problem === null ? null : nameAfter(archive, file, file.problem);
  // The bytes come first: a document without them could never be read.
  const stored = path === null ? null : await blobs.write(id, createReadStream(path), { maxBytes });
  const { document } = await documents.add({
    ...archive,
    id,
    attachmentKey,
    name: `${archive.name}/${file.name}`,
    state: problem === null ? "noted" : "failed",
    problem,
    type: null,
    sizeBytes: stored?.sizeBytes ?? null,
    sha256: stored?.sha256 ?? null,
    pages: null,
    tokens: null,
    engines: [],
    blobId: stored === null ? null : id,
    containerId: archive.id,
  });
  // Somebody removed it before: it stays removed.
  if (document === undefined) await blobs.remove(id);
}

function nameAfter(archive: Document, file: InnerFile, { code, details }: Problem): Problem {
  return { code, details: { ...details, name: `${archive.name}/${file.name}` } };
}

/** The files of archives that have just been unpacked; those of others are known as documents already. */
export async function findUnpacked(
  found: readonly Document[],
  read: readonly Document[],
  documents: Documents,
): Promise<readonly Document[]> {
  const wasReady = new Set(found.flatMap(({ id, state }) => (state === "ready" ? id : [])));
  const known = new Set(found.map(({ id }) => id));
  const archives = read.filter(({ id, type }) => type?.kind === "archive" && !wasReady.has(id));
  const inner = await Promise.all(archives.map((archive) => innerDocuments(archive, documents)));
  return inner.flat().filter(({ id }) => !known.has(id));
}
