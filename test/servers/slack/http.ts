import type { IncomingMessage, ServerResponse } from "node:http";
import type { Json } from "./world.ts";

/** A refusal in Slack's manner: HTTP 200 with `ok: false` and an error's name. */
export class SlackRefusal extends Error {
  readonly error: string;
  readonly extra: Json;

  constructor(error: string, extra: Json = {}) {
    super(error);
    this.name = "SlackRefusal";
    this.error = error;
    this.extra = extra;
  }
}

export function refuse(error: string, extra: Json = {}): never {
  throw new SlackRefusal(error, extra);
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Arguments of a call: JSON, or a form whose nested values are JSON and whose other values are strings. */
export function parseArgs(body: string, contentType: string): Json {
  if (contentType.startsWith("application/json")) return JSON.parse(body || "{}") as Json;
  const args: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(body)) args[key] = toValue(value);
  return args;
}

function toValue(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export function sendJson(out: ServerResponse, json: Json, headers: Readonly<Record<string, string>> = {}): void {
  out.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(json));
}

export function textOf(args: Json, name: string): string {
  const value = args[name];
  if (typeof value === "string" && value !== "") return value;
  return refuse("invalid_arguments", { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } });
}

/** A value of a request as text; nothing for what is no plain value. */
export function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `${value}` : "";
}
