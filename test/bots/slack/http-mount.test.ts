import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import { sign } from "../../servers/slack/http-delivery.ts";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

const SECRET = "signing-secret";
const QUESTION = { user: "U1ANN", channel: "C1", text: "<@U0DOCENT> what is the rent?", withoutMentionEvent: true };
let under: SlackUnderTest;
let http: Server | null = null;

afterEach(async () => {
  http?.close();
  http?.closeAllConnections();
  http = null;
  await under.close();
});

/** The bot behind a true HTTP server, as `src/http` mounts it. */
async function start(): Promise<void> {
  under = await startSlackBot({
    server: { requestUrl: "http://set.below/", ackTimeoutMs: 3_000 },
    bot: { mode: { kind: "http", signingSecret: SECRET } },
  });
  const { bot, slack } = under;
  http = createServer((incoming, out) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const headers = new Headers(incoming.headers as Record<string, string>);
      const answer = await bot.handle(
        new Request("http://local/slack/events", { method: "POST", headers, body: Buffer.concat(chunks) }),
      );
      out.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  slack.setRequestUrl(`http://127.0.0.1:${(http.address() as AddressInfo).port}/slack/events`);
}

function request(body: string, headers: Readonly<Record<string, string>> = {}): Request {
  const signed = sign(body, SECRET, under.clock.now());
  return new Request("http://local/slack/events", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...signed, ...headers },
  });
}

const status = async (given: Request): Promise<number> => (await under.bot.handle(given)).status;

describe("/slack/events", () => {
  it("takes questions, commands and buttons as Socket Mode does", async () => {
    await start();
    const { slack, bot } = under;
    const asked = only(slack.people.post(QUESTION).deliveries);
    expect(await asked.done).toMatchObject({ state: "acked", attempts: [{ number: 0 }] });
    await bot.send(under.answerTo(only(await under.accepted(1))));
    const [message] = slack.botMessages("C1");
    if (message === undefined) throw new Error("There is no answer.");
    await slack.interactions.press({ user: "U1ANN", message, label: "Helpful" }).done;
    expect(under.docent.feedbacks).toHaveLength(1);
    expect(await slack.interactions.command({ user: "U1ANN", channel: "C1", text: "usage" }).done).toMatchObject({
      state: "acked",
    });
    await slack.until(() => slack.botMessages("C1").filter(({ ephemeralTo }) => ephemeralTo !== null).length === 2);
    expect(await bot.check()).toEqual({ ready: true });
  });

  it.for([
    ["the disk is full", new DocentError("storage_full", "full")],
    ["something fails", new DocentError("internal", "broken")],
  ] as const)("answers 5xx while %s, so that Slack delivers again", async ([, error]) => {
    await start();
    under.docent.refuse(error, 2);
    const delivery = only(under.slack.people.post(QUESTION).deliveries);
    await delivery.done;
    expect(delivery.attempts.map(({ reason }) => reason)).toEqual(["http_error", "http_error", null]);
    expect(under.docent.accepted).toHaveLength(1);
  });

  it("answers 503 once it is stopping", async () => {
    await start();
    await under.bot.stop();
    expect(await status(request(JSON.stringify({ type: "event_callback", event: { type: "message" } })))).toBe(503);
  });

  it("proves itself to Slack", async () => {
    await start();
    const answer = await under.bot.handle(request(JSON.stringify({ type: "url_verification", challenge: "abc" })));
    expect(await answer.json()).toEqual({ challenge: "abc" });
  });

  it.for([
    ["no signature", (body: string) => request(body, { "x-slack-signature": "" })],
    ["a wrong signature", (body: string) => request(body, { "x-slack-signature": `v0=${"0".repeat(64)}` })],
    ["another version", (body: string) => request(body, { "x-slack-signature": "v1=abc" })],
    ["another secret", (body: string) => request(body, { ...sign(body, "another", under.clock.now()) })],
    ["a changed body", (body: string) => request(body, { ...sign(`${body} `, SECRET, under.clock.now()) })],
    ["an old date", (body: string) => request(body, { ...sign(body, SECRET, under.clock.now() - 301_000) })],
    ["a date to come", (body: string) => request(body, { ...sign(body, SECRET, under.clock.now() + 302_000) })],
    ["no number for a date", (body: string) => request(body, { "x-slack-request-timestamp": "now" })],
  ] as const)("refuses a request with %s", async ([, make]) => {
    await start();
    const body = JSON.stringify({ type: "url_verification", challenge: "abc" });
    expect(await status(make(body))).toBe(401);
    expect(under.log.some(({ message }) => message.includes("SLACK_SIGNING_SECRET"))).toBe(true);
  });

  it.for([
    ["a body that is too large", () => request("x".repeat(1024 * 1024 + 1)), 413],
    ["a body that cannot be read", () => request("{"), 400],
    ["another method", () => new Request("http://local/slack/events"), 405],
  ] as const)("refuses %s", async ([, make, expected]) => {
    await start();
    expect(await status(make())).toBe(expected);
  });

  it("takes a signed request that somebody plays again for the same question", async () => {
    await start();
    const event = { type: "app_mention", user: "U1ANN", text: "<@U0DOCENT> hello", ts: "1700000000.000100" };
    const body = JSON.stringify({
      type: "event_callback",
      team_id: "T0TEAM",
      event_id: "Ev1",
      event: { ...event, channel: "C1", event_ts: event.ts },
    });
    const signed = sign(body, SECRET, under.clock.now());
    expect(await status(request(body, signed))).toBe(200);
    expect(await status(request(body, signed))).toBe(200);
    expect([...new Set(under.docent.accepted.map(({ key }) => key))]).toHaveLength(1);
    const stale = sign(body, SECRET, under.clock.now() - 301_000);
    expect(await status(request(body, stale))).toBe(401);
  });

  it("is there in HTTP mode alone", async () => {
    await start();
    expect(under.bot.matches("/slack/events")).toBe(true);
    expect(under.bot.matches("/slack/event")).toBe(false);
    const socketBot = await startSlackBot({ start: false });
    expect(socketBot.bot.matches("/slack/events")).toBe(false);
    await socketBot.close();
  });
});
