import type { Attachment, Incoming } from "../../../core/incoming.ts";
import type { TurnView } from "../../../core/turn.ts";
import { toDocentError, type ErrorCode } from "../../../core/errors.ts";
import { errorText, text as sentence } from "../../../core/texts/text.ts";
import { acceptIncoming, whisper } from "./accept.ts";
import { decode } from "./decode-message.ts";
import { mentions, speaksToSomebodyElse } from "./decode-text.ts";
import type { MessageEvent, SlackMessage } from "../payloads.ts";
import { readParent } from "./read-parent.ts";
import type { ReplyTo } from "../reply-to.ts";
import { localeOf, toAuthor, toChannel, toConversation, type Room } from "../room.ts";
import { toAttachments } from "./to-attachment.ts";

/** Messages that people write; every other subtype is Slack telling what happened. */
const SUBTYPES_OF_PEOPLE = [undefined, "file_share", "thread_broadcast", "me_message"];

/** Of this machine: it may be over when Slack delivers again. */
const TROUBLE: readonly ErrorCode[] = ["storage_full", "busy", "internal"];

/** People take longer to write below a message; those who do not get a second look, which costs time. */
const YOUNG_THREAD_MS = 3_000;
const LOOK_AGAIN_MS = 500;

interface Reading {
  readonly kind: Incoming["kind"];
  readonly text: string;
  /** The thread is one that Docent takes part in: its conversation. */
  readonly conversation: string | undefined;
}

/**
 * Takes a message: a question, files to note, or nothing for Docent. Resolves when core has it.
 * `message` and `app_mention` tell of the same mention under two event ids (facts S3): both end in the same key.
 */
export async function takeMessage(room: Room, event: MessageEvent, known: Known): Promise<void> {
  const author = event.user;
  const { botUserId } = room.identity();
  if (author === undefined || !isFromPerson(event, botUserId)) return;
  await room.deliveries.once(event, isMention(event, botUserId), () => takeDelivered(room, event, author, known));
}

async function takeDelivered(room: Room, event: MessageEvent, author: string, known: Known): Promise<void> {
  const arrival = room.arrivals.enter(event.channel);
  try {
    // Whether a thread is Docent's may hang on the question before this one.
    if (event.thread_ts !== undefined) await arrival.isNext;
    const found = await toIncoming(room, event, author, known.isShared);
    await arrival.isNext;
    if (found !== null) await give(room, event, found, known);
  } catch (error) {
    tellTrouble(room, event, author, error);
    throw error;
  } finally {
    arrival.leave();
  }
}

/** Takes a message for which the caller holds the channel's place in the order of arrival. */
export async function takeInLane(room: Room, event: MessageEvent, known: Known): Promise<void> {
  const author = event.user;
  if (author === undefined || !isFromPerson(event, room.identity().botUserId)) return;
  const found = await toIncoming(room, event, author, known.isShared);
  if (found !== null) await give(room, event, found, known);
}

/** Slack delivers again what was not acknowledged, but not for long: whoever asked learns of it the first time. */
function tellTrouble(room: Room, event: MessageEvent, author: string, error: unknown): void {
  const failure = toDocentError(error, "Accepting a message from Slack");
  const isMeantForUs = event.channel_type === "im" || mentions(event.text ?? "", room.identity().botUserId);
  if (!isMeantForUs || !TROUBLE.includes(failure.code) || !room.told.add(`${event.channel}:${event.ts}`)) return;
  room.background("tell that a message could not be kept", async () => {
    const to = { channel: event.channel, user: author, threadTs: event.thread_ts ?? null };
    await whisper(room, to, errorText(failure, await localeOf(room, author)));
  });
}

interface Found {
  readonly incoming: Incoming;
  readonly replyTo: ReplyTo;
}

interface Known {
  /** What the envelope says of the channel. */
  readonly isShared: boolean | undefined;
  readonly showTurn: (turn: TurnView) => Promise<void>;
  /** Somebody has taken it before: nobody is told anything again. */
  readonly isRepeat?: boolean;
}

async function give(room: Room, event: MessageEvent, { incoming, replyTo }: Found, known: Known): Promise<void> {
  const noteKey = (): Promise<void> => room.memory.noteKey(event.client_msg_id, incoming.key);
  const accepted = await acceptIncoming(room, incoming, noteKey);
  // Threads are not in a channel's history: they are no mark for what was seen of it.
  if (replyTo.threadTs === null || replyTo.threadTs === replyTo.messageTs) {
    if (replyTo.messageTs !== null) room.seenMarks.note(replyTo.channel, replyTo.messageTs);
  }
  if ("refusal" in accepted) {
    // What came live may be fetched once more.
    if (known.isRepeat !== true && room.told.add(`refused ${event.channel}:${event.ts}`)) {
      room.background("tell a refusal", () => whisper(room, replyTo, accepted.refusal));
    }
    return;
  }
  if (accepted.turn !== null && accepted.isNew) await known.showTurn(accepted.turn);
}

/** The message as core takes it; null when it is not meant for Docent. */
async function toIncoming(
  room: Room,
  event: MessageEvent,
  author: string,
  isShared: boolean | undefined,
): Promise<Found | null> {
  const { teamId } = room.identity();
  const reading = await read(room, event);
  if (reading === null) return null;

  const { channel: channelId, ts } = event;
  const isDirect = event.channel_type === "im";
  const threadTs = event.thread_ts ?? (isDirect ? null : ts);
  const isNote = reading.kind === "note";
  const isInThread = event.thread_ts !== undefined && event.thread_ts !== ts;
  const wantsParent = !isNote && !isDirect && isInThread && reading.conversation === undefined;
  const naturalKey = `slack:${teamId}:${channelId}:${ts}`;
  const [[channel, key], locale, person, own, parent, shared] = await Promise.all([
    toChannel(room, channelId, { isDirect, isShared }).then(async (found) => {
      const known = found.isShared
        ? await room.memory.canonicalKey(event.client_msg_id, naturalKey)
        : await room.memory.knownKey(event.client_msg_id);
      return [found, known ?? naturalKey] as const;
    }),
    localeOf(room, author),
    room.directory.person(author),
    filesOf(room, event, isNote),
    wantsParent ? readParent(room, channelId, event.thread_ts ?? ts) : null,
    sharedTextOf(room, event),
  ]);
  const attachments = unique([...own, ...(parent?.attachments ?? [])]);
  const context = [parent?.text, shared].filter(Boolean).join("\n\n") || null;
  const isBare = reading.kind === "question" && reading.text === "" && (context !== null || attachments.length > 0);
  const replyTo: ReplyTo = { channel: channelId, threadTs, messageTs: ts, user: author, pending: null };
  const incoming: Incoming = {
    key,
    bot: "slack",
    kind: reading.kind,
    channel,
    conversation: reading.conversation ?? toConversation(room, channel, threadTs),
    author: toAuthor(author, person),
    text: isBare ? sentence("slack.summarise", locale) : reading.text,
    context,
    attachments,
    locale,
    replyTo,
    sentAt: Math.round(Number(ts) * 1000),
  };
  return { incoming, replyTo };
}

/** What a message means to Docent; null when it is not meant for it. */
async function read(room: Room, event: MessageEvent): Promise<Reading | null> {
  const { botUserId } = room.identity();
  const raw = event.text ?? "";
  const hasFiles = (event.files ?? []).length > 0;
  const isDirect = event.channel_type === "im";
  const isMentioned = isMention(event, botUserId);
  const conversation = await findConversation(room, event);
  const isFollowUp = conversation !== undefined && !speaksToSomebodyElse(raw, botUserId);
  const text = isDirect || isMentioned || isFollowUp ? await decode(room, raw) : "";
  const isQuestion =
    isMentioned || ((isDirect || isFollowUp) && (text !== "" || (event.attachments ?? []).some(isShare)));
  if (isQuestion) return { kind: "question", text, conversation };
  if (!hasFiles || (room.options.readUploads === "off" && !isDirect)) return null;
  return { kind: "note", text: "", conversation };
}

/** The conversation of the thread in which a message stands, when Docent takes part in it. */
async function findConversation(
  room: Room,
  { channel, ts, thread_ts: root }: MessageEvent,
): Promise<string | undefined> {
  if (root === undefined) return undefined;
  const known = await room.memory.conversationOf(channel, root);
  if (known !== undefined || root === ts || (Number(ts) - Number(root)) * 1000 > YOUNG_THREAD_MS) return known;
  // The question that makes it Docent's thread may be on its way through another replica.
  await room.options.clock.sleep(LOOK_AGAIN_MS);
  return await room.memory.conversationOf(channel, root);
}

function isMention(event: MessageEvent, botUserId: string): boolean {
  return event.type === "app_mention" || mentions(event.text ?? "", botUserId);
}

function isFromPerson(event: MessageEvent, botUserId: string): boolean {
  if (event.bot_id !== undefined || event.user === botUserId || event.user === "USLACKBOT") return false;
  // An edit that adds a mention comes as `app_mention` with `edited`.
  return SUBTYPES_OF_PEOPLE.includes(event.subtype) && event.edited === undefined;
}

async function filesOf(room: Room, event: MessageEvent, isNote: boolean): Promise<readonly Attachment[]> {
  const origin = { channel: event.channel, ts: event.ts, threadTs: event.thread_ts ?? null };
  const own = await toAttachments(room, event.files, { ...origin, isNote });
  const forwarded = (event.attachments ?? []).filter(isShare).flatMap(({ files }) => files ?? []);
  return isNote ? own : [...own, ...(await toAttachments(room, forwarded, { ...origin, isNote: false }))];
}

async function sharedTextOf(room: Room, message: SlackMessage): Promise<string> {
  const shared = (message.attachments ?? []).filter(isShare).map(({ text }) => decode(room, text ?? ""));
  return (await Promise.all(shared)).filter(Boolean).join("\n\n");
}

function isShare(attachment: { readonly is_share?: boolean; readonly is_msg_unfurl?: boolean }): boolean {
  return attachment.is_share === true || attachment.is_msg_unfurl === true;
}

function unique(attachments: readonly Attachment[]): readonly Attachment[] {
  return [...new Map(attachments.map((attachment) => [attachment.key, attachment])).values()];
}
