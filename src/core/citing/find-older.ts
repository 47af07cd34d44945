import type { Document } from "../document.ts";

/**
 * Ids of documents of one scope that a newer one of the same name replaces. Names that differ only in case or
 * composition are one. What cannot be read replaces nothing, and is replaced by nothing.
 */
export function findOlder(documents: readonly Document[]): ReadonlySet<string> {
  const newest = new Map<string, Document>();
  const older = new Set<string>();
  for (const document of documents) {
    if (document.problem !== null) continue;
    const name = document.name.normalize("NFC").toLowerCase();
    const before = newest.get(name);
    const isNewer = before === undefined || document.createdAt >= before.createdAt;
    if (isNewer) newest.set(name, document);
    const replaced = isNewer ? before : document;
    if (replaced !== undefined) older.add(replaced.id);
  }
  return older;
}
