import type { Scope } from "../../../core/document.ts";
import { isDocentError, toDocentError, type ErrorCode } from "../../../core/errors.ts";
import { toTurnId } from "../../../core/ids.ts";
import type { Incoming } from "../../../core/incoming.ts";
import type { Accepted } from "../../../core/ports/docent.ts";
import { errorText } from "../../../core/texts/text.ts";
import { isFileReference, isReplyTo } from "../reply-to.ts";
import type { Room } from "../room.ts";

/** Refusals that a redelivery would not change: the person is told, and Slack gets its acknowledgement. */
const FOR_GOOD: readonly ErrorCode[] = [
  "question_empty",
  "question_too_long",
  "uploads_off",
  "forbidden",
  "bad_request",
];

/**
 * Gives a message to core and writes down what its later events need, all before Slack is acknowledged. Returns what
 * core accepted, or the sentence for the person when it never will.
 * @throws DocentError when it may be accepted later (disk full, stopping): Slack has to deliver it again.
 */
export async function acceptIncoming(
  room: Room,
  incoming: Incoming,
  noteBesides: () => Promise<void> = () => Promise.resolve(),
): Promise<Accepted | { readonly refusal: string }> {
  const { memory } = room;
  const { kind, replyTo } = incoming;
  try {
    await rememberFiles(room, incoming);
    // All at once, so that they share a commit: what a crash leaves undone in between is done by the next delivery.
    const [accepted] = await Promise.all([room.docent().accept(incoming), rememberThread(), noteBesides()]);
    return accepted;
  } catch (error) {
    const failure = toDocentError(error, "Accepting a message from Slack");
    if (FOR_GOOD.some((code) => isDocentError(failure, code))) {
      return { refusal: errorText(failure, incoming.locale) };
    }
    if (isDocentError(failure, "stopping")) throw failure;
    room.options.log.error("A message from Slack could not be accepted; Slack delivers it again.", { error: failure });
    throw failure;
  }

  /** Below a question that was refused, people ask again: that thread is Docent's too. */
  async function rememberThread(): Promise<void> {
    if (kind !== "question" || !isReplyTo(replyTo) || replyTo.threadTs === null) return;
    const { channel, threadTs, pending } = replyTo;
    await Promise.all([
      pending === null ? memory.takePart(channel, threadTs, incoming.conversation) : undefined,
      memory.rememberTurn(channel, threadTs, toTurnId(incoming.key)),
    ]);
  }
}

/** Where files become documents, written down before they do: one that is deleted a moment later must be found. */
export async function rememberFiles(room: Room, { attachments, channel, kind }: Incoming): Promise<void> {
  const scope: Scope =
    kind === "knowledge" ? { kind: "workspace", key: channel.workspace } : { kind: "channel", key: channel.key };
  for (const { reference } of attachments) {
    if (isFileReference(reference)) await room.memory.rememberFile(reference.fileId, scope);
  }
}

/** Tells one person something in a channel; others do not see it. */
export async function whisper(
  room: Room,
  to: { channel: string; user: string; threadTs: string | null },
  text: string,
): Promise<void> {
  await room.api.call("chat.postEphemeral", {
    channel: to.channel,
    user: to.user,
    markdown_text: text,
    ...(to.threadTs === null ? {} : { thread_ts: to.threadTs }),
  });
}
