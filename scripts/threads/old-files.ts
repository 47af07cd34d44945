import { unlessGone, type OpenAIClient } from "../../src/engines/openai/openai-client.ts";
import type { Input } from "./input.ts";
import { countText } from "./report.ts";

/** Files for assistants. What Docent uploads has other purposes. */
const PURPOSE = "assistants";

const GB = 1_000_000_000;

/** USD a day for each GB of vector stores, above the first, of the whole project (secondary source, 2026-11). */
const USD_PER_GB_DAY = 0.1;

/** Every file of OpenAI's that messages name. */
export function namedFiles({ entries, histories }: Input): ReadonlySet<string> {
  return new Set([...entries, ...histories].flatMap(({ messages }) => messages.flatMap(({ fileIds }) => fileIds)));
}

/**
 * Lists, in lines for people, which files and vector stores of old assistants this key can still see: nobody deletes
 * them but their owner, and vector stores are paid for by the day.
 */
export async function listOldFiles(
  { sdk, patiently }: Pick<OpenAIClient, "sdk" | "patiently">,
  named: ReadonlySet<string>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const seen = new Set<string>();
  for await (const { id, filename, bytes } of sdk.files.list({ purpose: PURPOSE, limit: 100 })) {
    seen.add(id);
    lines.push(`file ${id} “${filename}”, ${countText(bytes, "byte")}${named.has(id) ? ", named in the history" : ""}`);
  }
  for (const id of named) {
    if (seen.has(id)) continue;
    const file = await unlessGone(patiently("Looking for a file", () => sdk.files.retrieve(id)));
    const found = file === undefined ? "gone, or of another project" : `“${file.filename}”, purpose ${file.purpose}`;
    lines.push(`file ${id} ${found}, named in the history`);
  }
  let bytes = 0;
  let stores = 0;
  for await (const { id, name, usage_bytes: size, file_counts: files, metadata } of sdk.vectorStores.list({
    limit: 100,
  })) {
    // Docent's own carry its name and their scope.
    if (name === "docent" && metadata?.["scope"] !== undefined) continue;
    stores += 1;
    bytes += size;
    lines.push(`vector store ${id} “${name}”, ${countText(files.total, "file")}, ${countText(size, "byte")}`);
  }
  const perDay = (bytes / GB) * USD_PER_GB_DAY;
  lines.push(
    `${countText(seen.size, "file")} for assistants, ${countText(stores, "vector store")} that ${stores === 1 ? "is" : "are"} not Docent's: up to $${perDay.toFixed(4)} a day.`,
    "OpenAI lets nobody download files of this purpose. Post the originals into their channel, or add them to the team " +
      "knowledge; then delete these and the vector stores at platform.openai.com/storage.",
  );
  return lines;
}
