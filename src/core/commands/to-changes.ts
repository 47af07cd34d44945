import type { Channel, Incoming } from "../incoming.ts";
import type { JobAction, JobReport } from "../job.ts";
import { toMemory, type KnowledgePolicy } from "../knowledge-policy.ts";
import type { Command } from "../ports/command.ts";
import type { Accepted } from "../ports/docent.ts";
import { addStartOverOfAll, type AddStartOverDeps } from "../turns/add-start-over.ts";
import type { CommandDeps } from "./run-command.ts";

/**
 * What a command may change: each is stored when it returns, and answered to whoever gave the command when it is done.
 * A fresh conversation takes its place in the queue, everything else is a job.
 */
export function toChanges(
  command: Command,
  locale: string | null,
  deps: KnowledgePolicy &
    Omit<AddStartOverDeps, "accept"> & {
      readonly request: (id: string, action: JobAction, report: JobReport) => Promise<unknown>;
      readonly toForget: (channel: Channel) => Promise<JobAction>;
      readonly accept: (incoming: Incoming, wish?: string) => Promise<Accepted>;
    },
): Pick<CommandDeps, "removeDocument" | "forget" | "startOver" | "accept"> {
  const { key, bot, replyTo, channel, author } = command;
  const report = { bot, replyTo, locale };
  return {
    accept: (incoming) => deps.accept(incoming, key),
    async removeDocument(document) {
      await deps.request(`remove ${document.id}`, { kind: "remove-document", document }, report);
    },
    async forget() {
      await deps.request(`forget ${key}`, await deps.toForget(channel), report);
    },
    async startOver() {
      const memory = toMemory(command, deps);
      const wish = { key, bot, replyTo, channel, conversation: memory, author, locale: command.locale };
      await addStartOverOfAll(wish, deps);
    },
  };
}
