import { DocentError, isDocentError } from "../../core/errors.ts";
import type { Attachment } from "../../core/incoming.ts";
import type { Clock } from "../../core/ports/system.ts";
import type { SlackFile } from "./payloads.ts";
import { isFileReference } from "./reply-to.ts";
import type { Room } from "./room.ts";
import { ADD_SCOPE, explainRefusal, refusalOf } from "./slack-api.ts";
import { problemOf } from "./receiving/to-attachment.ts";

type Wanted = Pick<Attachment, "name" | "reference">;

const MAX_REDIRECTS = 5;
/** Until the headers are there; a large file may take much longer. */
const ANSWER_WITHIN_MS = 30_000;
/** A download that stands still this long is given up. */
const NEXT_BYTES_WITHIN_MS = 60_000;
/** What `files.info` and downloads need. */
const SCOPE = "files:read";
const GONE = ["file_not_found", "file_deleted"];

/**
 * Fetches a file's bytes. The URL is asked for afresh, and the token goes to Slack's hosts alone, on every hop.
 * @throws DocentError `file_gone`, `file_forbidden`, `file_too_large`, `file_unsupported`, `file_download_failed`
 */
export async function downloadFile(
  room: Room,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { reference, name } = wanted;
  if (!isFileReference(reference)) throw failed(name, "A file of Slack has no id: it cannot be fetched.");
  const file = await askForFile(room, reference.fileId, name, signal);
  const problem = problemOf(file, name, room.options.maxFileMb);
  if (problem !== null) {
    throw new DocentError(problem.code, `Slack has the file ${reference.fileId} only as ${file.mode ?? "unknown"}.`, {
      details: problem.details,
    });
  }
  const url = file.url_private_download ?? file.url_private;
  if (url === undefined) throw failed(name, `Slack gives no address for the file ${reference.fileId}.`);
  try {
    const response = await fetchFollowing(room, url, name, signal);
    refuseLoginPage(response, file, name);
    if (response.body === null) throw failed(name, "Slack answered without a body.");
    return readAll(response.body, { name, clock: room.options.clock, signal });
  } catch (error) {
    throw toFailure(error, name, signal);
  }
}

async function askForFile(room: Room, id: string, name: string, signal: AbortSignal): Promise<SlackFile> {
  try {
    const answer = await room.api.call<{ file: SlackFile }>("files.info", { file: id }, { isRepeatable: true, signal });
    return answer.file;
  } catch (error) {
    signal.throwIfAborted();
    const reason = explainRefusal("files.info", error);
    const refusal = refusalOf(error);
    if (refusal !== null && GONE.includes(refusal)) {
      throw new DocentError("file_gone", reason, { cause: error, details: { name } });
    }
    room.options.log.warn(`A file could not be fetched. ${reason}`);
    if (refusal === "missing_scope") throw forbidden(name, reason, error);
    throw new DocentError("file_download_failed", reason, { cause: error, details: { name } });
  }
}

async function fetchFollowing(room: Room, first: string, name: string, signal: AbortSignal): Promise<Response> {
  let url = new URL(first);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (!isOurs(url, room.options.apiUrl)) {
      throw failed(name, `A file's address leads to ${url.host}, which is not Slack's: the token stays here.`);
    }
    const response = await fetchHeaders(room, url, name, signal);
    if (response.status === 429) {
      await response.body?.cancel();
      await room.options.clock.sleep(Number(response.headers.get("retry-after") ?? 1) * 1000, signal);
      continue;
    }
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return checkStatus(response, name);
    await response.body?.cancel();
    url = new URL(location, url);
  }
  throw failed(name, `Slack sent a file on more than ${MAX_REDIRECTS} times.`);
}

/** The limit ends with the headers: a signal that goes on counting would end the body, too. */
async function fetchHeaders(room: Room, url: URL, name: string, signal: AbortSignal): Promise<Response> {
  const { botToken, clock } = room.options;
  const late = new AbortController();
  const isThere = onSilence(clock, ANSWER_WITHIN_MS, () =>
    late.abort(failed(name, `Slack did not answer to a download within ${ANSWER_WITHIN_MS / 1000} seconds.`)),
  );
  try {
    return await fetch(url, {
      redirect: "manual",
      headers: { authorization: `Bearer ${botToken}` },
      signal: AbortSignal.any([signal, late.signal]),
    });
  } finally {
    isThere();
  }
}

/** Calls `giveUp` after this long, unless the returned function is called before. */
function onSilence(clock: Clock, ms: number, giveUp: () => void): () => void {
  const heard = new AbortController();
  clock.sleep(ms, heard.signal).then(
    () => (heard.signal.aborted ? undefined : giveUp()),
    () => undefined,
  );
  return () => heard.abort();
}

/** Slack's own hosts, or that of the configured address. */
function isOurs(url: URL, apiUrl: string | undefined): boolean {
  if (apiUrl !== undefined && url.host === new URL(apiUrl).host) return true;
  const isSlack = /(^|\.)(slack\.com|slack-files\.com|slack-edge\.com|slack-gov\.com)$/.test(url.hostname);
  return isSlack && url.protocol === "https:" && url.port === "";
}

function checkStatus(response: Response, name: string): Response {
  if (response.ok) return response;
  if (response.status === 404 || response.status === 410) {
    throw new DocentError("file_gone", "Slack no longer has the file.", { details: { name } });
  }
  throw failed(name, `Slack answered ${response.status} to a download.`);
}

/** With a wrong token or scope Slack answers 200 and its sign-in page (facts S4). */
function refuseLoginPage(response: Response, file: SlackFile, name: string): void {
  const isHtml = /^text\/html\b/i.test(response.headers.get("content-type") ?? "");
  const isAttachment = /^attachment\b/i.test(response.headers.get("content-disposition") ?? "");
  const isHtmlFile = file.filetype === "html" || file.mimetype === "text/html";
  if (!isHtml || (isHtmlFile && isAttachment)) return;
  throw forbidden(
    name,
    `Slack gave its sign-in page in place of a file: the app lacks the scope ${SCOPE}. ${ADD_SCOPE}`,
  );
}

async function* readAll(
  body: ReadableStream<Uint8Array>,
  { name, clock, signal }: { readonly name: string; readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let isStill = false;
  const giveUp = (): void => {
    isStill = true;
    // Ends the read that waits.
    void reader.cancel().catch(() => undefined);
  };
  try {
    for (;;) {
      const hasCome = onSilence(clock, NEXT_BYTES_WITHIN_MS, giveUp);
      const { done, value } = await reader.read().finally(hasCome);
      if (isStill) throw failed(name, "A download from Slack stood still.");
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw toFailure(error, name, signal);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function toFailure(error: unknown, name: string, signal: AbortSignal): unknown {
  if (isDocentError(error)) return error;
  if (signal.aborted) return signal.reason;
  const seen = error instanceof Error ? error.message : String(error);
  return failed(name, `A download from Slack failed: ${seen}`, error);
}

function forbidden(name: string, message: string, cause?: unknown): DocentError {
  return new DocentError("file_forbidden", message, { cause, details: { name, permission: SCOPE } });
}

function failed(name: string, message: string, cause?: unknown): DocentError {
  return new DocentError("file_download_failed", message, { cause, details: { name } });
}
