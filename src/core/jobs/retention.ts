import type { Incoming } from "../incoming.ts";
import type { JobAction } from "../job.ts";
import type { Bot } from "../ports/bot.ts";
import type { Documents, Inbox } from "../ports/stores.ts";
import type { Clock, Log } from "../ports/system.ts";
import { addStartOver } from "../turns/add-start-over.ts";

const DAY_MS = 24 * 60 * 60_000;
const EVERY_MS = 6 * 60 * 60_000;

export interface RetentionDeps {
  readonly retentionDays: number | null;
  readonly documents: Documents;
  readonly inbox: Inbox;
  readonly bots: ReadonlyMap<string, Bot>;
  readonly clock: Clock;
  readonly log: Log;
  readonly request: (id: string, action: JobAction) => Promise<unknown>;
  readonly accept: (incoming: Incoming) => Promise<unknown>;
}

/** Deletes what is too old, now and every six hours, until `signal` aborts. Does nothing where no age is set. */
export async function keepRetention(deps: RetentionDeps, signal: AbortSignal): Promise<void> {
  const { retentionDays, clock, log } = deps;
  if (retentionDays === null) return;
  while (!signal.aborted) {
    await deleteOlder(clock.now() - retentionDays * DAY_MS, deps).catch((error: unknown) =>
      log.error("What is too old could not be deleted; it is tried again.", { error }),
    );
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
}

/**
 * Documents of channels that were posted until then, questions and answers, and the memory of every conversation that
 * reaches back so far: it begins afresh, whole, for a model's memory has no age within it. So it is never older than that,
 * and of a channel in use it begins afresh once in that time. The team's knowledge stays; somebody gave it to be kept.
 */
async function deleteOlder(until: number, deps: RetentionDeps): Promise<void> {
  const { documents, inbox, bots, log, request } = deps;
  const old = (await documents.list({})).filter(
    ({ scope, createdAt }) => scope.kind === "channel" && createdAt <= until,
  );
  for (const document of old) await request(`remove ${document.id}`, { kind: "remove-document", document });
  for (const { id, incoming } of await inbox.memoriesBegun(until)) {
    const { bot, channel, conversation } = incoming;
    // The same key at every replica that looks at this moment.
    await addStartOver({ key: `too old ${id}`, bot, channel, conversation }, deps);
  }
  // Last: what was asked says which conversations there are.
  const questions = await inbox.forgetChannel(null, until);
  for (const bot of bots.values()) await bot.forgetChannel(null, until);
  if (old.length + questions > 0) log.info("What was too old is being deleted.", { documents: old.length, questions });
}
