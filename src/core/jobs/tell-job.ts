import type { DocentError } from "../errors.ts";
import type { Job } from "../job.ts";
import type { Bot } from "../ports/bot.ts";
import type { CommandReply } from "../ports/command.ts";
import type { ForgetReport } from "../ports/docent.ts";
import type { Log } from "../ports/system.ts";
import { errorText, text } from "../texts/text.ts";

/** Tells whoever gave a command how its job ended, or what is in the way of it. A reply that fails is logged. */
export async function tellJob(
  job: Job,
  end: { readonly outcome: ForgetReport } | { readonly failure: DocentError },
  { bots, log }: { readonly bots: ReadonlyMap<string, Bot>; readonly log: Log },
): Promise<void> {
  const { report } = job;
  if (report === null) return;
  const reply = "outcome" in end ? toReply(job, end.outcome, report.locale) : toDelay(end.failure, report.locale);
  try {
    await bots.get(report.bot)?.reply(report.replyTo, reply);
  } catch (error) {
    log.warn("The reply to a command could not be posted.", { job: job.action.kind, error });
  }
}

/** What changes something for everybody is said to everybody. */
function toReply(job: Job, outcome: ForgetReport, locale: string | null): CommandReply {
  return { text: toSentence(job, outcome, locale), isPrivate: false, actions: [] };
}

function toSentence({ action }: Job, outcome: ForgetReport, locale: string | null): string {
  if (action.kind === "remove-document") return text("command.remove.done", locale, { name: action.document.name });
  if (action.kind === "start-over") return text("command.new.done", locale);
  return text("command.forget.done", locale, { ...outcome });
}

function toDelay(failure: DocentError, locale: string | null): CommandReply {
  const reason = errorText(failure, locale);
  return { text: text("command.delayed", locale, { reason }), isPrivate: true, actions: [] };
}
