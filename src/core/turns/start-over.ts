import type { JobAction, JobReport } from "../job.ts";
import type { Engine } from "../ports/engine.ts";
import type { Turn } from "../turn.ts";

/**
 * The way of a wish for a fresh conversation. It has its place in the queue: what was asked before it is answered in the
 * old conversation, what was asked after it in the fresh one. Deleting the old one is a job, which also tells that it
 * is done, where there is somebody to tell. Safe to repeat from the start.
 */
export async function startOver(
  turn: Turn,
  deps: {
    readonly engines: readonly Engine[];
    readonly language: string | null;
    readonly save: (turn: Turn) => Promise<void>;
    readonly request: (id: string, action: JobAction, report: JobReport | null) => Promise<unknown>;
  },
): Promise<void> {
  const { key, bot, conversation, replyTo, locale } = turn.incoming;
  for (const engine of deps.engines) await engine.leaveConversation(conversation);
  const action = { kind: "start-over", conversation } as const;
  const report = replyTo === null ? null : { bot, replyTo, locale: deps.language ?? locale };
  await deps.request(`start over ${key}`, action, report);
  await deps.save({ ...turn, state: "answered" });
}
