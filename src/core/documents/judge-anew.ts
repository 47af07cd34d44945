import type { Engine } from "../ports/engine.ts";
import type { Documents } from "../ports/stores.ts";
import type { Log } from "../ports/system.ts";

/**
 * Documents that an earlier engine could make nothing of, such as a scan before there was a model: where this one can,
 * the next question reads them.
 */
export async function judgeAnew(deps: {
  readonly documents: Documents;
  readonly engines: readonly [Engine, ...Engine[]];
  readonly log: Log;
}): Promise<void> {
  const { documents, log } = deps;
  if (deps.engines[0].problemWith !== undefined) return;
  try {
    for (const { id, problem } of await documents.list({ states: ["failed"] })) {
      if (problem?.code === "file_scanned") await documents.update(id, { state: "noted", problem: null });
    }
  } catch (error) {
    log.warn("Scans from before there was a model could not be looked for.", { error });
  }
}
