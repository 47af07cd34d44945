import { Agent, get, request } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** Somebody with the page open in one channel. */
export interface PageClient {
  /** Asks; resolves with the milliseconds until the answer is on the page, or null when it did not come. */
  ask(text: string): Promise<number | null>;
  close(): void;
}

const GIVE_UP_MS = 30_000;
const agent = new Agent({ keepAlive: true });

/** Reads the channel's events at one replica and posts to another: as behind a load balancer. */
export async function openPage(channel: string, eventsAt: string, postTo: string): Promise<PageClient> {
  const waiting = new Map<string, () => void>();
  const answered = new Set<string>();
  const events = get(`${eventsAt}/api/channels/${channel}/events`, { agent: false });
  const [stream] = (await once(events, "response")) as [NodeJS.ReadableStream & { destroy(): void }];
  stream.setEncoding("utf8");
  let rest = "";
  stream.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) take(part);
  });
  stream.on("error", () => undefined);

  function take(event: string): void {
    if (!event.includes('"author":"docent"')) return;
    const turn = /"turnId":"([^"]+)"/.exec(event)?.[1] ?? "";
    answered.add(turn);
    waiting.get(turn)?.();
  }

  return {
    async ask(text) {
      const startedAt = performance.now();
      const turn = await post(`${postTo}/api/channels/${channel}/messages`, JSON.stringify({ text }));
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(turn, resolve);
      if (answered.has(turn)) resolve();
      const patience = new AbortController();
      const late = sleep(GIVE_UP_MS, "late", { signal: patience.signal }).catch(() => undefined);
      const end = await Promise.race([promise, late]);
      patience.abort();
      waiting.delete(turn);
      answered.delete(turn);
      return end === "late" ? null : performance.now() - startedAt;
    },
    close: () => stream.destroy(),
  };
}

/** Posts a message and returns the id of its turn. */
async function post(url: string, body: string): Promise<string> {
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const call = request(url, { method: "POST", agent, headers });
  call.end(body);
  const [response] = (await once(call, "response")) as [NodeJS.ReadableStream & { statusCode: number }];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  const turn = /"turn":\{"id":"([^"]+)"/.exec(text)?.[1];
  if (turn === undefined) throw new Error(`A message was not accepted: ${response.statusCode} ${text.slice(0, 200)}`);
  return turn;
}
