import { createCircuit } from "./circuit.ts";
import type { EngineContext } from "./context.ts";
import { createOpenAIClient } from "./openai-client.ts";
import type { OpenAIEngineOptions } from "./openai-engine-options.ts";

/** What the parts of the engine share, of its options. */
export function createContext(options: OpenAIEngineOptions): EngineContext {
  const { clock, log } = options;
  return {
    client: createOpenAIClient({ ...options, timeoutMs: options.requestTimeoutMs }),
    account: createCircuit({
      clock,
      // Not at the first one: whoever adds credit and presses "Try again" is let through.
      threshold: 2,
      onOpen: ({ code }) => log.warn("OpenAI refuses the account; questions are not sent for a while.", { code }),
      onClose: () => log.info("OpenAI takes questions again."),
    }),
    stores: options.stores,
    clock,
    log,
    inlineMaxTokens: options.inlineMaxTokens,
    reasoningEffort: options.reasoningEffort,
    onUsage: options.onUsage ?? (() => undefined),
    deadlineSeconds: options.deadlineSeconds,
    lock: options.lock,
  };
}
