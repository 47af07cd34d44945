import type { Engine } from "../../src/core/ports/engine.ts";

/** A model that has answered before anybody waits, so that what remains is ours. */
export function createInstantEngine(): Engine {
  const nothing = (): Promise<void> => Promise.resolve();
  const usage = {
    model: "instant",
    inputTokens: 1_000,
    cachedInputTokens: 0,
    outputTokens: 100,
    searches: 0,
    costUsd: 0,
  };
  return {
    name: "instant",
    check: () => Promise.resolve({ ready: true }),
    addDocument: nothing,
    removeDocument: nothing,
    forgetTurn: nothing,
    startRun: ({ turnId }) => Promise.resolve({ engine: "instant", id: turnId, resume: {} }),
    waitForRun: () =>
      Promise.resolve({
        text: "The notice period is three months.",
        sources: [],
        consulted: [],
        usage,
        cutShort: null,
      }),
    cancelRun: nothing,
    leaveConversation: nothing,
    forgetConversation: nothing,
    stop: nothing,
  };
}
