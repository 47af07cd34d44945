import { badRequest } from "./error-response.ts";
import type { UploadForm } from "./upload-form.ts";

const MAX_BYTES = 2_000_000;

/** Reads `{"text","id"}` as a form without files. @throws DocentError `bad_request` */
export async function readJsonBody(request: Request, locale: string): Promise<UploadForm> {
  const value = parse(await readText(request, MAX_BYTES));
  if (typeof value !== "object" || value === null || !("text" in value) || typeof value.text !== "string") {
    throw badRequest("web.reason_body", locale);
  }
  const fields = new Map([["text", value.text]]);
  if ("id" in value && typeof value.id === "string") fields.set("id", value.id);
  return { fields, files: [] };
}

/** The body as text, or null when it is longer than `maxBytes`: nobody makes us hold more. */
export async function readText(request: Request, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(body: string | null): unknown {
  if (body === null) return null;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
