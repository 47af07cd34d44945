import { createExtractiveBrain } from "./brain.ts";
import type { Behaviour } from "./context.ts";
import { DEFAULT_EXTRACTION } from "./distort.ts";

/** The behaviour that is assumed where a test says nothing else. */
export function toBehaviour(options: Partial<Behaviour>): Behaviour {
  const inlineAnnotations = options.inlineAnnotations ?? true;
  return {
    apiKeys: options.apiKeys ?? ["test-key"],
    models: options.models ?? ["gpt-6-luna", "gpt-6.1-terra", "gpt-unpriced"],
    shutdowns: options.shutdowns ?? {},
    absent: options.absent ?? [],
    runTimeMs: options.runTimeMs ?? 0,
    eventGapMs: options.eventGapMs ?? 0,
    indexTimeMs: options.indexTimeMs ?? 0,
    failedRunLeavesItems: options.failedRunLeavesItems ?? false,
    lockUntil: options.lockUntil ?? "terminal",
    deletedFileInHistory: options.deletedFileInHistory ?? "fails",
    missingFileStatus: options.missingFileStatus ?? 404,
    inlineAnnotations,
    extraction: options.extraction === undefined ? DEFAULT_EXTRACTION : options.extraction,
    supportsStream: options.supportsStream ?? true,
    supportsBackground: options.supportsBackground ?? true,
    supportsFileSearch: options.supportsFileSearch ?? true,
    pollAfterMs: options.pollAfterMs ?? null,
    answer: options.answer ?? createExtractiveBrain({ inlineAnnotations }),
  };
}
