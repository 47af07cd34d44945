import type { IncomingMessage, ServerResponse } from "node:http";
import { addMessage, hasPreviews, toContent } from "./chat-methods.ts";
import { readBody, refuse, SlackRefusal } from "./http.ts";
import type { Json, World } from "./world.ts";

const MAX_USES = 5;

/** A `response_url`: five uses within thirty minutes, no token, no `markdown_text`. */
export async function answerResponseUrl(world: World, request: IncomingMessage, out: ServerResponse): Promise<void> {
  const id = new URL(request.url ?? "/", "http://localhost").pathname.split("/").at(-1) ?? "";
  const text = await readBody(request);
  const target = world.responseUrls.get(id);
  const fault = world.faults.take("response_url");
  if (fault?.kind === "status") return void out.writeHead(fault.status).end("error");
  try {
    if (target === undefined || world.options.now() > target.expiresAt) throw new SlackRefusal("expired_url");
    if (target.uses >= MAX_USES) throw new SlackRefusal("used_url");
    target.uses += 1;
    take(world, target, JSON.parse(text) as Json);
    out.writeHead(200, { "content-type": "text/plain" }).end("ok");
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    const status = error.error === "expired_url" || error.error === "used_url" ? 404 : 400;
    out.writeHead(status, { "content-type": "text/plain" }).end(error.error);
  }
  world.changed();
}

function take(world: World, target: NonNullable<ReturnType<World["responseUrls"]["get"]>>, body: Json): void {
  if (body["markdown_text"] !== undefined) refuse("invalid_payload");
  const isOwn = world.messages.find(({ ts }) => ts === target.messageTs);
  if (body["delete_original"] === true) {
    if (isOwn !== undefined) isOwn.isDeleted = true;
    return;
  }
  const { text, markdown, blocks } = toContent(body, 40_000);
  if (body["replace_original"] === true && isOwn !== undefined) {
    Object.assign(isOwn, { text, markdown, blocks, isEdited: true });
    return;
  }
  const isPublic = body["response_type"] === "in_channel";
  const threadTs = typeof body["thread_ts"] === "string" ? body["thread_ts"] : null;
  const { channel, user } = target;
  const message = addMessage(world, {
    channel,
    user: world.botUserId,
    text,
    markdown,
    blocks,
    threadTs,
    ephemeralTo: isPublic ? null : user,
    hasPreviews: hasPreviews(body),
  });
  if (isPublic) world.announce(message);
}
