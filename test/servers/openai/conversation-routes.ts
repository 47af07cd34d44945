import { checkMetadata, toInputItems } from "./check-request.ts";
import { param, type Call, type Handler, type ServerContext } from "./context.ts";
import { ApiFault, notFound, toPage } from "./http.ts";
import { isJson, newId, seconds, type Conversation, type Item, type Json } from "./state.ts";

export const createConversation: Handler = (context, { body }) => {
  checkMetadata(body["metadata"]);
  const conversation: Conversation = {
    id: newId("conv_"),
    createdAt: seconds(),
    metadata: isJson(body["metadata"]) ? body["metadata"] : {},
    items: toItems(context, body["items"] ?? []),
    lockedBy: null,
  };
  context.state.conversations.set(conversation.id, conversation);
  return { status: 200, json: toConversationJson(conversation) };
};

export const retrieveConversation: Handler = (context, call) => ({
  status: 200,
  json: toConversationJson(conversationOf(context, call)),
});

export const updateConversation: Handler = (context, call) => {
  const conversation = conversationOf(context, call);
  checkMetadata(call.body["metadata"]);
  conversation.metadata = isJson(call.body["metadata"]) ? call.body["metadata"] : {};
  return { status: 200, json: toConversationJson(conversation) };
};

/** "Items in the conversation will not be deleted": they stay at the vendor, out of reach. */
export const deleteConversation: Handler = (context, call) => {
  const conversation = conversationOf(context, call);
  context.state.conversations.delete(conversation.id);
  context.state.orphanItems.push(...conversation.items);
  return { status: 200, json: { id: conversation.id, object: "conversation.deleted", deleted: true } };
};

export const listItems: Handler = (context, call) => {
  const include = call.query.getAll("include[]").concat(call.query.getAll("include"));
  const results = include.includes("file_search_call.results");
  const items = conversationOf(context, call).items;
  return {
    status: 200,
    json: toPage(items, call.query, { idOf: (item) => item.id, toJson: (item) => withResults(item, results) }),
  };
};

export const createItems: Handler = (context, call) => {
  const conversation = conversationOf(context, call);
  checkUnlocked(conversation);
  const items = toItems(context, call.body["items"]);
  conversation.items.push(...items);
  return {
    status: 200,
    json: {
      object: "list",
      data: items,
      has_more: false,
      first_id: items[0]?.id ?? "",
      last_id: items.at(-1)?.id ?? "",
    },
  };
};

export const retrieveItem: Handler = (context, call) => ({
  status: 200,
  json: withResults(itemOf(conversationOf(context, call), call), false),
});

export const deleteItem: Handler = (context, call) => {
  const conversation = conversationOf(context, call);
  const item = itemOf(conversation, call);
  checkUnlocked(conversation);
  conversation.items = conversation.items.filter((other) => other !== item);
  return { status: 200, json: toConversationJson(conversation) };
};

/** The vendor's words, from a recorded answer. */
export function checkUnlocked(conversation: Conversation): void {
  if (conversation.lockedBy === null) return;
  throw new ApiFault(
    400,
    "Another process is currently operating on this conversation. Please retry in a few seconds.",
    { param: "conversation", code: "conversation_locked" },
  );
}

export function withResults(item: Item, results: boolean): Json {
  return item.type === "file_search_call" && !results ? { ...item, results: null } : item;
}

function toItems(context: ServerContext, value: unknown): Item[] {
  if (!Array.isArray(value)) throw new ApiFault(400, "'items' must be a list.", { param: "items" });
  if (value.length > 20)
    throw new ApiFault(400, "At most 20 items.", { param: "items", code: "array_above_max_length" });
  return toInputItems(context, value);
}

function conversationOf({ state }: ServerContext, call: Call): Conversation {
  const id = param(call, 0);
  const conversation = state.conversations.get(id);
  if (conversation === undefined) throw new ApiFault(404, `Conversation with id '${id}' not found.`);
  return conversation;
}

function itemOf(conversation: Conversation, call: Call): Item {
  const id = param(call, 1);
  const item = conversation.items.find((other) => other.id === id);
  if (item === undefined) throw notFound("item", id);
  return item;
}

function toConversationJson(conversation: Conversation): Json {
  return {
    id: conversation.id,
    object: "conversation",
    created_at: conversation.createdAt,
    metadata: conversation.metadata,
  };
}
