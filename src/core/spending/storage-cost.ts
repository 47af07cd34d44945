import type { Document } from "../document.ts";

/**
 * What OpenAI takes for files in vector stores: $0.10 per GB and day, the first GB free (secondary copies of its pricing
 * page, 2026-11). Whether a GB is 10^9 bytes is not written there; the difference is less than the estimate's own error.
 */
export const STORAGE_PRICE = { usdPerGbDay: 0.1, freeGb: 1 } as const;

/** The name of the engine that takes this price, as documents carry it. */
const ENGINE = "openai";

/**
 * An estimate of what keeping a document at OpenAI costs a day, in USD, before the free GB; null when it is not there.
 * Archives, images and scans lie in no vector store and cost nothing to keep. What is stored is the file's text and its
 * embeddings, so that the file's size is only near the truth.
 */
export function toStorageCost({ engines, sizeBytes, type }: Document): number | null {
  if (!engines.includes(ENGINE) || sizeBytes === null) return null;
  const isStored = type?.kind !== "archive" && type?.kind !== "image" && type?.kind !== "scan";
  return isStored ? (sizeBytes / 1e9) * STORAGE_PRICE.usdPerGbDay : 0;
}
