import type { ServerResponse } from "node:http";
import { countItems } from "./bill-input.ts";
import { asList, checkResponseRequest, missingFile, toInputItems } from "./check-request.ts";
import { param, type Call, type Handler, type ServerContext } from "./context.ts";
import { checkUnlocked } from "./conversation-routes.ts";
import type { Fault } from "./faults.ts";
import { ApiFault, toPage, type Reply } from "./http.ts";
import { cancelResponse, isTerminal, runResponse } from "./run-response.ts";
import {
  contentParts,
  isJson,
  newId,
  seconds,
  textOf,
  type Conversation,
  type Json,
  type StoredResponse,
  type StreamEvent,
} from "./state.ts";

export const createResponse: Handler = async (context, { body, fault }): Promise<Reply> => {
  checkResponseRequest(context, body);
  const conversation = conversationOf(context, body["conversation"]);
  if (conversation !== null) {
    checkUnlocked(conversation);
    checkHistory(context, conversation);
  }
  const inputItems = toInputItems(context, body["input"]);
  const id = newId("resp_");
  const stored: StoredResponse = {
    id,
    request: body,
    body: toResponseJson(id, body),
    inputItems,
    conversation,
    streamed: body["stream"] === true,
    events: [],
    listeners: new Set(),
    ended: false,
  };
  context.state.responses.set(id, stored);
  if (conversation !== null && context.behaviour.lockUntil === "terminal") conversation.lockedBy = id;
  runResponse(context, stored, fault);
  if (body["stream"] === true && context.behaviour.supportsStream === true) {
    return { status: 200, stream: (out) => streamEvents(stored, out, { after: -1, fault }) };
  }
  if (body["background"] !== true) await untilEnded(stored);
  return { status: 200, json: stored.body };
};

export const retrieveResponse: Handler = (context, call): Reply => {
  const { pollAfterMs } = context.behaviour;
  const headers: Record<string, string> = pollAfterMs === null ? {} : { "openai-poll-after-ms": String(pollAfterMs) };
  return { status: 200, headers, json: responseOf(context, call).body };
};

export const streamResponse: Handler = (context, call): Reply => {
  const stored = responseOf(context, call);
  if (context.behaviour.supportsStream === "ignored") return { status: 200, json: stored.body };
  if (!stored.streamed) {
    throw new ApiFault(400, "This response cannot be streamed: it was not created with stream=true.", {
      param: "stream",
    });
  }
  const after = call.query.get("starting_after");
  return {
    status: 200,
    stream: (out) => streamEvents(stored, out, { after: after === null ? -1 : Number(after), fault: call.fault }),
  };
};

/** Cancels a background response; a second call returns the final object. */
export const cancelRoute: Handler = (context, call) => {
  const stored = responseOf(context, call);
  if (stored.request["background"] !== true) {
    throw new ApiFault(400, "Only background responses can be cancelled.", { code: "invalid_value" });
  }
  cancelResponse(context, stored);
  return { status: 200, json: stored.body };
};

export const deleteResponse: Handler = (context, call) => {
  const stored = responseOf(context, call);
  context.state.responses.delete(stored.id);
  return { status: 200, json: { id: stored.id, object: "response", deleted: true } };
};

export const listInputItems: Handler = (context, call) => {
  const options = { idOf: (item: Json) => textOf(item["id"]), toJson: (item: Json) => item };
  return { status: 200, json: toPage(responseOf(context, call).inputItems, call.query, options) };
};

export const countInputTokens: Handler = async (context, { body }) => {
  const conversation = conversationOf(context, body["conversation"]);
  const items = [...(conversation?.items ?? []), ...toInputItems(context, body["input"])];
  return {
    status: 200,
    json: { object: "response.input_tokens", input_tokens: await countItems(context.state, items) },
  };
};

function checkHistory({ state, behaviour }: ServerContext, conversation: Conversation): void {
  if (behaviour.deletedFileInHistory === "ignored") return;
  for (const part of conversation.items.flatMap(contentParts)) {
    const id = textOf(part["file_id"]);
    if (id !== "" && !state.files.has(id)) throw missingFile(id, behaviour.missingFileStatus);
  }
}

function conversationOf({ state }: ServerContext, value: unknown): Conversation | null {
  if (value === undefined || value === null) return null;
  const id = isJson(value) ? textOf(value["id"]) : textOf(value);
  const conversation = state.conversations.get(id);
  if (conversation === undefined) throw new ApiFault(404, `Conversation with id '${id}' not found.`);
  return conversation;
}

function responseOf({ state }: ServerContext, call: Call): StoredResponse {
  const id = param(call, 0);
  const stored = state.responses.get(id);
  if (stored === undefined) throw new ApiFault(404, `Response with id '${id}' not found.`);
  return stored;
}

function untilEnded(stored: StoredResponse): Promise<void> {
  if (stored.ended) return Promise.resolve();
  return new Promise((resolve) => {
    const listener = (event: StreamEvent): void => {
      if (!isJson(event["response"]) || !isTerminal(event["response"])) return;
      stored.listeners.delete(listener);
      resolve();
    };
    stored.listeners.add(listener);
  });
}

function streamEvents(
  stored: StoredResponse,
  out: ServerResponse,
  options: { after: number; fault: Fault | undefined },
): void {
  const { fault } = options;
  let sent = 0;
  const write = (event: StreamEvent): void => {
    if (event.sequence_number <= options.after || out.destroyed) return;
    const broken = fault?.kind === "stream-cut" || fault?.kind === "stream-silent";
    if (broken && sent >= fault.afterEvents) {
      if (fault.kind === "stream-cut") out.destroy();
      return;
    }
    sent += 1;
    out.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (isJson(event["response"]) && isTerminal(event["response"])) {
      stored.listeners.delete(write);
      out.end();
    }
  };
  out.on("close", () => stored.listeners.delete(write));
  for (const event of stored.events) write(event);
  if (!stored.ended) stored.listeners.add(write);
  else if (!out.writableEnded && fault === undefined) out.end();
}

function toResponseJson(id: string, request: Json): Json {
  const conversation = request["conversation"];
  const conversationId = isJson(conversation) ? conversation["id"] : conversation;
  return {
    id,
    object: "response",
    created_at: seconds(),
    status: request["background"] === true ? "queued" : "in_progress",
    background: request["background"] === true,
    error: null,
    incomplete_details: null,
    instructions: request["instructions"] ?? null,
    conversation: conversationId === undefined || conversationId === null ? null : { id: conversationId },
    max_output_tokens: request["max_output_tokens"] ?? null,
    model: request["model"],
    output: [],
    parallel_tool_calls: true,
    previous_response_id: request["previous_response_id"] ?? null,
    temperature: 1,
    tool_choice: "auto",
    tools: asList(request["tools"]),
    top_p: 1,
    truncation: "disabled",
    metadata: request["metadata"] ?? {},
  };
}
