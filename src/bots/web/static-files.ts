import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WORKER_POLICY } from "./security-headers.ts";

const PUBLIC = fileURLToPath(new URL("public/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Single files of other packages, by their path under `/vendor/`. Nothing else of `node_modules` can be asked for. */
const VENDOR_FILES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "marked.js": "marked/lib/marked.esm.js",
    "dompurify.js": "dompurify/dist/purify.es.mjs",
    "pdfjs/pdf.min.mjs": "pdfjs-dist/build/pdf.min.mjs",
    "pdfjs/pdf.worker.min.mjs": "pdfjs-dist/build/pdf.worker.min.mjs",
  }),
);

/** Folders of pdf.js' data: character maps, the standard fonts, decoders, colour profiles. */
const VENDOR_FOLDERS = /^pdfjs\/(cmaps|standard_fonts|wasm|iccs)\/([\w-]+\.(?:bcmap|pfb|ttf|wasm|js|icc))$/;

export interface StaticFiles {
  /** A file of the page by its path under `/assets/`. */
  asset(path: string, request: Request): Response | null;
  /** A file of another package by its path under `/vendor/`. */
  vendor(path: string, request: Request): Promise<Response | null>;
  /** The page itself, with `{{name}}` places filled. */
  page(values: Readonly<Record<string, string>>): string;
}

/** The page's own files, held in memory, and the few files of other packages that it uses, read when asked for. */
export function createStaticFiles(): StaticFiles {
  const assets = new Map(readdirSync(PUBLIC).map((name) => [name, readFileSync(join(PUBLIC, name))]));
  const take = (name: string): string => {
    const text = assets.get(name)?.toString("utf8") ?? "";
    assets.delete(name);
    return text;
  };
  const dialogs = take("dialogs.html");
  const index = take("index.html").replace("{{dialogs}}", () => dialogs);

  return {
    asset(path, request) {
      const bytes = assets.get(path);
      return bytes === undefined ? null : toResponse(path, bytes, request, "no-cache");
    },
    async vendor(path, request) {
      const file = toVendorFile(path);
      const bytes = file === null ? null : await readFile(file).catch(() => null);
      return bytes === null ? null : toResponse(path, bytes, request, "private, max-age=3600");
    },
    page: (values) => index.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? ""),
  };
}

function toVendorFile(path: string): string | null {
  const file = VENDOR_FILES.get(path);
  if (file !== undefined) return resolve(file);
  const [, folder, name] = VENDOR_FOLDERS.exec(path) ?? [];
  return folder === undefined || name === undefined ? null : resolve(`pdfjs-dist/${folder}/${name}`);
}

/** Finds a package's file wherever npm put the package; `exports` hides some of the files, so the folder is looked up. */
function resolve(file: string): string {
  const [name = "", ...rest] = file.split("/");
  const roots = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const root = roots.find((folder) => readdirOrNull(join(folder, name)) !== null) ?? dirname(PUBLIC);
  return join(root, name, ...rest);
}

function readdirOrNull(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder);
  } catch {
    return null;
  }
}

function toResponse(path: string, bytes: Buffer, request: Request, caching: string): Response {
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"`;
  const headers = new Headers({
    "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    "cache-control": caching,
    etag,
  });
  if (path.endsWith(".worker.min.mjs")) headers.set("content-security-policy", WORKER_POLICY);
  if (request.headers.get("if-none-match")?.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(bytes), { headers });
}
