import { Readable } from "node:stream";
import type { Document } from "../../core/document.ts";
import { DocentError } from "../../core/errors.ts";
import type { Blobs } from "../../core/ports/stores.ts";
import { FILE_POLICY, PDF_POLICY } from "./security-headers.ts";

/** Types that a browser shows by itself and that cannot run anything of their own. */
const SHOWN_AS_THEY_ARE: readonly string[] = ["application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"];

/** A document's bytes, whole or the range that was asked for. @throws DocentError `file_gone` */
export async function toContentResponse(request: Request, document: Document, blobs: Blobs): Promise<Response> {
  const { blobId } = document;
  if (blobId === null) throw new DocentError("file_gone", "A document's bytes were never fetched.");
  const size = await findSize(blobId, document, blobs);
  const range = parseRange(request.headers.get("range"), size);
  const headers = new Headers({ ...toTypeHeaders(document), "accept-ranges": "bytes", "cache-control": "no-store" });

  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  headers.set("content-length", String(end - start + 1));
  if (range !== null) headers.set("content-range", `bytes ${start}-${end}/${size}`);
  const status = range === null ? 200 : 206;
  if (request.method === "HEAD" || size === 0) return new Response(null, { status, headers });
  const bytes = Readable.from(blobs.read(blobId, { start, end }), { objectMode: false });
  return new Response(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, { status, headers });
}

/** A missing file is to be known before the answer has begun. */
async function findSize(blobId: string, { sizeBytes, sha256 }: Document, blobs: Blobs): Promise<number> {
  // What the sender said of it may be wrong; what came with a hash was measured.
  if (sizeBytes === null || sha256 === null) return (await blobs.measure(blobId)).sizeBytes;
  if (!(await blobs.has(blobId))) throw new DocentError("file_gone", "A stored file is missing.");
  return sizeBytes;
}

function toTypeHeaders(document: Document): Record<string, string> {
  const mimeType = document.type?.mimeType ?? "application/octet-stream";
  const isText = document.type?.kind === "text" || document.type?.kind === "table";
  const isShown = isText || SHOWN_AS_THEY_ARE.includes(mimeType);
  return {
    // HTML, SVG and scripts are text to us: shown as their source, never run.
    "content-type": isText ? "text/plain; charset=utf-8" : isShown ? mimeType : "application/octet-stream",
    "content-disposition": toDisposition(isShown ? "inline" : "attachment", document.name),
    "content-security-policy": mimeType === "application/pdf" ? PDF_POLICY : FILE_POLICY,
  };
}

/** RFC 6266: a plain name for old clients, and the true one encoded after RFC 5987. */
function toDisposition(kind: "inline" | "attachment", name: string): string {
  // A file of an archive is named after its place in there.
  const last = name.split("/").at(-1) ?? name;
  const plain = last.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(last.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** One range of bytes, `end` inclusive; null when there is none or more than one, which may be answered with the whole. */
function parseRange(header: string | null, size: number): { start: number; end: number } | "unsatisfiable" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return null;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first === "" && Number(last) === 0) return "unsatisfiable";
  if (start >= size) return "unsatisfiable";
  return start > end ? null : { start, end };
}
