import type { Document } from "../../../core/document.ts";
import type { UploadForm } from "./upload-form.ts";

/**
 * Extensions of text that OpenAI takes both as `input_file` and in a vector store (guides/file-inputs and
 * guides/retrieval, 2026-11). A text with another one is sent as `.txt`.
 */
const TEXT_EXTENSIONS = new Set(["c", "cpp", "css", "html", "js", "json", "md", "py", "txt"]);

const MAX_LENGTH = 120;

/**
 * The name a document has at OpenAI: the person's own, without paths and control characters, with a true extension.
 * What is sent as text ends in `.txt`.
 */
export function toUploadName(document: Pick<Document, "name" | "type">, form: UploadForm = "original"): string {
  const extension = document.type?.extension ?? "txt";
  const base = document.name.split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .normalize("NFC")
    .replaceAll(/[\p{C}"<>|:*?]+/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .replace(/^[.\s]+/u, "")
    .trim();
  const stem = (clean === "" ? "document" : clean).slice(0, MAX_LENGTH).toWellFormed();
  const named = stem.toLowerCase().endsWith(`.${extension}`) ? stem : `${stem}.${extension}`;
  const isOther = form === "text" || (document.type?.kind === "text" && !TEXT_EXTENSIONS.has(extension));
  return isOther ? `${named}.txt` : named;
}
