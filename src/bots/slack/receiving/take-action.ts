import { COMMAND_NAMES } from "../../../core/ports/command.ts";
import type { CommandAction } from "../../../core/ports/command.ts";
import { text as sentence } from "../../../core/texts/text.ts";
import { ACTIONS } from "../app-contract.ts";
import type { BlockActions, Handled } from "../payloads.ts";
import { tell } from "../posting/reply-to-command.ts";
import { localeOf, type Room } from "../room.ts";
import { runCommand } from "./take-command.ts";

/** A button was pressed. What it changes is done before the acknowledgement; Slack does not tell it again. */
export async function takeAction(room: Room, payload: BlockActions): Promise<Handled> {
  const [action] = payload.actions;
  const { response_url: responseUrl, user } = payload;
  if (action === undefined || responseUrl === undefined) return {};
  const { action_id: id, value = "" } = action;
  const { is_ephemeral: isPrivate, thread_ts: threadTs } = payload.container ?? {};
  const say = (key: Parameters<typeof sentence>[0]): Handled => ({
    later: async () => tell(room, responseUrl, sentence(key, await localeOf(room, user.id)), { threadTs }),
  });

  if (id === ACTIONS.feedback) {
    const verdict = value.startsWith("helpful:") ? "helpful" : "not-helpful";
    const isKnown = await room.docent().feedback(value.slice(verdict.length + 1), user.id, verdict);
    return say(isKnown ? "slack.feedback_thanks" : "slack.too_late");
  }
  if (id === ACTIONS.retry) return (await room.docent().retry(value)) ? {} : say("slack.too_late");
  if (id === ACTIONS.stop) return say((await room.docent().cancel(value)) ? "slack.stopping" : "slack.too_late");
  if (id.startsWith(ACTIONS.command)) {
    const command = parseCommand(value);
    const by = {
      channel_id: payload.channel?.id ?? "",
      user_id: user.id,
      response_url: responseUrl,
      trigger_id: payload.trigger_id,
    };
    // The question whether somebody is sure has its answer: the result takes its place.
    const options = { replace: isPrivate === true, threadTs };
    return command === null ? {} : await runCommand(room, by, command, options);
  }
  return {};
}

function parseCommand(value: string): CommandAction["command"] | null {
  try {
    const { name, argument, confirmed } = JSON.parse(value) as Partial<CommandAction["command"]>;
    const known = COMMAND_NAMES.find((each) => each === name);
    if (known === undefined || typeof argument !== "string") return null;
    return { name: known, argument, confirmed: confirmed === true };
  } catch {
    // A button of an older version: nothing that could be done.
    return null;
  }
}
