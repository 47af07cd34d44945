import { checkMessage, checkModal } from "./check-message.ts";
import type { Route, RouteCall, ServerContext } from "./context.ts";
import { ApiFault, invalidField, type Json } from "./fault.ts";
import { dropMessages, keepMessage } from "./keep-message.ts";
import { applyEdit, restView } from "./message-routes.ts";
import type { Interaction, Message } from "./state.ts";

const ANSWER_WITHIN_MS = 3000;
const TOKEN_LIFE_MS = 15 * 60_000;
const EPHEMERAL = 1 << 6;

const CALLBACK = "/interactions/:interaction/:token/callback";
const WEBHOOK = "/webhooks/:application/:token";

/** interactions/receiving-and-responding.mdx. They carry their own token and do not count against the global limit. */
export const INTERACTION_ROUTES: readonly Route[] = (
  [
    { method: "POST", path: CALLBACK, handle: callback },
    { method: "GET", path: `${WEBHOOK}/messages/@original`, handle: getOriginal },
    { method: "PATCH", path: `${WEBHOOK}/messages/@original`, handle: editOriginal },
    { method: "DELETE", path: `${WEBHOOK}/messages/@original`, handle: deleteOriginal },
    { method: "POST", path: WEBHOOK, handle: followUp },
    { method: "PATCH", path: `${WEBHOOK}/messages/:message`, handle: editFollowUp },
  ] satisfies readonly Route[]
).map((route) => ({ ...route, isInteraction: true }));

function callback(call: RouteCall): { status: number; json?: unknown } {
  const { context, params, body, query } = call;
  const interaction = context.state.interactions.get(params["interaction"] ?? "");
  const isLate = interaction !== undefined && context.now() - interaction.createdAt > ANSWER_WITHIN_MS;
  if (interaction === undefined || interaction.token !== params["token"]) throw new ApiFault(10062);
  if (interaction.answeredWith !== null) throw new ApiFault(40060);
  if (isLate) throw new ApiFault(10062);
  const type = Number(body["type"]);
  const data = (body["data"] ?? {}) as Json;
  answer(context, interaction, type, data);
  interaction.answeredWith = type;
  context.changed();
  if (query.get("with_response") !== "true") return { status: 204 };
  const message = interaction.responseId === null ? undefined : context.state.messages.get(interaction.responseId);
  return {
    status: 200,
    json: {
      interaction: { id: interaction.id, type: interaction.type, response_message_id: interaction.responseId },
      resource: { type, ...(message === undefined ? {} : { message: restView(context, message) }) },
    },
  };
}

function answer(context: ServerContext, interaction: Interaction, type: number, data: Json): void {
  const isOfMessage = interaction.sourceMessageId !== null;
  switch (type) {
    case 4: {
      interaction.isEphemeral = (Number(data["flags"] ?? 0) & EPHEMERAL) !== 0;
      interaction.responseId = say(context, interaction, data, interaction.isEphemeral).id;
      return;
    }
    case 5: {
      // A deferred answer takes nothing but the ephemeral flag.
      interaction.isEphemeral = (Number(data["flags"] ?? 0) & EPHEMERAL) !== 0;
      interaction.responseId = think(context, interaction).id;
      return;
    }
    case 6:
    case 7: {
      const source = context.state.messages.get(interaction.sourceMessageId ?? "");
      if (!isOfMessage || source === undefined) throw invalidField("type", "BASE_TYPE_CHOICES", "Not of a message.");
      interaction.responseId = source.id;
      interaction.isEphemeral = source.onlyFor !== null;
      if (type === 7) applyEdit(context, source, data);
      return;
    }
    case 9: {
      if (interaction.type === 5) throw invalidField("type", "BASE_TYPE_CHOICES", "A modal cannot open a modal.");
      checkModal(data);
      interaction.modal = data;
      return;
    }
    default: {
      throw invalidField("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 9}.");
    }
  }
}

function say(context: ServerContext, interaction: Interaction, data: Json, isEphemeral: boolean): Message {
  const { content, flags, components } = checkMessage(data, { isInteraction: true });
  return keepMessage(context, {
    channelId: interaction.channelId,
    authorId: context.state.app.botId,
    webhookId: context.state.app.id,
    content,
    flags,
    components,
    type: interaction.type === 2 ? 20 : 0,
    onlyFor: isEphemeral ? interaction.userId : null,
    interactionId: interaction.id,
  });
}

function think(context: ServerContext, interaction: Interaction): Message {
  return keepMessage(context, {
    channelId: interaction.channelId,
    authorId: context.state.app.botId,
    webhookId: context.state.app.id,
    content: "",
    type: 20,
    isThinking: true,
    onlyFor: interaction.isEphemeral ? interaction.userId : null,
    interactionId: interaction.id,
  });
}

/** @throws ApiFault 10015 before the first answer, 50027 after fifteen minutes */
function byToken({ context, params }: RouteCall): Interaction {
  const found = [...context.state.interactions.values()].find(({ token }) => token === params["token"]);
  if (found === undefined || found.answeredWith === null) throw new ApiFault(10015);
  if (context.now() - found.createdAt > TOKEN_LIFE_MS) throw new ApiFault(50027);
  return found;
}

function original(call: RouteCall): Message {
  const message = call.context.state.messages.get(byToken(call).responseId ?? "");
  if (message === undefined) throw new ApiFault(10008);
  return message;
}

function getOriginal(call: RouteCall): { status: number; json: unknown } {
  return { status: 200, json: restView(call.context, original(call)) };
}

function editOriginal(call: RouteCall): { status: number; json: unknown } {
  const message = original(call);
  applyEdit(call.context, message, call.body);
  return { status: 200, json: restView(call.context, message) };
}

function deleteOriginal(call: RouteCall): { status: number } {
  dropMessages(call.context, [original(call)]);
  return { status: 204 };
}

function followUp(call: RouteCall): { status: number; json: unknown } {
  const interaction = byToken(call);
  const thinking = call.context.state.messages.get(interaction.responseId ?? "");
  // The first follow-up of a deferred answer takes its place, and its privacy.
  if (thinking?.isThinking === true) {
    applyEdit(call.context, thinking, call.body);
    return { status: 200, json: restView(call.context, thinking) };
  }
  const isEphemeral = (Number(call.body["flags"] ?? 0) & EPHEMERAL) !== 0;
  const message = say(call.context, interaction, call.body, isEphemeral);
  return { status: 200, json: restView(call.context, message) };
}

function editFollowUp(call: RouteCall): { status: number; json: unknown } {
  byToken(call);
  const message = call.context.state.messages.get(call.params["message"] ?? "");
  if (message === undefined) throw new ApiFault(10008);
  applyEdit(call.context, message, call.body);
  return { status: 200, json: restView(call.context, message) };
}
