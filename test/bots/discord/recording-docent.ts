import type { Document, Scope } from "../../../src/core/document.ts";
import { toDocumentId, toPartId, toTurnId } from "../../../src/core/ids.ts";
import type { Incoming } from "../../../src/core/incoming.ts";
import type { Bot, OutgoingMessage } from "../../../src/core/ports/bot.ts";
import type { Command, CommandReply } from "../../../src/core/ports/command.ts";
import type { Docent } from "../../../src/core/ports/docent.ts";
import { isFinal, type TurnView } from "../../../src/core/turn.ts";
import { sampleDocument } from "../../fakes/sample-data.ts";

/** Core that writes down what a bot hands it, and answers when the test says so. */
export interface RecordingDocent extends Docent {
  bot: Bot | null;
  /** Each message once, as the inbox keeps it. */
  readonly accepted: readonly Incoming[];
  /** Every delivery. */
  readonly deliveries: readonly string[];
  readonly commands: readonly Command[];
  /** What else was called, e.g. `messageDeleted discord:1:2`. */
  readonly calls: readonly string[];
  readonly documentsKept: Map<string, Document>;
  /** Called before a message is accepted; may throw. */
  onAccept: (incoming: Incoming) => void | Promise<void>;
  /** Called before anything of `calls` is written down; may throw. */
  onCall: () => void;
  reply: (command: Command) => CommandReply | Promise<null>;
  /** What `cancel`, `retry` and `feedback` answer. */
  isKnown: boolean;
  /** Resolves with the n-th message (from 0). */
  nth(index: number): Promise<Incoming>;
  /** Resolves when `check` gives something; it is asked again after every call. */
  until<T>(check: () => T | undefined | false): Promise<T>;
  show(incoming: Incoming, change: Partial<TurnView>): Promise<void>;
  outgoing(incoming: Incoming, change?: Partial<OutgoingMessage>): OutgoingMessage;
  /** Posts an answer and ends the turn, as core does. */
  answer(incoming: Incoming, text: string, change?: Partial<OutgoingMessage>): Promise<string>;
}

export function createRecordingDocent(): RecordingDocent {
  const accepted = new Map<string, Incoming>();
  const deliveries: string[] = [];
  const commands: Command[] = [];
  const calls: string[] = [];
  const documentsKept = new Map<string, Document>();
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const look of watchers) look();
  };
  const views = new Map<string, TurnView>();
  const called = async <T>(call: string, result: T): Promise<T> => {
    docent.onCall();
    calls.push(call);
    changed();
    return await Promise.resolve(result);
  };
  const viewOf = (incoming: Incoming, change: Partial<TurnView> = {}): TurnView => ({
    id: toTurnId(incoming.key),
    state: "queued",
    detail: null,
    position: 0,
    channel: incoming.channel.key,
    replyTo: incoming.replyTo,
    ...change,
  });

  const docent: RecordingDocent = {
    bot: null,
    get accepted() {
      return [...accepted.values()];
    },
    deliveries,
    commands,
    calls,
    documentsKept,
    onAccept: () => undefined,
    onCall: () => undefined,
    reply: ({ name }) => ({ text: `reply to ${name}`, isPrivate: true, actions: [] }),
    isKnown: true,
    async accept(incoming) {
      deliveries.push(incoming.key);
      await docent.onAccept(incoming);
      const isNew = !accepted.has(incoming.key);
      if (isNew) accepted.set(incoming.key, incoming);
      const scopeKey = incoming.kind === "knowledge" ? incoming.channel.workspace : incoming.channel.key;
      const documents = incoming.attachments.map((attachment) => {
        const id = toDocumentId(scopeKey, attachment.key);
        const found = documentsKept.get(id);
        if (found !== undefined) return found;
        const document = sampleDocument({
          id,
          scope: { kind: incoming.kind === "knowledge" ? "workspace" : "channel", key: scopeKey },
          messageKey: incoming.key,
          bot: incoming.bot,
          reference: attachment.reference,
          name: attachment.name,
          state: attachment.problem === undefined ? "noted" : "failed",
          problem: attachment.problem ?? null,
        });
        documentsKept.set(id, document);
        return document;
      });
      for (const document of documents) await docent.bot?.showDocument(document, "changed");
      changed();
      if (incoming.kind !== "question") return { turn: null, documents, isNew };
      const turn = views.get(toTurnId(incoming.key)) ?? viewOf(incoming);
      views.set(turn.id, turn);
      return { turn, documents, isNew };
    },
    turn: (turnId) => Promise.resolve(views.get(turnId)),
    cancel: (turnId) => called(`cancel ${turnId}`, docent.isKnown),
    documents: (scope: Scope) =>
      Promise.resolve(
        [...documentsKept.values()].filter((each) => each.scope.kind === scope.kind && each.scope.key === scope.key),
      ),
    document: () => Promise.resolve(undefined),
    async removeDocument(id) {
      const document = documentsKept.get(id);
      documentsKept.delete(id);
      if (document !== undefined) await docent.bot?.showDocument(document, "removed");
      return await called(`removeDocument ${document?.name}`, document && { done: Promise.resolve() });
    },
    messageDeleted: (key) => called(`messageDeleted ${key}`, undefined),
    startOver: ({ conversation }) => called(`startOver ${conversation}`, undefined),
    command(command) {
      commands.push(command);
      changed();
      return Promise.resolve(docent.reply(command));
    },
    feedback: (turnId, userId, verdict) => called(`feedback ${turnId} ${userId} ${verdict}`, docent.isKnown),
    usage: () => Promise.reject(new Error("Only the web page asks for this.")),
    usageRows: () => {
      throw new Error("Only the web page asks for this.");
    },
    retry: (turnId) => called(`retry ${turnId}`, docent.isKnown),
    forgetWorkspace: (workspace) => called(`forgetWorkspace ${workspace}`, undefined),
    forget: (channel) =>
      called(`forget ${channel.key}`, { done: Promise.resolve({ messages: 0, documents: 0, conversations: 0 }) }),
    nth: (index) => docent.until(() => docent.accepted[index]),
    until: (check) =>
      new Promise((resolve) => {
        const look = (): void => {
          const value = check();
          if (value === undefined || value === false) return;
          watchers.delete(look);
          resolve(value);
        };
        watchers.add(look);
        look();
      }),
    async show(incoming, change) {
      const view = viewOf(incoming, change);
      views.set(view.id, view);
      await docent.bot?.showTurn(view);
    },
    outgoing: (incoming, change = {}) => ({
      id: toPartId(toTurnId(incoming.key), (change.part ?? 1) - 1),
      turnId: toTurnId(incoming.key),
      kind: "answer",
      canRetry: change.kind === "error",
      part: 1,
      isRepeat: false,
      parts: 1,
      text: "Two months.",
      citations: [],
      usage: null,
      channel: incoming.channel,
      replyTo: incoming.replyTo,
      locale: "en",
      ...change,
    }),
    async answer(incoming, text, change = {}) {
      const outgoing = docent.outgoing(incoming, { text, ...change });
      const id = (await docent.bot?.send(outgoing)) ?? "";
      if (outgoing.part === outgoing.parts) {
        const state = outgoing.kind === "error" ? "failed" : "answered";
        if (isFinal(state)) await docent.show(incoming, { state });
      }
      return id;
    },
  };
  return docent;
}
