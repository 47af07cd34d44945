import type { FileType } from "../core/document.ts";

/** Extensions of texts that we tell apart, with their media types. Anything else that is text is `txt`. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  txt: "text/plain",
  text: "text/plain",
  log: "text/plain",
  md: "text/markdown",
  markdown: "text/markdown",
  rst: "text/x-rst",
  adoc: "text/asciidoc",
  tex: "text/x-tex",
  html: "text/html",
  htm: "text/html",
  xhtml: "text/html",
  css: "text/css",
  xml: "text/xml",
  json: "application/json",
  jsonl: "application/jsonl",
  yaml: "text/yaml",
  yml: "text/yaml",
  toml: "application/toml",
  ini: "text/plain",
  conf: "text/plain",
  env: "text/plain",
  diff: "text/x-diff",
  patch: "text/x-diff",
  ics: "text/calendar",
  vcf: "text/vcard",
  srt: "text/plain",
  vtt: "text/vtt",
  eml: "message/rfc822",
  js: "text/javascript",
  mjs: "text/javascript",
  cjs: "text/javascript",
  jsx: "text/javascript",
  ts: "text/x-typescript",
  mts: "text/x-typescript",
  tsx: "text/x-typescript",
  py: "text/x-python",
  rb: "text/x-ruby",
  php: "text/x-php",
  java: "text/x-java",
  kt: "text/x-kotlin",
  scala: "text/x-scala",
  c: "text/x-c",
  h: "text/x-c",
  cpp: "text/x-c++",
  cc: "text/x-c++",
  hpp: "text/x-c++",
  cs: "text/x-csharp",
  go: "text/x-golang",
  rs: "text/x-rust",
  swift: "text/x-swift",
  lua: "text/x-lua",
  r: "text/x-r",
  sql: "text/x-sql",
  sh: "application/x-sh",
  bash: "application/x-sh",
  ps1: "text/x-powershell",
  bat: "text/plain",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
};

const TABLES: ReadonlySet<string> = new Set(["csv", "tsv"]);

/** The type of a file whose bytes are text. Only here does its name count, to choose among texts. */
export function toTextType(name: string): FileType {
  const named = extensionOf(name);
  const extension = Object.hasOwn(MIME_TYPES, named) ? named : "txt";
  return {
    kind: TABLES.has(extension) ? "table" : "text",
    mimeType: MIME_TYPES[extension] ?? "text/plain",
    extension,
  };
}

/** What follows the last dot of a name, in lower case; empty when there is none. */
export function extensionOf(name: string): string {
  return /\.([^./\\]{1,16})$/.exec(name)?.[1]?.toLowerCase() ?? "";
}
