import type { IncomingMessage, ServerResponse } from "node:http";
import { CHAT_METHODS } from "./chat-methods.ts";
import { CONVERSATION_METHODS } from "./conversation-methods.ts";
import type { Fault } from "./faults.ts";
import { parseArgs, readBody, refuse, sendJson, SlackRefusal, toText } from "./http.ts";
import { OTHER_METHODS } from "./other-methods.ts";
import type { Json, World } from "./world.ts";

/** One method of the Web API. `scopes` are all needed; some methods look at the channel's kind and ask for more. */
export interface Method {
  readonly scopes: readonly string[];
  run(world: World, args: Json): Json;
}

const METHODS: Readonly<Record<string, Method>> = { ...CHAT_METHODS, ...CONVERSATION_METHODS, ...OTHER_METHODS };

/** Answers `POST /api/{method}` with the bot's token, as strictly as Slack does. */
export async function answerMethod(
  world: World,
  method: string,
  request: IncomingMessage,
  out: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const args = parseArgs(body, request.headers["content-type"] ?? "");
  const fault = method === "apps.connections.open" ? null : world.faults.take(method);
  const call = { method, args, error: null as string | null };
  world.calls.push(call);
  if (isBefore(fault) && spoil(out, fault)) return world.changed();
  const limited = fault?.kind === "rate-limit" ? fault.retryAfterSeconds : limitOf(world, method, args);
  if (limited !== null) {
    call.error = "ratelimited";
    out.writeHead(429, { "retry-after": String(limited), "content-type": "application/json" });
    out.end(JSON.stringify({ ok: false, error: "ratelimited" }));
    return world.changed();
  }
  let answer: Json;
  try {
    if (fault?.kind === "error") refuse(fault.error);
    answer = { ok: true, ...run(world, method, args, tokenOf(request, args)) };
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    call.error = error.error;
    answer = { ok: false, error: error.error, ...error.extra };
  }
  if (fault !== null && !isBefore(fault) && spoil(out, fault)) return world.changed();
  sendJson(out, answer, { "x-oauth-scopes": [...world.scopes].join(",") });
  world.changed();
}

/** The token of a request: in the header, or as an argument. */
export function tokenOf(request: IncomingMessage, args: Json): string | null {
  const header = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  return header ?? (typeof args["token"] === "string" ? args["token"] : null);
}

function run(world: World, name: string, args: Json, token: string | null): Json {
  if (token === null) refuse("not_authed");
  if (token === world.options.appToken) refuse("not_allowed_token_type");
  if (token !== world.options.botToken) refuse("invalid_auth");
  if (!world.isInstalled) refuse("account_inactive");
  const method = METHODS[name] ?? refuse("unknown_method", { req_method: name });
  const needed = method.scopes.find((scope) => !world.scopes.has(scope));
  if (needed !== undefined) refuse("missing_scope", { needed, provided: [...world.scopes].join(",") });
  return method.run(world, args);
}

const lastPosts = new WeakMap<World, Map<string, number>>();

/** Seconds to wait when a channel gets more than one post per interval; null when it may go on. */
function limitOf(world: World, method: string, args: Json): number | null {
  const { postIntervalMs, now } = world.options;
  if (method !== "chat.postMessage" || postIntervalMs === null) return null;
  const posts = lastPosts.get(world) ?? new Map<string, number>();
  lastPosts.set(world, posts);
  const channel = toText(args["channel"]);
  const wait = (posts.get(channel) ?? Number.NEGATIVE_INFINITY) + postIntervalMs - now();
  if (wait > 0) return Math.max(1, Math.ceil(wait / 1000));
  posts.set(channel, now());
  return null;
}

function isBefore(fault: Fault | null): boolean {
  return fault !== null && "when" in fault && fault.when === "before";
}

/** Ends the exchange as the fault says. False for a fault that is an answer of Slack's. */
function spoil(out: ServerResponse, fault: Fault | null): boolean {
  if (fault?.kind === "status") out.writeHead(fault.status, { "content-type": "text/plain" }).end("upstream error");
  else if (fault?.kind === "reset") out.destroy();
  else return fault?.kind === "silent";
  return true;
}
