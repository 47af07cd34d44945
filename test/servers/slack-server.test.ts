import { SocketModeClient } from "@slack/socket-mode";
import { LogLevel, WebAPIPlatformError, WebClient } from "@slack/web-api";
import { afterEach, describe, expect, it } from "vitest";
import { startSlackServer, type SlackServer } from "./slack-server.ts";
import { sign } from "./slack/http-delivery.ts";
import type { WorldOptions } from "./slack/world.ts";

const ROUND_TRIP = { ackTimeoutMs: 200, retryDelaysMs: [10, 20, 30] };
const closing: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(options: WorldOptions = {}): Promise<{ slack: SlackServer; client: WebClient }> {
  const slack = await startSlackServer(options);
  closing.push(() => slack.close());
  slack.addUser({ id: "U1ANN", displayName: "Ann", locale: "ko-KR", isAdmin: true });
  slack.addChannel({ id: "C1", name: "general", members: ["U1ANN"] });
  return { slack, client: clientOf(slack) };
}

function clientOf(slack: SlackServer, token = "xoxb-test"): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
}

const post = async (client: WebClient, args: Record<string, unknown>): Promise<{ readonly ts?: string }> =>
  (await client.apiCall("chat.postMessage", args)) as { readonly ts?: string };

/** The SDK's client, which acknowledges what was taken. */
function listen(slack: SlackServer, onEvent: (body: Record<string, unknown>) => Promise<object | undefined>) {
  const client = new SocketModeClient({
    appToken: "xapp-test",
    autoReconnectEnabled: false,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  client.on("slack_event", (event: { body: Record<string, unknown>; ack: (answer?: object) => Promise<void> }) => {
    void onEvent(event.body).then(event.ack, () => undefined);
  });
  closing.push(() => client.disconnect());
  return client;
}

const errorOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "no error",
    (error: unknown) => (error instanceof WebAPIPlatformError ? error.data.error : String(error)),
  );

describe("the Web API", () => {
  it("names the installation and its scopes", async () => {
    const { client } = await start({ withoutScopes: ["reactions:write"] });
    const identity = await client.auth.test();
    expect(identity).toMatchObject({ team_id: "T0TEAM", user_id: "U0DOCENT" });
    expect(identity.response_metadata?.scopes).toContain("chat:write");
    expect(identity.response_metadata?.scopes).not.toContain("reactions:write");
  });

  it.for([
    ["a wrong token", "xoxb-wrong", "invalid_auth"],
    ["an app token", "xapp-test", "not_allowed_token_type"],
  ] as const)("refuses %s", async ([, token, error]) => {
    const { slack } = await start();
    expect(await errorOf(clientOf(slack, token).auth.test())).toBe(error);
  });

  it("names the scope that is missing", async () => {
    const { client } = await start({ withoutScopes: ["users:read"] });
    const failure = await client.users.info({ user: "U1ANN" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ data: { error: "missing_scope", needed: "users:read" } });
  });

  it.for([
    ["an unknown channel", { channel: "C404", text: "x" }, "channel_not_found"],
    ["a channel it is not in", { channel: "C9", text: "x" }, "not_in_channel"],
    ["no text", { channel: "C1", text: "" }, "no_text"],
    ["a thread that is not there", { channel: "C1", text: "x", thread_ts: "1.000001" }, "thread_not_found"],
    ["text beside markdown_text", { channel: "C1", text: "x", markdown_text: "y" }, "markdown_text_conflict"],
    ["a markdown_text that is too long", { channel: "C1", markdown_text: "y".repeat(12_001) }, "msg_too_long"],
    ["an unknown block", { channel: "C1", text: "x", blocks: [{ type: "poem" }] }, "invalid_blocks"],
    [
      "51 blocks",
      { channel: "C1", text: "x", blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) },
      "invalid_blocks",
    ],
    [
      "12,001 characters of markdown blocks",
      { channel: "C1", text: "x", blocks: [{ type: "markdown", text: "y".repeat(12_001) }] },
      "invalid_blocks",
    ],
  ] as const)("refuses a message with %s", async ([, args, error]) => {
    const { slack, client } = await start();
    slack.addChannel({ id: "C9" }).members.clear();
    expect(await errorOf(client.apiCall("chat.postMessage", args))).toBe(error);
  });

  it("posts into threads, keeps metadata to itself unless asked, and pages", async () => {
    const { client } = await start();
    const root = await post(client, { channel: "C1", text: "root" });
    const ts = root.ts ?? "";
    const metadata = { event_type: "docent_part", event_payload: { id: "p1" } };
    await post(client, { channel: "C1", text: "one", thread_ts: ts, metadata });
    await post(client, { channel: "C1", text: "two", thread_ts: ts });
    const plain = await client.conversations.replies({ channel: "C1", ts });
    expect(plain.messages?.map(({ text }) => text)).toEqual(["root", "one", "two"]);
    expect(plain.messages?.[1]?.metadata).toBeUndefined();
    const first = await client.conversations.replies({ channel: "C1", ts, limit: 2, include_all_metadata: true });
    expect(first.messages?.[1]?.metadata).toEqual(metadata);
    const cursor = first.response_metadata?.next_cursor ?? "";
    const second = await client.conversations.replies({ channel: "C1", ts, limit: 2, cursor });
    expect(second.messages?.map(({ text }) => text)).toEqual(["two"]);
    expect((await client.conversations.history({ channel: "C1" })).messages).toHaveLength(1);
  });

  it("cuts text at 40,000 characters and refuses an update over 4,000", async () => {
    const { slack, client } = await start();
    const { ts = "" } = await post(client, { channel: "C1", text: "x".repeat(50_000) });
    expect(slack.botMessages("C1")[0]?.text).toHaveLength(40_000);
    expect(await errorOf(client.chat.update({ channel: "C1", ts, text: "x".repeat(4_001) }))).toBe("msg_too_long");
  });

  it("shows an ephemeral message to one person alone", async () => {
    const { slack, client } = await start();
    await client.chat.postEphemeral({ channel: "C1", user: "U1ANN", text: "psst" });
    expect(slack.transcript("C1")).toBe("");
    expect(slack.transcript("C1", "U1ANN")).toBe("Docent (only you): psst");
    expect(await errorOf(client.chat.postEphemeral({ channel: "C1", user: "U404", text: "x" }))).toBe(
      "user_not_in_channel",
    );
  });

  it("adds and removes a reaction once", async () => {
    const { client } = await start();
    const { ts: timestamp = "" } = await post(client, { channel: "C1", text: "root" });
    const reaction = { channel: "C1", timestamp, name: "eyes" };
    await client.reactions.add(reaction);
    expect(await errorOf(client.reactions.add(reaction))).toBe("already_reacted");
    await client.reactions.remove(reaction);
    expect(await errorOf(client.reactions.remove(reaction))).toBe("no_reaction");
  });

  it("tells people's languages only when asked", async () => {
    const { client } = await start();
    expect((await client.users.info({ user: "U1ANN" })).user?.locale).toBeUndefined();
    expect((await client.users.info({ user: "U1ANN", include_locale: true })).user?.locale).toBe("ko-KR");
  });

  it.for([
    ["an agent", true, "no error"],
    ["no agent", false, "app_not_agent"],
  ] as const)("lets %s show its status", async ([, isAgent, error]) => {
    const { client } = await start({ isAgent });
    const { ts = "" } = await post(client, { channel: "C1", text: "root" });
    const set = client.agents.sessions.setStatus({ channel_id: "C1", thread_ts: ts, status: "processing" });
    expect(await errorOf(set)).toBe(error);
  });

  it("limits posts to one channel, and says how long to wait", async () => {
    let now = 1_000_000;
    const { slack, client } = await start({ postIntervalMs: 1_000, now: () => now });
    slack.addChannel({ id: "C2" });
    await post(client, { channel: "C1", text: "one" });
    const failure = await post(client, { channel: "C1", text: "two" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ retryAfter: 1 });
    await post(client, { channel: "C2", text: "elsewhere" });
    now += 1_000;
    await post(client, { channel: "C1", text: "two" });
    expect(slack.botMessages("C1")).toHaveLength(2);
  });

  it.for([
    ["before", 0],
    ["after", 1],
  ] as const)("fails %s the effect when told to", async ([when, messages]) => {
    const { slack, client } = await start();
    slack.world.faults.next("chat.postMessage", { kind: "status", status: 502, when });
    const failure = await post(client, { channel: "C1", text: "x" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ statusCode: 502 });
    expect(slack.botMessages("C1")).toHaveLength(messages);
  });
});

describe("files", () => {
  const file = { name: "lease.pdf", bytes: "%PDF-1.7 lease" };

  it.for([
    ["the bot's token", "xoxb-test", [], "application/pdf"],
    ["a wrong token", "xoxb-wrong", [], "text/html; charset=utf-8"],
    ["a token without files:read", "xoxb-test", ["files:read"], "text/html; charset=utf-8"],
  ] as const)("answers %s with 200 and its kind of content", async ([, token, withoutScopes, type]) => {
    const { slack } = await start({ withoutScopes });
    const posted = slack.people.post({ user: "U1ANN", channel: "C1", files: [file] });
    const url = `${slack.world.url}/files-pri/T0TEAM-${posted.message.files[0]}/download/lease.pdf`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
  });

  it("shows a deleted file as a tombstone and an old one as hidden", async () => {
    const { slack, client } = await start();
    const { message } = slack.people.post({
      user: "U1ANN",
      channel: "C1",
      files: [file, { ...file, mode: "hidden_by_limit" }],
    });
    const [first = "", second = ""] = message.files;
    expect((await client.files.info({ file: second })).file).toMatchObject({ mode: "hidden_by_limit" });
    slack.people.deleteFile(first);
    expect(await errorOf(client.files.info({ file: first }))).toBe("file_deleted");
  });
});

describe("Socket Mode", () => {
  it("gives a URL that works once, to an app token only", async () => {
    const { slack, client } = await start();
    expect(await errorOf(client.apiCall("apps.connections.open"))).toBe("not_allowed_token_type");
    const { url } = (await clientOf(slack, "xapp-test").apps.connections.open({})) as { url: string };
    const first = new WebSocket(url);
    await slack.until(() => slack.sockets.connections.length === 1);
    const second = new WebSocket(url);
    await new Promise((resolve) => second.addEventListener("error", resolve));
    expect(slack.sockets.connections).toHaveLength(1);
    first.close();
  });

  it("delivers a mention as two events of one ts, and is content when both are acknowledged", async () => {
    const { slack } = await start();
    const seen: Record<string, unknown>[] = [];
    await listen(slack, (body) => {
      seen.push(body["event"] as Record<string, unknown>);
      return Promise.resolve(undefined);
    }).start();
    const posted = slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> hello" });
    await Promise.all(posted.deliveries.map(({ done }) => done));
    expect(seen.map(({ type }) => type)).toEqual(["message", "app_mention"]);
    expect(new Set(seen.map(({ ts }) => ts))).toEqual(new Set([posted.ts]));
    expect(new Set(posted.deliveries.map(({ payload }) => payload["event_id"])).size).toBe(2);
  });

  it("delivers again, with the same event id, until it is acknowledged, then gives up", async () => {
    const { slack } = await start({ ...ROUND_TRIP, ackTimeoutMs: 30 });
    let calls = 0;
    await listen(slack, () => {
      calls += 1;
      return calls < 3 ? Promise.reject(new Error("disk full")) : Promise.resolve(undefined);
    }).start();
    const [acked] = slack.people.post({ user: "U1ANN", channel: "C1", text: "hello" }).deliveries;
    expect((await acked?.done)?.attempts.map(({ isAcked }) => isAcked)).toEqual([false, false, true]);
    calls = -100;
    const [lost] = slack.people.post({ user: "U1ANN", channel: "C1", text: "hello" }).deliveries;
    expect(await lost?.done).toMatchObject({ state: "given-up" });
    expect(lost?.attempts).toHaveLength(4);
  });

  it("tells only what the app subscribed to and has the scope for", async () => {
    const { slack } = await start({ withoutScopes: ["channels:history"] });
    const { deliveries } = slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> hello" });
    expect(deliveries.map(({ payload }) => (payload["event"] as { type: string }).type)).toEqual(["app_mention"]);
  });

  it("refuses the eleventh connection", async () => {
    const { slack } = await start({ maxConnections: 1 });
    await listen(slack, () => Promise.resolve(undefined)).start();
    const second = listen(slack, () => Promise.resolve(undefined));
    await expect(second.start()).rejects.toBeUndefined();
    expect(slack.sockets.connections).toHaveLength(1);
  });
});

describe("people", () => {
  it("run a command, get an answer by its response_url, at most five", async () => {
    const { slack } = await start();
    let url = "";
    await listen(slack, (body) => {
      url = String(body["response_url"]);
      return Promise.resolve(undefined);
    }).start();
    const { done } = slack.interactions.command({ user: "U1ANN", channel: "C1", text: "help" });
    expect(await done).toMatchObject({ state: "acked" });
    const answer = (body: object): Promise<Response> => fetch(url, { method: "POST", body: JSON.stringify(body) });
    expect((await answer({ text: "here" })).status).toBe(200);
    expect((await answer({ markdown_text: "x" })).status).toBe(400);
    for (let use = 0; use < 3; use += 1) await answer({ text: "more" });
    expect((await answer({ text: "too much" })).status).toBe(404);
    expect(slack.transcript("C1", "U1ANN").split("\n")).toHaveLength(4);
  });

  it("fill in a modal that was opened with a fresh trigger", async () => {
    const { slack, client } = await start();
    let trigger = "";
    await listen(slack, (body) => {
      trigger = String(body["trigger_id"]);
      return Promise.resolve(
        body["type"] === "view_submission" ? { response_action: "errors", errors: { q: "Too short" } } : undefined,
      );
    }).start();
    const { ts } = slack.people.post({ user: "U1ANN", channel: "C1", text: "hello" });
    await slack.interactions.messageShortcut({ user: "U1ANN", channel: "C1", ts, callbackId: "docent_ask_about" }).done;
    const view = {
      type: "modal" as const,
      title: { type: "plain_text" as const, text: "Ask" },
      submit: { type: "plain_text" as const, text: "Ask" },
      blocks: [
        {
          type: "input" as const,
          block_id: "q",
          label: { type: "plain_text" as const, text: "Question" },
          element: { type: "plain_text_input" as const, action_id: "text" },
        },
      ],
    };
    const opened = await client.views.open({ trigger_id: trigger, view });
    expect(await errorOf(client.views.open({ trigger_id: trigger, view }))).toBe("invalid_trigger_id");
    const viewId = opened.view?.id ?? "";
    const submitted = slack.interactions.submit({ user: "U1ANN", viewId, values: { q: "why" } });
    expect(await submitted.done).toMatchObject({ answer: { response_action: "errors" } });
  });
});

describe("delivery by HTTP", () => {
  it("signs bodies as Slack does", () => {
    // The example of docs.slack.dev/authentication/verifying-requests-from-slack
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    expect(sign(body, "8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618_000)).toEqual({
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    });
  });

  it("tries again with the number and the reason, and stops when it is told to", async () => {
    const { slack } = await start({ ...ROUND_TRIP, requestUrl: "http://127.0.0.1:9/" });
    const [delivery] = slack.people.post({ user: "U1ANN", channel: "C1", text: "hello" }).deliveries;
    const { attempts, state } = (await delivery?.done) ?? {};
    expect(state).toBe("given-up");
    expect(attempts?.map(({ reason }) => reason)).toEqual(Array.from({ length: 4 }, () => "connection_failed"));
  });
});
