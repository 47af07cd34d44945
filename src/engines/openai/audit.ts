import type { OpenAI } from "openai";
import { unlessGone, type OpenAIClient } from "./openai-client.ts";

/** Something at OpenAI that Docent does not know, or that Docent knows and OpenAI does not have. */
export interface Finding {
  readonly kind: "unknown file" | "unknown vector store" | "missing file" | "missing vector store";
  readonly id: string;
  /** A file's name, or the scope that a vector store of Docent's was made for. */
  readonly name: string | null;
  readonly sizeBytes: number | null;
}

/** Ids that Docent has recorded. */
export interface Known {
  readonly fileIds: ReadonlySet<string>;
  readonly vectorStoreIds: ReadonlySet<string>;
}

/** Files for models to read; those of other purposes are never Docent's. */
const PURPOSES: readonly OpenAI.FilePurpose[] = ["user_data", "vision"];

/**
 * Compares what OpenAI holds for this key's project with what Docent knows. Conversations cannot be listed (OpenAI has
 * no such call), so they are not compared. Files carry no mark of ours: in a project that others use too, an unknown
 * file may be theirs. What was created since `createdBefore` (seconds since the epoch) may be an upload under way.
 */
export async function auditOpenAI(
  { sdk }: Pick<OpenAIClient, "sdk">,
  known: Known,
  { createdBefore }: { readonly createdBefore: number },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const seenFiles = new Set<string>();
  const seenStores = new Set<string>();
  for (const purpose of PURPOSES) {
    for await (const { id, filename, bytes, created_at: createdAt } of sdk.files.list({ purpose, limit: 100 })) {
      seenFiles.add(id);
      if (!known.fileIds.has(id) && createdAt <= createdBefore)
        findings.push({ kind: "unknown file", id, name: filename, sizeBytes: bytes });
    }
  }
  for await (const store of sdk.vectorStores.list({ limit: 100 })) {
    seenStores.add(store.id);
    // Those of Docent's carry its name and a scope: others are not its business.
    const scope = store.name === "docent" ? store.metadata?.["scope"] : undefined;
    if (scope === undefined || known.vectorStoreIds.has(store.id) || store.created_at > createdBefore) continue;
    findings.push({ kind: "unknown vector store", id: store.id, name: scope, sizeBytes: store.usage_bytes });
  }
  for (const id of known.fileIds) {
    if (!seenFiles.has(id)) findings.push({ kind: "missing file", id, name: null, sizeBytes: null });
  }
  for (const id of known.vectorStoreIds) {
    if (!seenStores.has(id)) findings.push({ kind: "missing vector store", id, name: null, sizeBytes: null });
  }
  return findings;
}

/** Deletes what is unknown. What is missing is uploaded again by Docent when it is needed. */
export async function removeUnknown(
  client: Pick<OpenAIClient, "sdk" | "patiently">,
  findings: readonly Finding[],
): Promise<void> {
  const { sdk } = client;
  for (const { kind, id } of findings) {
    if (kind === "unknown file") await unlessGone(client.patiently("Deleting a file", () => sdk.files.delete(id)));
    if (kind === "unknown vector store") {
      await unlessGone(client.patiently("Deleting a vector store", () => sdk.vectorStores.delete(id)));
    }
  }
}
