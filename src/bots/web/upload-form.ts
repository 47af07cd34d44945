import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { isDocentError } from "../../core/errors.ts";
import type { Problem } from "../../core/incoming.ts";
import type { Blobs } from "../../core/ports/stores.ts";
import { badRequest } from "./error-response.ts";
import { cleanFileName } from "./file-name.ts";

export interface UploadLimits {
  readonly maxFileMb: number;
  readonly maxFiles: number;
}

/** One file of a form: its bytes lie in `Blobs`, or it has a problem. */
export interface UploadedFile {
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly blobId: string | null;
  readonly problem: Problem | null;
}

export interface UploadForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly UploadedFile[];
}

const MAX_FIELD_BYTES = 2_000_000;

/** A form of ours has two. Each is held in memory. */
const MAX_FIELDS = 8;

/** Far above any limit of ours: it only bounds what a hostile form can make us do. */
const MAX_PARTS = 1000;

/**
 * Reads a multipart form, each file streamed into `Blobs` under a fresh id. A file over a limit becomes a problem and
 * the rest goes on. When reading fails as a whole, what was stored is removed again.
 * @throws DocentError `bad_request`, `storage_full`
 */
export async function readUploadForm(
  request: Request,
  blobs: Blobs,
  limits: UploadLimits,
  locale: string,
): Promise<UploadForm> {
  const { body } = request;
  const form = openForm(request.headers.get("content-type") ?? "", limits.maxFileMb);
  if (form === null || body === null) throw badRequest("web.reason_body", locale);

  const fields = new Map<string, string>();
  const open = new Set<BusboyFileStream>();
  const files: Promise<UploadedFile | null>[] = [];
  const failures: unknown[] = [];
  form.on("field", (name, value) => fields.set(name, value));
  form.on("file", (_field, stream, fileName) => {
    open.add(stream);
    stream.once("close", () => open.delete(stream));
    files.push(keep(stream, cleanFileName(fileName ?? ""), files.length));
  });

  await pipeline(Readable.fromWeb(body as NodeReadableStream), form).catch((error: unknown) => {
    failures.push(error);
    // Whoever waits for the rest of a file has to hear that it never comes.
    for (const stream of open) stream.destroy();
  });
  const stored = (await Promise.all(files)).filter((file) => file !== null);
  if (failures.length > 0) {
    await removeUploads(stored, blobs);
    throw failures.find((failure) => isDocentError(failure)) ?? badRequest("web.reason_body", locale);
  }
  return { fields, files: stored };

  async function keep(stream: BusboyFileStream, name: string, index: number): Promise<UploadedFile | null> {
    const shown = name === "" ? "file" : name;
    // An error after we stopped reading must not become an unhandled event.
    stream.on("error", () => undefined);
    if (index >= limits.maxFiles) {
      stream.resume();
      return refused(shown, { code: "too_many_files", details: { name: shown, max: limits.maxFiles } });
    }
    const blobId = `web-${randomUUID()}`;
    try {
      const chunks = stream.iterator({ destroyOnReturn: false });
      const { sizeBytes } = await blobs.write(blobId, chunks, { maxBytes: toBytes(limits.maxFileMb) });
      // A browser sends an unnamed, empty part for a file field that nobody filled in.
      if (sizeBytes === 0 && name === "") {
        await blobs.remove(blobId);
        return null;
      }
      return { name: shown, sizeBytes, blobId, problem: null };
    } catch (error) {
      // The rest has to run through: the form goes on behind it, and browsers read no answer before they have sent all.
      stream.resume();
      if (!isDocentError(error, "file_too_large")) {
        failures.push(error);
        return null;
      }
      return refused(shown, { code: "file_too_large", details: { name: shown, maxMb: limits.maxFileMb } });
    }
  }
}

/** Removes the bytes of files that no document will refer to. */
export async function removeUploads(files: readonly UploadedFile[], blobs: Blobs): Promise<void> {
  await Promise.all(files.map(async ({ blobId }) => (blobId === null ? undefined : blobs.remove(blobId))));
}

function refused(name: string, problem: Problem): UploadedFile {
  return { name, sizeBytes: null, blobId: null, problem };
}

function openForm(contentType: string, maxFileMb: number): BusboyInstance | null {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return null;
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      // The folders of a name are ours to cut: busboy's own cut knows nothing of the rest of the rules.
      preservePath: true,
      isPartAFile: (_field, _type, fileName) => fileName !== undefined,
      limits: {
        // One byte more than allowed reaches the store, which then refuses; what follows is skipped unread.
        fileSize: toBytes(maxFileMb) + 1,
        fieldSize: MAX_FIELD_BYTES,
        fields: MAX_FIELDS,
        parts: MAX_PARTS,
      },
    });
  } catch {
    return null;
  }
}

function toBytes(megabytes: number): number {
  return Math.floor(megabytes * 1024 * 1024);
}
