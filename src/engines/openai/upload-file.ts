import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { toStreamingFile, type OpenAI } from "openai";
import type { ReadableDocument } from "../../core/document.ts";
import { DocentError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/system.ts";
import { isAmbiguous, isTransient, readFailure, toEngineError } from "./errors.ts";
import { LONGEST_RETRY_AFTER_MS, toPauseMs, type OpenAIClient } from "./openai-client.ts";
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

/**
 * Uploads a document's bytes, streamed from the disk, or its text. After an attempt without an answer it looks whether the file
 * arrived before it sends it again, so that no copy is left behind that nobody would ever delete.
 * @throws DocentError `file_refused_by_engine`, `file_too_large`, or a code that means: not now
 */
export async function uploadFile(
  readable: ReadableDocument,
  deps: {
    client: OpenAIClient;
    clock: Clock;
    form: UploadForm;
    knownFileIds: ReadonlySet<string>;
    signal: AbortSignal;
  },
): Promise<Uploaded> {
  const { document } = readable;
  const name = toUploadName(document, deps.form);
  const text = deps.form === "text" ? Buffer.from(toFileText(document, await readable.pages())) : null;
  const type = text === null ? document.type?.mimeType : "text/plain";
  const purpose = document.type?.kind === "image" ? "vision" : "user_data";
  const attempted = "Uploading a document";
  return await readable.withFile(async (path) => {
    const size = text?.byteLength ?? (await stat(path)).size;
    const startedAt = Math.floor(deps.clock.now() / 1000);
    for (let attempt = 1; ; attempt += 1) {
      const bytes = text === null ? createReadStream(path) : Readable.from([text]);
      // Whoever reads it sees its errors; without a listener one that comes after the request would end the process.
      bytes.on("error", (error: Error) => void error);
      try {
        const file = await deps.client.sdk.files.create(
          { file: toStreamingFile(bytes, name, { type }), purpose },
          { timeout: deps.client.timeoutMs + Math.ceil(size / SLOWEST_BYTES_PER_MS), signal: deps.signal },
        );
        return { fileId: file.id, sizeBytes: size };
      } catch (error) {
        deps.signal.throwIfAborted();
        const pauseMs = toPauseMs(error, attempt);
        const isHopeless = attempt >= TRIES || pauseMs > LONGEST_RETRY_AFTER_MS || !isTransient(error);
        if (isHopeless) throw toUploadError(error, readable, deps.client.model);
        await deps.clock.sleep(pauseMs, deps.signal);
        const arrived = isAmbiguous(error) ? await findArrived({ name, purpose, size, startedAt }, deps) : undefined;
        if (arrived !== undefined) return { fileId: arrived, sizeBytes: size };
      } finally {
        bytes.destroy();
      }
    }
  });

  async function findArrived(
    wanted: { name: string; purpose: OpenAI.FilePurpose; size: number; startedAt: number },
    { client, knownFileIds, signal }: { client: OpenAIClient; knownFileIds: ReadonlySet<string>; signal: AbortSignal },
  ): Promise<string | undefined> {
    const page = await client.patiently(
      attempted,
      async () => await client.sdk.files.list({ purpose: wanted.purpose, order: "desc", limit: LOOK_BACK }, { signal }),
      { signal },
    );
    // The clocks of two machines: a minute is allowed for.
    const isIt = (file: OpenAI.FileObject): boolean =>
      file.filename === wanted.name &&
      file.bytes === wanted.size &&
      file.created_at >= wanted.startedAt - 60 &&
      !knownFileIds.has(file.id);
    return page.data.find(isIt)?.id;
  }
}

function toUploadError(error: unknown, { document }: ReadableDocument, model: string): DocentError {
  const translated = toEngineError(error, "Uploading a document", model);
  const { status } = readFailure(error) ?? {};
  const details = { name: document.name };
  if (status === 413)
    return new DocentError("file_too_large", translated.message, { details: { ...details, maxMb: 512 } });
  if (status === 400 || status === 415 || status === 422) {
    return new DocentError("file_refused_by_engine", translated.message, { details });
  }
  return translated;
}
