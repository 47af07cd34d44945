import { DocentError } from "../../../core/errors.ts";
import type { OutgoingMessage } from "../../../core/ports/bot.ts";
import { text } from "../../../core/texts/text.ts";
import { findPart } from "./find-part.ts";
import { MAX_MARKDOWN, toPartContent, withoutButtons, WITHOUT_PREVIEWS, type Content } from "./message-blocks.ts";
import { neutraliseMentions } from "./neutralise-mentions.ts";
import { createRecentSet } from "../../../core/recent-set.ts";
import { isReplyTo, type PendingQuestion, type Place, type ReplyTo } from "../reply-to.ts";
import type { Room } from "../room.ts";
import { explainRefusal, isAmbiguous, refusalOf } from "../slack-api.ts";

export interface Sender {
  /** Posts a part of an answer, or finds it when it is there. Returns `channel:ts`. */
  send(message: OutgoingMessage): Promise<string>;
  /** Where a turn's answer goes; posts its question first when that stands nowhere yet. */
  place(replyTo: ReplyTo): Promise<Place>;
}

/** Refusals that say: not in this channel. */
const NOT_HERE = ["channel_not_found", "not_in_channel", "is_archived", "restricted_action", "thread_not_found"];
/** Refusals that end when Slack is well again, or when somebody has set a new token. */
const NOT_NOW = [
  "fatal_error",
  "internal_error",
  "service_unavailable",
  "request_timeout",
  "ratelimited",
  "invalid_auth",
  "account_inactive",
  "token_revoked",
  "token_expired",
];
const BLOCKS_REFUSED = ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_arguments"];
/** What was posted a moment ago may not be found yet. */
const SETTLE_MS = 1_000;

/** Core says of all but a few that they are repeats; whoever calls twice in a row is not believed. */
const MAX_ATTEMPTED = 1_000;

interface Post {
  readonly id: string;
  readonly channel: string;
  readonly threadTs: string | null;
  /** The part cannot be older than this message. */
  readonly after: string | null;
  readonly content: Content;
  /** Gets it as a direct message when the channel does not take it; null: then it fails. */
  readonly otherwiseTo: string | null;
  /** Notes are kept of its attempts: core does not know of them, or not where it goes. */
  readonly isNoted: boolean;
}

interface Posted {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly ts: string;
}

/**
 * Posts each part once, though Slack has no nonce: before any repeat the thread is searched for the part's id in the
 * messages' metadata (facts B1). Core tells which part may be a repeat; of what it cannot tell, a pending question or an
 * answer that went to another place, a note is kept before the attempt.
 */
export function createSender(room: Room): Sender {
  const attempted = createRecentSet(MAX_ATTEMPTED);
  return { send, place };

  async function send(message: OutgoingMessage): Promise<string> {
    if (!isReplyTo(message.replyTo)) throw new DocentError("internal", "An answer for Slack has no place to go to.");
    const target = await place(message.replyTo);
    const post = {
      id: message.id,
      channel: target.channel,
      threadTs: target.threadTs,
      after: target.messageTs,
      content: toPartContent(message),
      otherwiseTo: target.user,
      isNoted: false,
    };
    const isRepeat = !attempted.add(message.id) || message.isRepeat;
    const { channel, ts } = isRepeat ? await postAgain(post, true) : await postHere(post);
    return `${channel}:${ts}`;
  }

  async function place(replyTo: ReplyTo): Promise<Place> {
    const { pending, channel, threadTs, user } = replyTo;
    if (pending === null) return { channel, threadTs, messageTs: replyTo.messageTs, user };
    const content: Content = { markdown_text: toQuestion(pending) };
    const post = { id: pending.id, channel, threadTs, after: threadTs, content, otherwiseTo: user, isNoted: true };
    const asked = await postAgain(post, false);
    // A thread within a thread cannot be: below a shortcut's message, the question stands in that message's thread.
    const root = asked.threadTs ?? asked.ts;
    await room.memory.takePart(asked.channel, root, pending.conversation);
    return { channel: asked.channel, threadTs: root, messageTs: asked.ts, user };
  }

  /** `mayStand`: it may have been posted though no note says so. */
  async function postAgain(post: Post, mayStand: boolean): Promise<Posted> {
    const known = await room.memory.part(post.id);
    if (known !== undefined && known.ts !== null) return { ...known, ts: known.ts };
    // Over all replicas: a pending question is posted by the one that took it or by the one that answers it.
    return await room.options.lock(`slack part ${post.id}`, async () => {
      const record = await room.memory.part(post.id);
      if (record !== undefined && record.ts !== null) return { ...record, ts: record.ts };
      if (record !== undefined || mayStand) {
        const tried = record === undefined ? post : { ...post, ...record };
        const found = await find(tried);
        if (found !== null) return await keep(tried, found);
      }
      return await postHere(record === undefined ? post : { ...post, ...record, isNoted: true });
    });
  }

  async function postHere(post: Post): Promise<Posted> {
    const { id, channel, threadTs } = post;
    if (post.isNoted) await room.memory.savePart(id, { channel, threadTs, ts: null });
    try {
      const { ts } = await room.api.call<{ ts: string }>("chat.postMessage", {
        channel,
        ...(threadTs === null ? {} : { thread_ts: threadTs }),
        ...post.content,
        metadata: { event_type: "docent_part", event_payload: { id } },
        ...WITHOUT_PREVIEWS,
      });
      return await keep(post, ts);
    } catch (error) {
      return await afterFailure(post, error);
    }
  }

  async function afterFailure(post: Post, error: unknown): Promise<Posted> {
    const { log, clock, metrics } = room.options;
    const refusal = refusalOf(error);
    if (refusal !== null && BLOCKS_REFUSED.includes(refusal) && "blocks" in post.content) {
      log.warn("Slack did not take a message's buttons; it is posted without them.", { refusal });
      return await postHere({ ...post, content: withoutButtons(post.content) });
    }
    if (isAmbiguous(error)) {
      await clock.sleep(SETTLE_MS);
      const found = await find(post);
      if (found !== null) return await keep(post, found);
    }
    metrics.count("slack_send_failures_total", { reason: refusal ?? "no_answer" });
    const reason = explainRefusal("chat.postMessage", error);
    if (refusal === null || NOT_NOW.includes(refusal)) {
      throw new DocentError("platform_unreachable", reason, { cause: error });
    }
    if (!NOT_HERE.includes(refusal)) throw new DocentError("internal", reason, { cause: error });
    if (post.otherwiseTo === null) throw new DocentError("forbidden", reason, { cause: error });
    log.warn("An answer goes to the person directly, because its channel does not take it.", { reason });
    const channel = await openDirect(post.otherwiseTo);
    return await postHere({ ...post, channel, threadTs: null, after: null, otherwiseTo: null, isNoted: true });
  }

  async function openDirect(user: string): Promise<string> {
    try {
      const { channel } = await room.api.call<{ channel: { id: string } }>(
        "conversations.open",
        { users: user },
        { isRepeatable: true },
      );
      return channel.id;
    } catch (error) {
      throw new DocentError("forbidden", explainRefusal("conversations.open", error), { cause: error });
    }
  }

  async function find(post: Post): Promise<string | null> {
    return await findPart(room.api, post).catch((error: unknown) => {
      // Not knowing is worse than waiting: core offers the part again, and then it is searched for again.
      throw new DocentError(
        "platform_unreachable",
        `It is open whether a part was posted. ${explainRefusal("conversations.replies", error)}`,
        {
          cause: error,
        },
      );
    });
  }

  async function keep(post: Post, ts: string): Promise<Posted> {
    const { channel, threadTs } = post;
    if (post.isNoted) await room.memory.savePart(post.id, { channel, threadTs, ts });
    return { channel, threadTs, ts };
  }
}

function toQuestion({ text: question, askedBy, locale }: PendingQuestion): string {
  const line = text("slack.asks", locale, { name: askedBy });
  const quoted = question.split("\n").map((each) => `> ${each}`);
  return neutraliseMentions(`${line}\n${quoted.join("\n")}`).slice(0, MAX_MARKDOWN);
}
