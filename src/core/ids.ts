import { createHash } from "node:crypto";

/** 128 bits of SHA-256, in letters that fit a Discord nonce (25 characters) and a file name. */
function shortHash(input: string): string {
  return createHash("sha256").update(input).digest().subarray(0, 16).toString("base64url");
}

/** The turn that a message begins: the same for every delivery of it. */
export function toTurnId(incomingKey: string): string {
  return `t_${shortHash(`turn:${incomingKey}`)}`;
}

/** The key of a question that is asked once more by its button: the same button pressed twice is one question. */
export function toAgainKey(incomingKey: string): string {
  return `${incomingKey}~again`;
}

/** The document that an attachment becomes in a scope: the same for every delivery of it. */
export function toDocumentId(scopeKey: string, attachmentKey: string): string {
  return `d_${shortHash(`document:${scopeKey}:${attachmentKey}`)}`;
}

/** One part of a turn's answer; 24 characters. */
export function toPartId(turnId: string, part: number): string {
  return `m_${shortHash(`part:${turnId}:${part}`)}`;
}
