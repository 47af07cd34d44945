import type { OutgoingMessage } from "../../../core/ports/bot.ts";
import type { CommandAction, CommandReply } from "../../../core/ports/command.ts";
import { text } from "../../../core/texts/text.ts";
import { ACTIONS } from "../app-contract.ts";

type Block = Readonly<Record<string, unknown>>;

/** What a message shows, as arguments of `chat.postMessage` or of a `response_url`. */
export type Content =
  | { readonly markdown_text: string }
  | { readonly text: string; readonly blocks: readonly Block[]; readonly mrkdwn: false };

/** The limit of a `markdown` block and of `markdown_text` (docs.slack.dev/reference/block-kit/blocks/markdown-block). */
export const MAX_MARKDOWN = 12_000;
/** Longer texts are only needed where blocks are not shown: notifications and screen readers. */
const MAX_FALLBACK = 3_000;
const MAX_LABEL = 75;

/**
 * A preview is fetched as soon as a message is posted: a link that a document talked the model into could carry text
 * away before anybody presses it (docs.slack.dev/messaging/unfurling-links-in-messages).
 */
export const WITHOUT_PREVIEWS = { unfurl_links: false, unfurl_media: false } as const;

/** A part of an answer; buttons stand under the last one. */
export function toPartContent(message: OutgoingMessage): Content {
  const isLast = message.part === message.parts;
  if (!isLast || (message.kind !== "answer" && !message.canRetry)) return { markdown_text: message.text };
  const buttons =
    message.kind === "answer" ? feedback(message.turnId, message.locale) : retry(message.turnId, message.locale);
  return withButtons(message.text, [buttons]);
}

/** A reply to a command, in messages of at most 12,000 characters; the last one has its buttons. */
export function toReplyContents(reply: CommandReply): readonly Content[] {
  const pieces = splitByLines(reply.text);
  const buttons = reply.actions.length === 0 ? [] : [commandButtons(reply.actions)];
  return pieces.map((piece, index) => withButtons(piece, index === pieces.length - 1 ? buttons : []));
}

/** The same without buttons, for when Slack does not take the blocks. */
export function withoutButtons(content: Content): Content {
  if ("markdown_text" in content) return content;
  const block = content.blocks.find(({ type }) => type === "markdown");
  return { markdown_text: typeof block?.["text"] === "string" ? block["text"] : content.text };
}

/** The offer to stop a turn that takes long, where Slack itself has no button for it. */
export function toStopOffer(turnId: string, detail: string | null, locale: string | null): Content {
  const working = [text("slack.working", locale), detail ?? ""].filter(Boolean).join("\n");
  const button = toButton(text("slack.stop", locale), ACTIONS.stop, turnId, "danger");
  return withButtons(working, [{ type: "actions", elements: [button] }]);
}

function withButtons(markdown: string, buttons: readonly Block[]): Content {
  return { text: toFallback(markdown), mrkdwn: false, blocks: [{ type: "markdown", text: markdown }, ...buttons] };
}

function feedback(turnId: string, locale: string): Block {
  const button = (verdict: "helpful" | "not-helpful", label: string): Block => ({
    text: { type: "plain_text", text: label, emoji: true },
    value: `${verdict}:${turnId}`,
    accessibility_label: label,
  });
  return {
    type: "context_actions",
    elements: [
      {
        type: "feedback_buttons",
        action_id: ACTIONS.feedback,
        positive_button: button("helpful", text("slack.helpful", locale)),
        negative_button: button("not-helpful", text("slack.not_helpful", locale)),
      },
    ],
  };
}

function retry(turnId: string, locale: string): Block {
  return { type: "actions", elements: [toButton(text("slack.retry", locale), ACTIONS.retry, turnId, "plain")] };
}

function commandButtons(actions: readonly CommandAction[]): Block {
  const elements = actions
    // An actions block holds 25 elements.
    .slice(0, 25)
    .map(({ label, style, command }, index) =>
      toButton(label, `${ACTIONS.command}${index}`, JSON.stringify(command), style),
    );
  return { type: "actions", elements };
}

function toButton(label: string, actionId: string, value: string, style: CommandAction["style"]): Block {
  const shown = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label;
  return {
    type: "button",
    action_id: actionId,
    value,
    text: { type: "plain_text", text: shown, emoji: true },
    ...(style === "danger" ? { style: "danger" } : {}),
  };
}

/** Plain text in which Slack finds neither markup nor mentions. */
function toFallback(markdown: string): string {
  const short = markdown.length > MAX_FALLBACK ? `${markdown.slice(0, MAX_FALLBACK - 1)}…` : markdown;
  return short.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function splitByLines(markdown: string): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const line of markdown.split("\n").flatMap(cutLine)) {
    if (piece !== "" && piece.length + line.length + 1 > MAX_MARKDOWN) {
      pieces.push(piece);
      piece = "";
    }
    piece = piece === "" ? line : `${piece}\n${line}`;
  }
  return [...pieces, piece].filter((text_) => text_.trim() !== "");
}

function cutLine(line: string): readonly string[] {
  if (line.length <= MAX_MARKDOWN) return [line];
  return [line.slice(0, MAX_MARKDOWN), ...cutLine(line.slice(MAX_MARKDOWN))];
}
