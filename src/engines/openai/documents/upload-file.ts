import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { toStreamingFile, type OpenAI } from "openai";
import type { ReadableDocument } from "../../../core/document.ts";
import { DocentError } from "../../../core/errors.ts";
import type { Clock, Lock } from "../../../core/ports/system.ts";
import { isAmbiguous, isTransient, readFailure, toEngineError } from "../errors.ts";
import { LONGEST_RETRY_AFTER_MS, toPauseMs, type OpenAIClient } from "../openai-client.ts";
import { toFileText, type UploadForm } from "./upload-form.ts";
import { toUploadName } from "./upload-name.ts";

const TRIES = 4;
const SLOWEST_BYTES_PER_MS = 200;
/** How many of the newest files are looked through for one whose upload was not answered. */
const LOOK_BACK = 100;

export interface Uploaded {
  readonly fileId: string;
  readonly sizeBytes: number;
}

/** An upload that was not answered: what to look for, and in which time it may have arrived. */
export interface UnsureUpload {
  readonly name: string;
  readonly purpose: "vision" | "user_data";
  readonly sizeBytes: number;
  /** Seconds since the epoch, when its first attempt began. */
  readonly since: number;
  /** When its latest attempt has ended in any case. Files that are younger are somebody else's. */
  readonly until?: number;
}

/** The clocks of two machines. */
export const CLOCKS_DIFFER_S = 60;

export interface UploadDeps {
  readonly client: OpenAIClient;
  readonly clock: Clock;
  readonly lock: Lock;
  /** Whether a file is known to be a document's. */
  readonly isOwned: (fileId: string) => Promise<boolean>;
  /** By document: files that may have arrived without our knowing. */
  readonly unsure: Map<string, UnsureUpload>;
}

const ATTEMPTED = "Uploading a document";

/**
 * Files carry no mark of ours: one whose upload was not answered is known by its name, size and time. So of all that
 * look alike, over all replicas, one is uploaded or looked for at a time, until it is known whose it is.
 */
export function toUploadLock({ purpose, name, sizeBytes }: Omit<UnsureUpload, "since">): string {
  return `uploading ${purpose} ${sizeBytes} ${name}`;
}

/**
 * Uploads a document's bytes, streamed from the disk, or its text. After an attempt without an answer, also one of an
 * earlier call, it looks whether the file arrived before it sends it again, so that no copy is left behind that nobody
 * would ever delete.
 * @throws DocentError `file_refused_by_engine`, `file_too_large`, or a code that means: not now
 */
export async function uploadFile(
  readable: ReadableDocument,
  deps: UploadDeps & {
    readonly form: UploadForm;
    readonly signal: AbortSignal;
    /** Awaited before anything is sent. */
    readonly onBegin: (upload: UnsureUpload) => Promise<void>;
    /** Awaited when it is certain that no attempt has left a file. */
    readonly onRefused: () => Promise<void>;
    /** Awaited before another file that looks alike is uploaded or looked for. */
    readonly onArrived: (fileId: string) => Promise<void>;
  },
): Promise<Uploaded> {
  const { client, clock, lock, form, unsure, signal } = deps;
  const { document } = readable;
  const name = toUploadName(document, form);
  const text = form === "text" ? Buffer.from(toFileText(document, await readable.pages())) : null;
  const type = text === null ? document.type?.mimeType : "text/plain";
  const purpose = document.type?.kind === "image" ? "vision" : "user_data";
  return await readable.withFile(async (path) => {
    const size = text?.byteLength ?? (await stat(path)).size;
    return await lock(toUploadLock({ purpose, name, sizeBytes: size }), async () => {
      const fileId = await send(path, size);
      await deps.onArrived(fileId);
      return { fileId, sizeBytes: size };
    });
  });

  async function send(path: string, size: number): Promise<string> {
    let since: number | undefined;
    let isUnsure = unsure.has(document.id);
    for (let attempt = 1; ; attempt += 1) {
      const arrived = await findArrived(document.id, deps);
      if (arrived !== undefined) return arrived;
      const now = Math.floor(clock.now() / 1000);
      const timeout = client.timeoutMs + Math.ceil(size / SLOWEST_BYTES_PER_MS);
      since ??= now;
      const wanted = { name, purpose, sizeBytes: size, since, until: now + Math.ceil(timeout / 1000) } as const;
      await deps.onBegin(wanted);
      const bytes = text === null ? createReadStream(path) : Readable.from([text]);
      // Whoever reads it sees its errors; without a listener one that comes after the request would end the process.
      bytes.on("error", (error: Error) => void error);
      try {
        const file = await client.sdk.files.create(
          { file: toStreamingFile(bytes, name, { type }), purpose },
          { timeout, signal },
        );
        return file.id;
      } catch (error) {
        isUnsure ||= signal.aborted || isAmbiguous(error);
        if (isUnsure) unsure.set(document.id, wanted);
        else await deps.onRefused();
        signal.throwIfAborted();
        const pauseMs = toPauseMs(error, attempt);
        const isHopeless = attempt >= TRIES || pauseMs > LONGEST_RETRY_AFTER_MS || !isTransient(error);
        if (isHopeless) throw toUploadError(error, readable, client.model);
        await clock.sleep(pauseMs, signal);
      } finally {
        bytes.destroy();
      }
    }
  }
}

/** The file of an upload that was not answered, if it arrived. To be called under `toUploadLock`. */
export async function findArrived(
  documentId: string,
  { client, isOwned, unsure, signal }: UploadDeps & { readonly signal?: AbortSignal },
): Promise<string | undefined> {
  const wanted = unsure.get(documentId);
  if (wanted === undefined) return undefined;
  const query = { purpose: wanted.purpose, order: "desc", limit: LOOK_BACK } as const;
  const page = await client.patiently(ATTEMPTED, async () => await client.sdk.files.list(query, { signal }), {
    signal,
  });
  unsure.delete(documentId);
  for (const { id } of page.data.filter((file) => mayBeOurs(file, wanted))) if (!(await isOwned(id))) return id;
  return undefined;
}

/** By all that a file tells: files carry no mark of ours. */
export function mayBeOurs(file: OpenAI.FileObject, { name, sizeBytes, since, until }: UnsureUpload): boolean {
  const isInTime =
    file.created_at >= since - CLOCKS_DIFFER_S && (until === undefined || file.created_at <= until + CLOCKS_DIFFER_S);
  return file.filename === name && file.bytes === sizeBytes && isInTime;
}

function toUploadError(error: unknown, { document }: ReadableDocument, model: string): DocentError {
  const translated = toEngineError(error, ATTEMPTED, model);
  const { status } = readFailure(error) ?? {};
  const details = { name: document.name };
  if (status === 413)
    return new DocentError("file_too_large", translated.message, { details: { ...details, maxMb: 512 } });
  if (status === 400 || status === 415 || status === 422) {
    return new DocentError("file_refused_by_engine", translated.message, { details });
  }
  return translated;
}
