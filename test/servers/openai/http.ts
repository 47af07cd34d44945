import type { IncomingMessage, ServerResponse } from "node:http";
import type { Json } from "./state.ts";

/** What a route answers. `stream` writes the body itself. */
export type Reply =
  | { readonly status: number; readonly json: Json; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly bytes: Buffer; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly stream: (out: ServerResponse) => void };

/** An error with the vendor's body: `{"error":{"message","type","param","code"}}`. */
export class ApiFault extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly type: string;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { code?: string | null; type?: string; param?: string | null; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "ApiFault";
    this.status = status;
    this.code = options.code ?? null;
    this.type = options.type ?? "invalid_request_error";
    this.param = options.param ?? null;
    this.headers = options.headers ?? {};
  }
}

export function toErrorReply(error: ApiFault): Reply {
  return {
    status: error.status,
    headers: error.headers,
    json: { error: { message: error.message, type: error.type, param: error.param, code: error.code } },
  };
}

export function notFound(what: string, id: string): ApiFault {
  return new ApiFault(404, `No such ${what}: '${id}'.`);
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    if (Buffer.isBuffer(part)) parts.push(part);
  }
  return Buffer.concat(parts);
}

export function send(out: ServerResponse, reply: Reply, requestId: string): void {
  out.setHeader("x-request-id", requestId);
  if ("stream" in reply) {
    out.writeHead(reply.status, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    out.flushHeaders();
    reply.stream(out);
    return;
  }
  const body = "json" in reply ? JSON.stringify(reply.json) : reply.bytes;
  const type = "json" in reply ? "application/json" : "application/octet-stream";
  out.writeHead(reply.status, { "content-type": type, ...reply.headers });
  out.end(body);
}

/** One page of a list, newest first unless `order=asc`, as the vendor's cursors work. */
export function toPage<T>(
  values: readonly T[],
  query: URLSearchParams,
  options: { idOf: (value: T) => string; toJson: (value: T) => Json },
): Json {
  const limit = Number(query.get("limit") ?? "20");
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new ApiFault(400, "Invalid 'limit': it must be between 1 and 100.", {
      param: "limit",
      code: "invalid_value",
    });
  }
  const ordered = query.get("order") === "asc" ? [...values] : values.toReversed();
  const after = query.get("after");
  const start = after === null ? 0 : ordered.findIndex((value) => options.idOf(value) === after) + 1;
  if (after !== null && start === 0) throw new ApiFault(400, `Unknown cursor '${after}'.`, { param: "after" });
  const page = ordered.slice(start, start + limit);
  return {
    object: "list",
    data: page.map(options.toJson),
    first_id: page[0] === undefined ? "" : options.idOf(page[0]),
    last_id: page.at(-1) === undefined ? "" : page.slice(-1).map(options.idOf).join(""),
    has_more: start + limit < ordered.length,
  };
}
