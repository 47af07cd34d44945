import { createHmac, timingSafeEqual } from "node:crypto";
import { isDocentError } from "../../../core/errors.ts";
import type { Clock, HttpMount, Log } from "../../../core/ports/system.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Handled, Payload } from "../payloads.ts";

const PATH = "/slack/events";
/** Slack's bodies stay far below it. */
const MAX_BODY_BYTES = 1024 * 1024;
/** An older request may be played again by somebody else, and so may one from the future. */
const MAX_AGE_MS = 5 * 60_000;

/**
 * Slack's requests: events, commands and interactions, all at one path. Answers 2xx only for what is stored: Slack
 * delivers the rest again, at once, after a minute and after five (facts S2).
 */
export function createHttpMount(options: {
  signingSecret: string;
  dispatch: Dispatch;
  afterwards: (handled: Handled) => void;
  clock: Clock;
  log: Log;
}): HttpMount {
  const { dispatch, log } = options;
  return {
    matches: (path) => path === PATH,
    async handle(request) {
      if (request.method !== "POST") return reply(405, "Slack posts here.", { allow: "POST" });
      const body = await readBody(request);
      if (body === null) return reply(413, "The body is too large.");
      if (!isFromSlack(request, body)) {
        log.warn(
          "A request to /slack/events was not signed by Slack, or is old. Check SLACK_SIGNING_SECRET and the clock.",
        );
        return reply(401, "The signature is not right.");
      }
      const payload = parse(request, body);
      if (payload === null) return reply(400, "The body cannot be read.");
      if (payload["type"] === "url_verification") return Response.json({ challenge: payload["challenge"] });
      return await take(payload);
    },
  };

  async function take(payload: Payload): Promise<Response> {
    try {
      const handled = await dispatch(payload);
      options.afterwards(handled);
      return handled.answer === undefined ? new Response(null, { status: 200 }) : Response.json(handled.answer);
    } catch (error) {
      if (!isDocentError(error)) log.error("A request of Slack could not be handled.", { error });
      const isLater = isDocentError(error, "stopping") || isDocentError(error, "storage_full");
      return reply(isLater ? 503 : 500, "Not accepted; please deliver it again.");
    }
  }

  /** docs.slack.dev/authentication/verifying-requests-from-slack */
  function isFromSlack(request: Request, body: string): boolean {
    const signature = Buffer.from(request.headers.get("x-slack-signature") ?? "");
    const timestamp = request.headers.get("x-slack-request-timestamp") ?? "";
    if (!/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(Number(timestamp) * 1000 - options.clock.now()) > MAX_AGE_MS) return false;
    const hash = createHmac("sha256", options.signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
    const expected = Buffer.from(`v0=${hash}`);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }
}

async function readBody(request: Request): Promise<string | null> {
  const reader = request.body?.getReader();
  if (reader === undefined) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength;
    if (size > MAX_BODY_BYTES) {
      await reader.cancel();
      return null;
    }
    chunks.push(read.value);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Events are JSON; commands are a form; interactions are JSON within a form. */
function parse(request: Request, body: string): Payload | null {
  try {
    if (/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) return JSON.parse(body) as Payload;
    const form = new URLSearchParams(body);
    const payload = form.get("payload");
    return payload === null ? Object.fromEntries(form) : (JSON.parse(payload) as Payload);
  } catch {
    return null;
  }
}

function reply(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  const common = { "content-type": "text/plain", "x-content-type-options": "nosniff" };
  return new Response(message, { status, headers: { ...common, ...headers } });
}
