import { toDocentError } from "../../../core/errors.ts";
import type { Incoming } from "../../../core/incoming.ts";
import { errorText, text as sentence } from "../../../core/texts/text.ts";
import type { TurnView } from "../../../core/turn.ts";
import { acceptIncoming, rememberFiles } from "./accept.ts";
import { CALLBACKS } from "../app-contract.ts";
import type { Handled, MessageAction, ViewSubmission } from "../payloads.ts";
import { replyToCommand, tell } from "../posting/reply-to-command.ts";
import type { PendingQuestion, ReplyTo } from "../reply-to.ts";
import { localeOf, toAuthor, toChannel, toConversation, type Room } from "../room.ts";
import { explainRefusal } from "../slack-api.ts";
import { toKnowledgeKey } from "./take-deletion.ts";
import { decode } from "./decode-message.ts";
import { toAttachments } from "./to-attachment.ts";

const QUESTION_BLOCK = "question";
const QUESTION_INPUT = "text";
/** What a plain text input takes. */
const MAX_QUESTION = 3_000;

/** A shortcut on a message: a question about it, or its files for the whole workspace. */
export async function takeMessageAction(room: Room, action: MessageAction): Promise<Handled> {
  if (action.callback_id === CALLBACKS.askAbout) return await openQuestion(room, action);
  if (action.callback_id === CALLBACKS.addKnowledge) return await addKnowledge(room, action);
  return {};
}

/** Opens the modal for the question. The message is kept meanwhile: the bot may be unable to read it again. */
async function openQuestion(room: Room, action: MessageAction): Promise<Handled> {
  const { message, channel, user } = action;
  const locale = await localeOf(room, user.id);
  const id = action.trigger_id;
  await room.memory.keepTarget(id, {
    channel: channel.id,
    ts: message.ts,
    threadTs: message.thread_ts ?? null,
    text: message.text ?? "",
    files: message.files ?? [],
  });
  // The trigger lives three seconds, as long as the acknowledgement may take: both go at once.
  return {
    later: async () => {
      try {
        await room.api.call("views.open", { trigger_id: action.trigger_id, view: toModal(id, locale) });
      } catch (error) {
        room.options.log.warn("A modal could not be opened.", { reason: explainRefusal("views.open", error) });
        await tell(room, action.response_url, sentence("slack.modal_failed", locale));
      }
    },
  };
}

/** The modal was filled in: the question is accepted before it closes. */
export async function takeViewSubmission(
  room: Room,
  submission: ViewSubmission,
  showTurn: (turn: TurnView) => Promise<void>,
): Promise<Handled> {
  const { view, user } = submission;
  if (view.callback_id !== CALLBACKS.askAbout) return {};
  const targetId = view.private_metadata ?? "";
  const [target, locale, person] = await Promise.all([
    room.memory.target(targetId),
    localeOf(room, user.id),
    room.directory.person(user.id),
  ]);
  const refuse = (message: string): Handled => ({
    answer: { response_action: "errors", errors: { [QUESTION_BLOCK]: message } },
  });
  if (target === undefined) return refuse(sentence("slack.modal_failed", locale));
  const facts = await room.directory.channel(target.channel);
  // Where Docent is not, the answer goes to the person alone, and the files belong to that direct message.
  const here = facts?.isMember === false ? await directOf(room, user.id) : target.channel;
  if (here === null) return refuse(sentence("slack.invite_first", locale));
  const isHere = here === target.channel;
  const channel = await toChannel(room, here);
  const threadTs = isHere ? (target.threadTs ?? target.ts) : null;
  const typed = (view.state.values[QUESTION_BLOCK]?.[QUESTION_INPUT]?.value ?? "").trim();
  const text = typed || sentence("slack.summarise", locale);
  const key = `${channel.key}:about:${view.id}`;
  const known = threadTs === null ? undefined : await room.memory.conversationOf(here, threadTs);
  const conversation = known ?? toConversation(room, channel, threadTs ?? `about:${view.id}`);
  const askedBy = person?.name ?? user.id;
  const pending: PendingQuestion = { id: `question:${key}`, text, askedBy, locale, conversation };
  const replyTo: ReplyTo = { channel: here, threadTs, messageTs: null, user: user.id, pending };
  const origin = { channel: target.channel, ts: target.ts, threadTs: target.threadTs, isNote: false };
  const accepted = await acceptIncoming(room, {
    key,
    bot: "slack",
    kind: "question",
    channel,
    conversation,
    author: toAuthor(user.id, person),
    text,
    context: (await decode(room, target.text)) || null,
    attachments: await toAttachments(room, target.files, origin),
    locale,
    replyTo,
    sentAt: room.options.clock.now(),
  }).catch((error: unknown) => ({ refusal: errorText(toDocentError(error, "Accepting a question"), locale) }));
  if ("refusal" in accepted) return refuse(accepted.refusal);
  await room.memory.dropTarget(targetId);
  const { turn } = accepted;
  return { later: async () => (turn === null ? undefined : await showTurn(turn)) };
}

/** The command `knowledge add` with the files of a message: core looks at the rights, and words the reply. */
async function addKnowledge(room: Room, action: MessageAction): Promise<Handled> {
  const { message, user, response_url: responseUrl } = action;
  const files = message.files ?? [];
  const [channel, locale, person] = await Promise.all([
    toChannel(room, action.channel.id),
    localeOf(room, user.id),
    room.directory.person(user.id),
  ]);
  if (files.length === 0) return { later: () => tell(room, responseUrl, sentence("slack.knowledge_no_files", locale)) };
  const { ts, thread_ts: threadTs = null } = message;
  const origin = { channel: action.channel.id, ts, threadTs, isNote: false };
  const author = toAuthor(user.id, person);
  const conversation = toConversation(room, channel, threadTs ?? ts);
  const replyTo: ReplyTo = {
    channel: action.channel.id,
    threadTs: threadTs ?? ts,
    messageTs: ts,
    user: user.id,
    pending: null,
  };
  const incoming: Incoming = {
    key: toKnowledgeKey(`${channel.key}:${ts}`),
    bot: "slack",
    kind: "knowledge",
    channel,
    conversation,
    author,
    text: "",
    context: null,
    attachments: await toAttachments(room, files, origin),
    locale,
    replyTo,
    sentAt: Math.round(Number(ts) * 1000),
  };
  await rememberFiles(room, incoming);
  const reply = await room.docent().command({
    key: `${channel.key}:command:${action.trigger_id}`,
    name: "knowledge",
    argument: "add",
    channel,
    conversation,
    author,
    bot: "slack",
    replyTo: { responseUrl, channel: action.channel.id },
    isAdmin: person?.isAdmin === true,
    locale,
    confirmed: false,
    brings: incoming,
  });
  return { later: async () => void (reply !== null && (await replyToCommand(room, responseUrl, reply))) };
}

async function directOf(room: Room, user: string): Promise<string | null> {
  try {
    const { channel } = await room.api.call<{ channel: { id: string } }>("conversations.open", { users: user });
    return channel.id;
  } catch (error) {
    room.options.log.warn("A direct message could not be opened.", {
      reason: explainRefusal("conversations.open", error),
    });
    return null;
  }
}

function toModal(id: string, locale: string | null): object {
  const plain = (text: string): object => ({ type: "plain_text", text });
  return {
    type: "modal",
    callback_id: CALLBACKS.askAbout,
    private_metadata: id,
    // So that what was kept for the question goes when none is asked.
    notify_on_close: true,
    title: plain(sentence("slack.modal_title", locale)),
    submit: plain(sentence("slack.modal_submit", locale)),
    close: plain(sentence("slack.modal_close", locale)),
    blocks: [
      {
        type: "input",
        block_id: QUESTION_BLOCK,
        optional: true,
        label: plain(sentence("slack.modal_label", locale)),
        hint: plain(sentence("slack.modal_hint", locale)),
        element: { type: "plain_text_input", action_id: QUESTION_INPUT, multiline: true, max_length: MAX_QUESTION },
      },
    ],
  };
}
