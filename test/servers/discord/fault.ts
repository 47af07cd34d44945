import type { IncomingMessage, ServerResponse } from "node:http";

export type Json = { readonly [key: string]: unknown };

/** What a route answers; no body for 204. */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Discord's JSON error codes that Docent can meet: status and sentence (topics/opcodes-and-status-codes.mdx). */
const ERRORS = {
  10003: [404, "Unknown Channel"],
  10004: [404, "Unknown Guild"],
  10008: [404, "Unknown Message"],
  10013: [404, "Unknown User"],
  10014: [400, "Unknown Emoji"],
  10015: [404, "Unknown Webhook"],
  10062: [404, "Unknown interaction"],
  30046: [400, "Maximum number of edits to messages older than 1 hour reached. Try again later"],
  40060: [400, "Interaction has already been acknowledged."],
  50001: [403, "Missing Access"],
  50005: [403, "Cannot edit a message authored by another user"],
  50006: [400, "Cannot send an empty message"],
  50007: [403, "Cannot send messages to this user"],
  50008: [400, "Cannot send messages in a non-text channel"],
  50013: [403, "Missing Permissions"],
  50021: [403, "Cannot execute action on a system message"],
  50024: [400, "Cannot execute action on this channel type"],
  50027: [401, "Invalid Webhook Token"],
  50035: [400, "Invalid Form Body"],
  50083: [400, "Thread is archived"],
  50109: [400, "The request body contains invalid JSON."],
  160002: [400, "Cannot reply without permission to read message history"],
  160004: [400, "A thread has already been created for this message"],
  160005: [400, "Thread is locked"],
} as const;

export type FaultCode = keyof typeof ERRORS | 0;

/** An error with Discord's body: `{"code", "message", "errors"}`. */
export class ApiFault extends Error {
  readonly status: number;
  readonly code: FaultCode;
  readonly errors: Json | undefined;

  constructor(code: FaultCode, options: { status?: number; message?: string; errors?: Json } = {}) {
    const [status, message] = code === 0 ? [400, "Bad Request"] : ERRORS[code];
    super(options.message ?? message);
    this.name = "ApiFault";
    this.status = options.status ?? status;
    this.code = code;
    this.errors = options.errors;
  }
}

/** `Invalid Form Body` for one field, by its path. */
export function invalidField(path: string, code: string, message: string): ApiFault {
  const errors = path
    .split(".")
    .reduceRight<Json>((inner, part) => ({ [part]: inner }), { _errors: [{ code, message }] });
  return new ApiFault(50035, { errors });
}

export function toFaultReply({ status, code, message, errors }: ApiFault): Reply {
  return { status, json: { message, code, ...(errors === undefined ? {} : { errors }) } };
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part);
  const text = Buffer.concat(parts).toString();
  if (text === "") return {};
  if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
    throw new ApiFault(50035, { message: "This server takes JSON only." });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiFault(50109);
  }
}

export function sendReply(out: ServerResponse, reply: Reply): void {
  const body = reply.bytes ?? (reply.json === undefined ? "" : JSON.stringify(reply.json));
  const type = reply.json === undefined ? {} : { "content-type": "application/json" };
  out.writeHead(reply.status, { ...type, ...reply.headers });
  out.end(body);
}
