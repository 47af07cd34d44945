import { randomUUID } from "node:crypto";
import { DocentError, isDocentError } from "../../core/errors.ts";
import type { Attachment, Incoming } from "../../core/incoming.ts";
import type { Accepted, Docent } from "../../core/ports/docent.ts";
import type { Blobs, LoggedMessage, MessageLog } from "../../core/ports/stores.ts";
import type { Clock } from "../../core/ports/system.ts";
import { KNOWLEDGE_CHANNEL, toChannel } from "./channel-name.ts";
import { badRequest } from "./error-response.ts";
import { readJsonBody } from "./json-body.ts";
import { readUploadForm, removeUploads, type UploadedFile, type UploadForm, type UploadLimits } from "./upload-form.ts";

/**
 * What an answer needs to write down its question first, should the process have died between accepting and logging.
 * Core keeps it with the turn and hands it back with every part of the answer.
 */
export interface ReplyTo {
  readonly question: Pick<LoggedMessage, "id" | "channel" | "text" | "createdAt">;
}

export interface PostDeps {
  readonly docent: Docent;
  readonly messages: MessageLog;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly limits: UploadLimits;
}

export interface Posted {
  readonly message: LoggedMessage;
  readonly accepted: Accepted;
  readonly isNew: boolean;
}

const ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Refusals that come before anything was stored: the uploaded bytes belong to nobody. */
const REFUSALS = ["question_empty", "question_too_long", "uploads_off", "storage_full", "stopping", "busy"] as const;

/**
 * Takes a question or a note. First core accepts it, then it is logged: a crash in between is healed by the page, which
 * repeats the message with the same id, and by the answer, which brings its question along.
 */
export async function postMessage(request: Request, name: string, locale: string, deps: PostDeps): Promise<Posted> {
  const form = await readForm(request, locale, deps);
  // Browsers write line ends of a form as CRLF, whatever was typed.
  const question = (form.fields.get("text") ?? "").replace(/\r\n?/g, "\n").trim();
  if (question === "" && form.files.length === 0) {
    throw new DocentError("question_empty", "A posted message has neither text nor files.");
  }
  const channel = toChannel(name);
  const kind = question === "" ? "note" : "question";
  const id = await toId(form, locale, deps.blobs);
  const incoming = toIncoming(form, { id, channel, kind, text: question, locale }, deps.clock.now());
  const accepted = await accept(incoming, form.files, deps);
  const message: LoggedMessage = {
    ...toLogged(incoming),
    kind,
    files: toFiles(incoming, accepted),
    turnId: accepted.turn?.id ?? null,
  };
  const { isNew } = await deps.messages.append(message);
  return { message, accepted, isNew };
}

/** Takes files for the whole workspace. */
export async function postKnowledge(request: Request, locale: string, deps: PostDeps): Promise<Accepted> {
  const form = await readUploadForm(request, deps.blobs, deps.limits, locale);
  if (form.files.length === 0) throw badRequest("web.reason_no_files", locale);
  const id = await toId(form, locale, deps.blobs);
  const about = { id, channel: KNOWLEDGE_CHANNEL, kind: "knowledge", text: "", locale } as const;
  const incoming = toIncoming(form, about, deps.clock.now());
  return accept(incoming, form.files, deps);
}

/** Writes down the question of an answer; does nothing when it is there, which is nearly always. */
export async function logQuestion(
  replyTo: unknown,
  turnId: string,
  docent: Docent,
  messages: MessageLog,
): Promise<void> {
  if (!isReplyTo(replyTo)) return;
  const { question } = replyTo;
  const documents = await docent.documents({ kind: "channel", key: question.channel });
  const files = documents
    .filter((document) => document.messageKey === question.id)
    .map((document) => ({ documentId: document.id, name: document.name }));
  const kind = question.text === "" ? "note" : "question";
  await messages.append({ ...question, author: "you", kind, citations: [], usage: null, files, turnId });
}

async function readForm(request: Request, locale: string, deps: PostDeps): Promise<UploadForm> {
  const isJson = /^application\/json\b/i.test(request.headers.get("content-type") ?? "");
  return isJson ? readJsonBody(request, locale) : readUploadForm(request, deps.blobs, deps.limits, locale);
}

/** The client's own id, which makes a repeat of the same message the same message; else a fresh one. */
async function toId(form: UploadForm, locale: string, blobs: Blobs): Promise<string> {
  const id = form.fields.get("id") ?? randomUUID();
  if (ID.test(id)) return id;
  await removeUploads(form.files, blobs);
  throw badRequest("web.reason_id", locale);
}

function toIncoming(
  form: UploadForm,
  about: Pick<Incoming, "channel" | "kind" | "text" | "locale"> & { readonly id: string },
  sentAt: number,
): Incoming {
  const { id, channel, kind, text, locale } = about;
  const key = `${channel.key}:${id}`;
  const replyTo: ReplyTo = { question: { id: key, channel: channel.key, text, createdAt: sentAt } };
  return {
    key,
    bot: "web",
    kind,
    channel,
    conversation: channel.key,
    author: { id: "web", name: null },
    text,
    context: null,
    attachments: form.files.map((file, index) => toAttachment(file, `${key}:${index}`)),
    locale,
    replyTo,
    sentAt,
  };
}

function toAttachment(file: UploadedFile, key: string): Attachment {
  const { name, sizeBytes, blobId, problem } = file;
  return {
    key,
    name,
    sizeBytes,
    reference: null,
    ...(blobId === null ? {} : { blobId }),
    ...(problem === null ? {} : { problem }),
  };
}

/** Accepts, and removes uploaded bytes that turn out to be nobody's: refused, or brought again by a repeat. */
async function accept(incoming: Incoming, files: readonly UploadedFile[], deps: PostDeps): Promise<Accepted> {
  try {
    const accepted = await deps.docent.accept(incoming);
    // A repeat brings bytes that lie here already: the documents keep the first ones.
    const used = new Set(accepted.documents.map(({ blobId }) => blobId));
    await removeUploads(
      files.filter(({ blobId }) => !used.has(blobId)),
      deps.blobs,
    );
    return accepted;
  } catch (error) {
    // Other errors leave open whether core has it: rather a file too many than an accepted question without its file.
    if (REFUSALS.some((code) => isDocentError(error, code))) await removeUploads(files, deps.blobs);
    throw error;
  }
}

function toLogged(incoming: Incoming): Omit<LoggedMessage, "kind" | "files" | "turnId"> {
  const { key, channel, text, sentAt } = incoming;
  return { id: key, channel: channel.key, author: "you", text, citations: [], usage: null, createdAt: sentAt };
}

function toFiles(incoming: Incoming, accepted: Accepted): LoggedMessage["files"] {
  return incoming.attachments.flatMap((attachment) => {
    const document = accepted.documents.find(({ attachmentKey }) => attachmentKey === attachment.key);
    return document === undefined ? [] : [{ documentId: document.id, name: document.name }];
  });
}

function isReplyTo(value: unknown): value is ReplyTo {
  return typeof value === "object" && value !== null && "question" in value;
}
