import { createHmac } from "node:crypto";
import type { AttemptResult, DeliveryKind, Transport } from "./deliveries.ts";
import type { Json, World } from "./world.ts";

/** Delivery to a request URL: signed with the secret, three seconds for a 2xx, retries say their number and reason. */
export function createHttpDelivery(world: World, url: () => string): Transport {
  const stopping = new AbortController();
  return {
    stop: () => stopping.abort(),
    async attempt(kind, payload, retry): Promise<AttemptResult> {
      const { body, type } = encode(kind, payload);
      const signed = sign(body, world.options.signingSecret, world.options.now());
      const retryHeaders: Record<string, string> =
        retry === null ? {} : { "x-slack-retry-num": String(retry.number), "x-slack-retry-reason": retry.reason };
      try {
        const response = await fetch(url(), {
          method: "POST",
          body,
          headers: { "content-type": type, ...signed, ...retryHeaders },
          signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(world.options.ackTimeoutMs)]),
        });
        const text = await response.text();
        if (!response.ok) {
          const isFinal = response.headers.get("x-slack-no-retry") === "1";
          return { isAcked: false, answer: null, reason: "http_error", isFinal };
        }
        return { isAcked: true, answer: text.startsWith("{") ? (JSON.parse(text) as Json) : null, reason: null };
      } catch (error) {
        const isTimeout = error instanceof Error && error.name === "TimeoutError";
        return { isAcked: false, answer: null, reason: isTimeout ? "http_timeout" : "connection_failed" };
      }
    },
  };
}

/** The headers that prove a body comes from Slack. */
export function sign(body: string, secret: string, nowMs: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${signature}` };
}

function encode(kind: DeliveryKind, payload: Json): { body: string; type: string } {
  if (kind === "events_api") return { body: JSON.stringify(payload), type: "application/json" };
  const form = new URLSearchParams();
  if (kind === "interactive") form.set("payload", JSON.stringify(payload));
  else for (const [key, value] of Object.entries(payload)) form.set(key, String(value));
  return { body: form.toString(), type: "application/x-www-form-urlencoded" };
}
