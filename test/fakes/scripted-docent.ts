import type { Citation, Document, FileType, Page, ReadableDocument } from "../../src/core/document.ts";
import type { Attachment, Incoming } from "../../src/core/incoming.ts";
import type { Bot } from "../../src/core/ports/bot.ts";
import type { Docent } from "../../src/core/ports/docent.ts";
import type { NamedUsageRow, UsageReport } from "../../src/core/ports/usage-report.ts";
import type { Blobs } from "../../src/core/ports/stores.ts";
import type { DocentError } from "../../src/core/errors.ts";
import { isFinal, type TurnState, type TurnView, type Usage } from "../../src/core/turn.ts";

export interface ScriptedAnswer {
  readonly kind?: "answer" | "error" | "notice";
  readonly text: string;
  readonly citations?: readonly Citation[];
  readonly usage?: Usage | null;
}

/** What a test makes core do next, and what it looks up. */
export interface ScriptedDocent extends Docent {
  /** The bot that is shown what happens. */
  bot: Pick<Bot, "send" | "showTurn" | "showDocument" | "forgetChannel"> | null;
  /** Called for each new question; it may call `show` and `answer`, now or later. */
  onQuestion: ((turnId: string, incoming: Incoming) => void) | null;
  /** The next `accept` throws this. */
  refuseWith: DocentError | null;
  /** Reads a file that was posted: its pages, and changes to its document. */
  read: (attachment: Attachment) => { readonly pages: readonly Page[]; readonly change?: Partial<Document> };
  /** What was used in so many days. */
  report: (days: number) => UsageReport;
  reportRows: (days: number) => AsyncIterable<NamedUsageRow>;
  readonly accepted: readonly Incoming[];
  readonly turns: ReadonlyMap<string, TurnView>;
  show(turnId: string, change: Partial<Pick<TurnView, "state" | "detail" | "position">>): Promise<void>;
  answer(turnId: string, answer: ScriptedAnswer): Promise<void>;
  changeDocument(documentId: string, change: Partial<Document>): Promise<void>;
  documentsOf(turnId: string): readonly Document[];
}

const PDF: FileType = { kind: "pdf", mimeType: "application/pdf", extension: "pdf" };
const TEXT: FileType = { kind: "text", mimeType: "text/plain", extension: "txt" };

/** Core as a test writes it: it accepts, remembers, and does nothing by itself. */
export function createScriptedDocent(blobs: Blobs): ScriptedDocent {
  const turns = new Map<string, TurnView>();
  const incomings = new Map<string, Incoming>();
  const documents = new Map<string, Document>();
  const pages = new Map<string, readonly Page[]>();

  const docent: ScriptedDocent = {
    bot: null,
    onQuestion: null,
    refuseWith: null,
    read: () => ({ pages: [{ number: 1, text: "One page." }] }),
    report: () => {
      throw new Error("No usage was set up.");
    },
    async *reportRows() {},
    turns,
    get accepted() {
      return [...incomings.values()];
    },
    accept(incoming) {
      const refusal = docent.refuseWith;
      docent.refuseWith = null;
      if (refusal !== null) return Promise.reject(refusal);
      const turnId = `turn-${incoming.key.replace(/\W/g, "-")}`;
      const isNew = !incomings.has(incoming.key);
      if (isNew) incomings.set(incoming.key, incoming);
      if (isNew) for (const attachment of incoming.attachments) addDocument(attachment, incoming);
      const { key } = incoming.channel;
      const view = { id: turnId, state: "queued", detail: null, position: 0, channel: key, replyTo: incoming.replyTo };
      if (isNew && incoming.kind === "question") {
        turns.set(turnId, view as TurnView);
        queueMicrotask(() => docent.onQuestion?.(turnId, incoming));
      }
      const found = [...documents.values()].filter(({ messageKey }) => messageKey === incoming.key);
      return Promise.resolve({ turn: turns.get(turnId) ?? null, documents: found, isNew });
    },
    turn: (turnId) => Promise.resolve(turns.get(turnId)),
    async cancel(turnId) {
      const turn = turns.get(turnId);
      if (turn === undefined || isFinal(turn.state)) return false;
      await docent.show(turnId, { state: "cancelled", detail: null });
      await post(turnId, { kind: "error", text: "Stopped." });
      return true;
    },
    documents: (scope) =>
      Promise.resolve(
        [...documents.values()].filter(
          (document) => document.scope.kind === scope.kind && document.scope.key === scope.key,
        ),
      ),
    document(documentId) {
      const document = documents.get(documentId);
      return Promise.resolve(document === undefined ? undefined : toReadable(document));
    },
    async removeDocument(documentId) {
      const document = documents.get(documentId);
      if (document === undefined) return undefined;
      documents.delete(documentId);
      if (document.blobId !== null) await blobs.remove(document.blobId);
      await docent.bot?.showDocument(document, "removed");
      return { done: Promise.resolve() };
    },
    messageDeleted: () => Promise.resolve(),
    startOver: () => Promise.resolve(),
    command: ({ name }) => Promise.resolve({ text: name, isPrivate: true, actions: [] }),
    feedback: (turnId) => Promise.resolve(turns.has(turnId)),
    usage: (days) => Promise.resolve(docent.report(days)),
    usageRows: (days) => docent.reportRows(days),
    retry: (turnId) => Promise.resolve(turns.has(turnId)),
    forgetWorkspace: () => Promise.resolve(),
    async forget(channel) {
      for (const turn of turns.values()) if (turn.channel === channel.key) turns.delete(turn.id);
      const own = [...documents.values()].filter(({ scope }) => scope.kind === "channel" && scope.key === channel.key);
      for (const { id } of own) await docent.removeDocument(id);
      const messages = (await docent.bot?.forgetChannel(channel, Number.POSITIVE_INFINITY)) ?? 0;
      return { done: Promise.resolve({ messages, documents: own.length, conversations: 1 }) };
    },
    async show(turnId, change) {
      const turn = { ...turnOf(turnId), ...change };
      turns.set(turnId, turn);
      await docent.bot?.showTurn(turn);
    },
    async answer(turnId, answer) {
      const state: TurnState = answer.kind === "error" ? "failed" : "answered";
      await docent.show(turnId, { state, detail: null, position: null });
      await post(turnId, answer);
    },
    async changeDocument(documentId, change) {
      const before = documents.get(documentId);
      if (before === undefined) throw new Error(`No document ${documentId}`);
      const document = { ...before, ...change };
      documents.set(documentId, document);
      await docent.bot?.showDocument(document, "changed");
    },
    documentsOf: (turnId) => {
      const key = [...incomings.keys()].find((candidate) => turnId === `turn-${candidate.replace(/\W/g, "-")}`);
      return [...documents.values()].filter(({ messageKey }) => messageKey === key);
    },
  };
  return docent;

  function turnOf(turnId: string): TurnView {
    const turn = turns.get(turnId);
    if (turn === undefined) throw new Error(`No turn ${turnId}`);
    return turn;
  }

  async function post(turnId: string, answer: ScriptedAnswer): Promise<void> {
    const { channel, replyTo } = turnOf(turnId);
    await docent.bot?.send({
      id: `${turnId}-1`,
      turnId,
      kind: answer.kind ?? "answer",
      canRetry: answer.kind === "error",
      part: 1,
      isRepeat: false,
      parts: 1,
      text: answer.text,
      citations: answer.citations ?? [],
      usage: answer.usage ?? null,
      channel: { key: channel, workspace: "web", isDirect: false, isShared: false },
      replyTo,
      locale: "en",
    });
  }

  function addDocument(attachment: Attachment, incoming: Incoming): void {
    const reading = docent.read(attachment);
    const id = `doc-${attachment.key.replace(/\W/g, "-")}`;
    const isPdf = attachment.name.endsWith(".pdf");
    const { kind, channel } = incoming;
    pages.set(id, reading.pages);
    documents.set(id, {
      id,
      scope:
        kind === "knowledge" ? { kind: "workspace", key: channel.workspace } : { kind: "channel", key: channel.key },
      attachmentKey: attachment.key,
      messageKey: incoming.key,
      bot: incoming.bot,
      reference: attachment.reference,
      name: attachment.name,
      postedBy: incoming.author.id,
      createdAt: incoming.sentAt,
      state: attachment.problem === undefined ? "noted" : "failed",
      problem: attachment.problem ?? null,
      type: isPdf ? PDF : TEXT,
      sizeBytes: attachment.sizeBytes,
      sha256: null,
      pages: isPdf ? reading.pages.length : null,
      unit: isPdf ? "page" : "line",
      tokens: null,
      engines: [],
      blobId: attachment.blobId ?? null,
      ...reading.change,
    });
  }

  function toReadable(document: Document): ReadableDocument {
    return {
      document,
      withFile: (use) => blobs.withFile(document.blobId ?? "", use),
      pages: () => Promise.resolve(pages.get(document.id) ?? []),
    };
  }
}
