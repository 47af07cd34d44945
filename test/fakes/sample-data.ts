import type { Document } from "../../src/core/document.ts";
import { toTurnId } from "../../src/core/ids.ts";
import type { Incoming } from "../../src/core/incoming.ts";
import type { LoggedMessage } from "../../src/core/ports/stores.ts";
import type { UsageEntry } from "../../src/core/ports/usage-log.ts";
import type { Turn, Usage } from "../../src/core/turn.ts";

/** A question as a bot hands it over; `change` says what matters to the test. */
export function sampleIncoming(change: Partial<Incoming> = {}): Incoming {
  const channel = change.channel ?? { key: "test:general", workspace: "test", isDirect: false, isShared: false };
  return {
    key: "test:general:1",
    bot: "test",
    kind: "question",
    channel,
    conversation: channel.key,
    author: { id: "u1", name: "Kim" },
    text: "How long is the notice period?",
    context: null,
    attachments: [],
    locale: "en",
    replyTo: null,
    sentAt: 1_000,
    ...change,
  };
}

export function sampleTurn(incoming: Incoming): Turn {
  return {
    id: toTurnId(incoming.key),
    incoming,
    createdAt: incoming.sentAt,
    state: "queued",
    detail: null,
    cancelRequested: false,
    runRequestedAt: null,
    run: null,
    answer: null,
    error: null,
    sent: {},
  };
}

/** A PDF that was read. */
export function sampleDocument(change: Partial<Document> = {}): Document {
  return {
    id: "d_sample",
    scope: { kind: "channel", key: "test:general" },
    attachmentKey: "test:f1",
    messageKey: "test:general:0",
    bot: "test",
    reference: null,
    name: "lease.pdf",
    postedBy: "u1",
    createdAt: 1_000,
    state: "ready",
    problem: null,
    type: { kind: "pdf", mimeType: "application/pdf", extension: "pdf" },
    sizeBytes: 10,
    sha256: null,
    pages: 1,
    unit: "page",
    tokens: 10,
    engines: [],
    blobId: null,
    ...change,
  };
}

/** A question on the web page. */
export function sampleMessage(change: Partial<LoggedMessage> = {}): LoggedMessage {
  return {
    id: "m1",
    channel: "web:a",
    author: "you",
    kind: "question",
    text: "How long is the notice period?",
    citations: [],
    turnId: null,
    files: [],
    usage: null,
    createdAt: 1_000,
    ...change,
  };
}

/** What one answer cost. */
export function sampleUsage(change: Partial<Usage> = {}): Usage {
  return {
    model: "gpt-6-luna",
    inputTokens: 1_200,
    cachedInputTokens: 0,
    outputTokens: 80,
    searches: 1,
    costUsd: 0.0031,
    ...change,
  };
}

/** The same, as it is recorded. */
export function sampleUsageEntry(change: Partial<UsageEntry> = {}): UsageEntry {
  return {
    turnId: "t1",
    day: "2026-11-23",
    workspace: "web",
    channel: "web:a",
    userId: "u1",
    at: Date.UTC(2026, 10, 23, 9),
    usage: sampleUsage(),
    ...change,
  };
}
