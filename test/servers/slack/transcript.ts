import { readBlocks } from "./blocks.ts";
import { messagesOf, type SlackMessage, type World } from "./world.ts";

/** What somebody sees in a channel: top messages in order, each with its thread behind it, indented. */
export function readTranscript(world: World, channel: string, viewer?: string): string {
  const seen = messagesOf(world, channel).filter(
    (message) => !message.isDeleted && (message.ephemeralTo === null || message.ephemeralTo === viewer),
  );
  const isReply = (message: SlackMessage): boolean => message.threadTs !== null && message.threadTs !== message.ts;
  const roots = seen.filter((message) => !isReply(message));
  const orphans = seen.filter((message) => isReply(message) && !roots.some(({ ts }) => ts === message.threadTs));
  return [...roots, ...orphans]
    .flatMap((root) => [
      show(world, root, ""),
      ...seen
        .filter((one) => isReply(one) && one.threadTs === root.ts && one !== root)
        .map((one) => show(world, one, "    ")),
    ])
    .join("\n");
}

/** The text that somebody reads in a message, buttons in brackets. */
export function readMessage(message: SlackMessage): string {
  if (message.markdown !== null && message.blocks.length === 0) return message.markdown;
  return message.blocks.length > 0 ? readBlocks(message.blocks) : message.text;
}

/** Who a message would call: mentions that Slack would act on, code or not. */
export function mentionsIn(text: string): readonly string[] {
  const tokens = [...text.matchAll(/<(?:!(?:channel|here|everyone|subteam)|[@#][A-Z0-9])[^>\s]*>/g)].map(
    ([token]) => token,
  );
  const outsideCode = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
  const plain = [...outsideCode.matchAll(/(?<![\w.])@(?:channel|here|everyone)\b/g)].map(([token]) => token);
  return [...tokens, ...plain];
}

function show(world: World, message: SlackMessage, indent: string): string {
  const who = world.users.get(message.user)?.displayName ?? message.user;
  const files = message.files.map((id) => ` [file ${world.files.get(id)?.name}]`).join("");
  const reactions = [...message.reactions.keys()].map((name) => ` :${name}:`).join("");
  const only = message.ephemeralTo === null ? "" : " (only you)";
  const lines = `${who}${only}: ${readMessage(message)}${files}${reactions}`.split("\n");
  return lines.map((line, index) => `${indent}${index === 0 ? "" : "  "}${line}`).join("\n");
}
