import { createHash } from "node:crypto";

import type { Document } from "../../../core/document.ts";
import { DocentError } from "../../../core/errors.ts";
import type { Question } from "../../../core/ports/engine.ts";
import { listText } from "../../../core/texts/text.ts";
import { toCostUsd } from "../spending/prices.ts";
import type { DocumentRecord } from "../records.ts";

/** "Each file under 50 MB, and 50 MB combined per request" (guides/file-inputs, 2026-11). */
const MAX_MB = 50;
/** Of the 922,000 input tokens that the models take (models page, 2026-11) the conversation needs some. */
const MAX_TOKENS = 800_000;

/** A scan can only be given whole. @throws DocentError `file_too_large`, `file_too_many_tokens` when it cannot be */
export function refuseUnusableScan({ type, name, tokens, sizeBytes }: Document): void {
  if (type?.kind !== "scan") return;
  if ((sizeBytes ?? 0) >= MAX_MB * 1024 * 1024) {
    throw new DocentError("file_too_large", "A scan is too large for a request.", { details: { name, maxMb: MAX_MB } });
  }
  if ((tokens ?? 0) > MAX_TOKENS) {
    throw new DocentError("file_too_many_tokens", "A scan is too long for the model.", {
      details: { name, tokens: tokens ?? 0, maxTokens: MAX_TOKENS },
    });
  }
}

/**
 * Which scans a question is about, and which of them may be paid for: somebody was told the cost in this conversation,
 * by another question, and asked again: the same, or by the scan's name, or with the scan attached.
 */
export async function judgeScans(
  question: Question,
  recordOf: (documentId: string) => Promise<DocumentRecord | undefined>,
): Promise<{ readonly wanted: ReadonlySet<string>; readonly agreed: ReadonlySet<string> }> {
  const wanted = new Set<string>();
  const agreed = new Set<string>();
  const attached = new Set(question.attached.map(({ document }) => document.id));
  for (const { document } of [...question.attached, ...question.available]) {
    if (document.type?.kind !== "scan") continue;
    const offer = (await recordOf(document.id))?.offered?.[question.conversation];
    const isSame = offer?.question === toQuestionHash(question);
    if (!attached.has(document.id) && !isSame && !isNamed(document, question.text)) continue;
    wanted.add(document.id);
    // A repeat of the very turn that told it, after a crash, is nobody's consent.
    if (offer !== undefined && offer.turnId !== question.turnId) agreed.add(document.id);
  }
  return { wanted, agreed };
}

/** What people are told before a model looks at the pages of scans. */
export function toScanCosts(scans: readonly Document[], model: string, locale: string): DocentError {
  const sum = (count: (scan: Document) => number): number => scans.reduce((total, scan) => total + count(scan), 0);
  const tokens = sum((scan) => scan.tokens ?? 0);
  const usd = toCostUsd(model, { inputTokens: tokens, cachedInputTokens: 0, outputTokens: 0, searches: 0 });
  return new DocentError("scan_costs", "Reading scans costs more than is spent without asking.", {
    details: {
      name: listText(
        scans.map(({ name }) => name),
        locale,
      ),
      pages: sum((scan) => scan.pages ?? 1),
      tokens,
      cost: usd ?? "$?",
    },
  });
}

/** The question itself is not kept. */
export function toQuestionHash({ text, context }: Pick<Question, "text" | "context">): string {
  return createHash("sha256")
    .update(JSON.stringify([text.trim(), context]))
    .digest("base64url");
}

/** Whether a text names a file, with or without its extension, as words of their own: `doc.pdf` is not in "document". */
function isNamed({ name }: Document, text: string): boolean {
  const stem = fold(name.replace(/^.*\//, "").replace(/\.pdf$/i, ""));
  if (stem.length < 3) return false;
  const asked = fold(text);
  for (let at = asked.indexOf(stem); at >= 0; at = asked.indexOf(stem, at + 1)) {
    const isStart = !/[\p{L}\p{N}]$/u.test(asked.slice(0, at));
    // Particles stand at the end of Korean and Japanese words.
    const isEnd = !/^[a-z0-9]/.test(asked.slice(at + stem.length));
    if (isStart && isEnd) return true;
  }
  return false;
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
