import type { IncomingMessage } from "node:http";
import { Busboy } from "@fastify/busboy";
import { ApiFault } from "./http.ts";

export interface Multipart {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: { readonly name: string; readonly type: string; readonly bytes: Buffer } | null;
}

/** Reads a `multipart/form-data` body with one file. */
export function readMultipart(request: IncomingMessage): Promise<Multipart> {
  return new Promise((resolve, reject) => {
    const type = request.headers["content-type"];
    if (type === undefined || !type.startsWith("multipart/form-data")) {
      request.resume();
      reject(new ApiFault(400, "Expected multipart/form-data."));
      return;
    }
    const fields: Record<string, string> = {};
    let file: Multipart["file"] = null;
    const parser = new Busboy({ headers: { ...request.headers, "content-type": type }, preservePath: true });
    parser.on("field", (name, value) => {
      fields[name] = value;
    });
    parser.on("file", (_field, stream, name, _encoding, mimeType) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        file = { name, type: mimeType, bytes: Buffer.concat(parts) };
      });
    });
    parser.on("finish", () => resolve({ fields, file }));
    parser.on("error", reject);
    request.on("aborted", () => reject(new Error("The client went away while it was uploading.")));
    request.pipe(parser);
  });
}
