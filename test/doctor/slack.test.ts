import { describe, expect, it } from "vitest";
import { startProgram } from "../e2e/program.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import type { SlackServer } from "../servers/slack-server.ts";
import { readManifest, type SlackManifest, type WorldOptions } from "../servers/slack/world.ts";
import { startVendors } from "../set-up/vendors.ts";
import { complaintsOf, examine, expectOnly, type Expected } from "./examine.ts";

interface Mistake {
  readonly label: string;
  readonly server?: WorldOptions;
  readonly env?: Readonly<Record<string, string>>;
  readonly plant?: (server: SlackServer) => void;
  readonly expected: readonly Expected[];
}

const SIGNING_SECRET = "planted-signing-secret-0123456789";

function withoutEvent(name: string): SlackManifest {
  const manifest = readManifest();
  const events = manifest.settings.event_subscriptions.bot_events.filter((event) => event !== name);
  return { ...manifest, settings: { ...manifest.settings, event_subscriptions: { bot_events: events } } };
}

const MISTAKES: readonly Mistake[] = [
  {
    label: "a bot’s token that is not valid",
    env: { SLACK_BOT_TOKEN: "xoxb-wrong-0123456789" },
    expected: [
      {
        subject: "slack.token",
        seen: /refuses the bot’s token/,
        remedy: /OAuth & Permissions copy the Bot User OAuth Token .* into SLACK_BOT_TOKEN/,
      },
    ],
  },
  {
    label: "a token that has expired",
    plant: ({ world }) => world.faults.next("auth.test", { kind: "error", error: "token_expired" }),
    expected: [
      {
        subject: "slack.token",
        seen: /has expired, as those of apps with token rotation do after twelve hours/,
        remedy: /cannot be switched off again.*new app from slack-manifest\.json.*SLACK_BOT_TOKEN/,
      },
    ],
  },
  {
    label: "a token that rotates",
    env: { SLACK_BOT_TOKEN: "xoxe.xoxb-1-planted-0123456789" },
    expected: [
      {
        subject: "config.SLACK_BOT_TOKEN",
        seen: /is of an app with token rotation: it lasts twelve hours/,
        remedy: /Change SLACK_BOT_TOKEN/,
      },
    ],
  },
  {
    label: "an app that was removed from the workspace",
    plant: ({ world }) => void (world.isInstalled = false),
    expected: [{ subject: "slack.token", seen: /was removed/, remedy: /Install App press Install to Workspace/ }],
  },
  {
    label: "a scope without which nothing works",
    server: { withoutScopes: ["files:read"] },
    expected: [
      {
        subject: "slack.scope.files:read",
        seen: /lacks the scope files:read/,
        remedy: /Add an OAuth Scope add files:read, then press Reinstall to Workspace/,
      },
    ],
  },
  {
    label: "a scope without which something is missing",
    server: { withoutScopes: ["reactions:write"] },
    expected: [
      {
        subject: "slack.scope.reactions:write",
        status: "warning",
        seen: /lacks the scope reactions:write/,
        remedy: /add reactions:write, then press Reinstall/,
      },
    ],
  },
  ...["channels:history", "groups:history", "chat:write"].map((scope) => ({
    label: `a scope without which no round trip works: ${scope}`,
    server: { withoutScopes: [scope] },
    expected: [
      {
        subject: `slack.scope.${scope}`,
        seen: new RegExp(`lacks the scope ${scope}`),
        remedy: new RegExp(`add ${scope}, then press Reinstall`),
      },
    ],
  })),
  {
    label: "two scopes, one by one",
    server: { withoutScopes: ["im:history", "commands"] },
    expected: [
      { subject: "slack.scope.im:history", seen: /im:history/, remedy: /add im:history/ },
      { subject: "slack.scope.commands", status: "warning", seen: /commands/, remedy: /add commands/ },
    ],
  },
  {
    label: "an app-level token that is not valid",
    env: { SLACK_APP_TOKEN: "xapp-wrong-0123456789" },
    expected: [
      {
        subject: "slack.socket",
        seen: /refuses the app-level token/,
        remedy: /Basic Information → App-Level Tokens copy the token .*SLACK_APP_TOKEN/,
      },
    ],
  },
  {
    label: "an app-level token without its scope",
    plant: ({ sockets }) => sockets.refuseOpen("missing_scope"),
    expected: [
      { subject: "slack.socket", seen: /lacks the scope connections:write/, remedy: /Generate Token and Scopes/ },
    ],
  },
  {
    label: "Socket Mode that is switched off",
    server: { isSocketModeOn: false },
    expected: [{ subject: "slack.socket", seen: /switched off/, remedy: /→ Socket Mode switch on Enable Socket Mode/ }],
  },
  {
    label: "an app with all the connections that Slack allows",
    server: { maxConnections: 0 },
    expected: [{ subject: "slack.socket", seen: /ten Socket Mode connections/, remedy: /fewer replicas/ }],
  },
  {
    label: "tokens of two different apps",
    server: { socketAppId: "A0OTHER" },
    expected: [
      {
        subject: "slack.app_token",
        seen: /SLACK_BOT_TOKEN of A0DOCENT, SLACK_APP_TOKEN of A0OTHER/,
        remedy: /api\.slack\.com\/apps\/A0DOCENT\/general/,
      },
    ],
  },
  {
    label: "messages of channels that are not subscribed to",
    server: { manifest: withoutEvent("message.channels") },
    expected: [
      {
        subject: "slack.events.message.channels",
        seen: /in #general did not come back: the app is not subscribed to message\.channels/,
        remedy: /Subscribe to bot events add message\.channels, press Save Changes/,
      },
    ],
  },
  {
    label: "messages of private channels that are not subscribed to",
    server: { manifest: withoutEvent("message.groups") },
    expected: [
      {
        subject: "slack.events.message.groups",
        seen: /in #board did not come back/,
        remedy: /Subscribe to bot events add message\.groups/,
      },
    ],
  },
  {
    label: "Slack’s stop button that tells nobody",
    server: { manifest: withoutEvent("agent_session_stopped") },
    expected: [
      { subject: "slack.agent", status: "warning", seen: /stop button/, remedy: /events add agent_session_stopped/ },
    ],
  },
  {
    label: "an app that is no agent",
    server: { isAgent: false },
    expected: [
      { subject: "slack.agent", status: "warning", seen: /is no agent/, remedy: /Agents & AI Apps .*slack-manifest/ },
    ],
  },
  {
    label: "a bot that is in no channel",
    plant: ({ world }) => world.channels.clear(),
    expected: [{ subject: "slack.channels", status: "warning", seen: /in no channel/, remedy: /\/invite @docent/ }],
  },
  {
    label: "a channel in which the bot may not post",
    plant: ({ world }) => world.faults.next("chat.postMessage", { kind: "error", error: "restricted_action" }),
    expected: [
      {
        subject: "slack.events.message.channels",
        status: "warning",
        seen: /Nothing could be posted in #general \(restricted_action\)/,
        remedy: /Posting permissions/,
      },
    ],
  },
  {
    label: "an address at which nobody listens",
    env: { SLACK_API_URL: "http://127.0.0.1:9/api/" },
    expected: [{ subject: "slack.address", seen: /Slack cannot be reached/, remedy: /SLACK_API_URL/ }],
  },
  {
    label: "a proxy that knows no WebSockets",
    plant: ({ sockets }) => sockets.refuseLinks(502),
    expected: [
      { subject: "slack.socket", seen: /could not be connected/, remedy: /wss.*slack\.com through the firewall/ },
    ],
  },
  {
    label: "an address for WebSockets that is never given",
    plant: ({ sockets }) => sockets.spoilOpen("reset"),
    expected: [
      {
        subject: "slack.socket",
        seen: /gave no answer to apps\.connections\.open at http:\/\/127\.0\.0\.1/,
        remedy: /proxy of this machine, and SLACK_API_URL/,
      },
    ],
  },
  {
    label: "Socket Mode that is refused for a reason nobody told us",
    plant: ({ sockets }) => sockets.refuseOpen("some_new_word"),
    expected: [
      {
        subject: "slack.socket",
        seen: /refuses to open Socket Mode \(some_new_word\)/,
        remedy: /Enable Socket Mode.* is on; what Slack answers where it is off is not known.*apps\.connections\.open/,
      },
    ],
  },
  {
    label: "an app-level token that takes no more calls",
    plant: ({ sockets }) => sockets.spoilOpen({ retryAfterSeconds: 30 }),
    expected: [
      { subject: "slack.socket", seen: /no more calls of apps\.connections\.open/, remedy: /Wait a minute.*npm run/ },
    ],
  },
  {
    label: "a token that takes no more calls",
    plant: ({ world }) => world.faults.next("auth.test", { kind: "rate-limit", retryAfterSeconds: 30 }, 9),
    expected: [{ subject: "slack.token", seen: /takes no more calls of auth\.test/, remedy: /Wait a minute.*npm run/ }],
  },
  {
    label: "a list of channels that takes no more calls",
    plant: ({ world }) => world.faults.next("users.conversations", { kind: "rate-limit", retryAfterSeconds: 30 }, 9),
    expected: [
      {
        subject: "slack.events",
        status: "warning",
        seen: /no more calls of users\.conversations/,
        remedy: /Wait a minute.*npm run/,
      },
    ],
  },
  {
    label: "a post that takes no more calls",
    plant: ({ world }) => world.faults.next("chat.postMessage", { kind: "rate-limit", retryAfterSeconds: 30 }),
    expected: [
      {
        subject: "slack.events.message.channels",
        status: "warning",
        seen: /no more calls of chat\.postMessage/,
        remedy: /Wait a minute.*npm run/,
      },
    ],
  },
  {
    label: "a post without an answer",
    plant: ({ world }) => world.faults.next("chat.postMessage", { kind: "reset", when: "before" }),
    expected: [
      {
        subject: "slack.events.message.channels",
        status: "warning",
        seen: /gave no answer to a message for #general, which may be there/,
        remedy: /npm run doctor again.*delete/,
      },
    ],
  },
];

describe("the doctor at Slack", () => {
  it.for(MISTAKES.map((mistake) => [mistake.label, mistake] as const))("names %s", async ([, mistake]) => {
    const { slack, env } = await start(mistake.server);
    mistake.plant?.(slack);
    const findings = await examine({ ...env, ...mistake.env });
    expectOnly(findings, ...mistake.expected);
    expect(shown(slack)).toEqual([]);
  });

  it("names the scopes that are missing one by one, and the others in one line", async () => {
    const { env } = await start({ withoutScopes: ["files:read", "commands"] });
    const findings = await examine(env);
    const scopes = findings.filter(({ subject }) => subject.startsWith("slack.scope"));
    expect(scopes.map(({ subject, status, seen }) => [subject, status, seen])).toEqual([
      ["slack.scope", "ok", `The other ${readManifest().oauth_config.scopes.bot.length - 2} scopes are there.`],
      ["slack.scope.files:read", "problem", "The app lacks the scope files:read."],
      ["slack.scope.commands", "warning", "The app lacks the scope commands."],
    ]);
  });

  it("proves what arrives by a message of its own where the fewest people are, and deletes it", async () => {
    const { slack, env } = await start();
    const findings = await examine(env);
    expect(complaintsOf(findings)).toEqual([]);
    const scopes = findings.filter(({ subject }) => subject.startsWith("slack.scope"));
    expect(scopes.map(({ subject, seen }) => [subject, seen])).toEqual([
      ["slack.scope", `All ${readManifest().oauth_config.scopes.bot.length} scopes are there.`],
    ]);
    const events = findings.filter(({ subject }) => subject.startsWith("slack.events."));
    expect(events.map(({ subject, status }) => [subject, status])).toEqual([
      ["slack.events.message.channels", "ok"],
      ["slack.events.message.groups", "ok"],
      ["slack.events.others", "skipped"],
    ]);
    expect(slack.callsOf("chat.postMessage").map(({ args }) => args["channel"])).toEqual(["C0GENERAL", "G0BOARD"]);
    expect(shown(slack)).toEqual([]);
    await slack.until(() => slack.sockets.connections.length === 0);
  });

  it("posts nothing when it is not to", async () => {
    const { slack, env } = await start();
    const findings = await examine(env, { mayPost: false });
    expect(complaintsOf(findings)).toEqual([]);
    expect(slack.callsOf("chat.postMessage")).toEqual([]);
    expect(findings.find(({ subject }) => subject === "slack.events")?.remedy).toMatch(/write “@docent hello”/);
  });

  it("leaves events to a Docent that runs, and asks that whether they arrive", async () => {
    const { slack, env } = await start();
    const own = { ...env, DATA_DIR: temporaryFolder() };
    const program = await startProgram(own);
    await slack.until(() => slack.sockets.connections.length === 2);
    const findings = await examine({ ...own, PORT: new URL(program.url).port }, { patienceMs: 10_000 });
    expect(complaintsOf(findings)).toEqual([]);
    expect(findings.find(({ subject }) => subject === "slack.socket")?.seen).toMatch(/2 other connections are open/);
    expect(findings.find(({ subject }) => subject === "slack.events.message.channels")?.status).toBe("ok");
  });

  it("names events that a Docent that runs does not hear", async () => {
    const { slack, env } = await start({ manifest: withoutEvent("message.channels") });
    const own = { ...env, DATA_DIR: temporaryFolder() };
    const program = await startProgram(own);
    await slack.until(() => slack.sockets.connections.length === 2);
    expectOnly(await examine({ ...own, PORT: new URL(program.url).port }), {
      subject: "slack.events.message.channels",
      seen: /that runs heard nothing of a message in #general/,
      remedy: /Event Subscriptions add message\.channels/,
    });
  });
});

describe("the doctor at Slack by HTTP", () => {
  it("proves the way with a Docent that runs, and names a signing secret that is not Slack’s", async () => {
    const { slack, env: tokens } = await start({ requestUrl: "http://127.0.0.1:9", signingSecret: SIGNING_SECRET });
    const all = { ...tokens, SLACK_SIGNING_SECRET: SIGNING_SECRET, DATA_DIR: temporaryFolder() };
    const { SLACK_APP_TOKEN: _, ...env } = all;
    const program = await startProgram(env);
    slack.setRequestUrl(`${program.url}/slack/events`);
    const PORT = new URL(program.url).port;
    const findings = await examine({ ...env, PORT }, { patienceMs: 10_000 });
    expect(complaintsOf(findings)).toEqual([]);
    expect(findings.find(({ subject }) => subject === "slack.signing")?.status).toBe("ok");
    expect(findings.find(({ subject }) => subject === "slack.events.message.channels")?.status).toBe("ok");

    const changed = await examine({ ...env, PORT, SLACK_SIGNING_SECRET: "another-secret" }, { patienceMs: 10_000 });
    expectOnly(changed, {
      subject: "slack.signing",
      seen: /was started with another one/,
      remedy: /Signing Secret from .*Basic Information into SLACK_SIGNING_SECRET, then restart/,
    });

    slack.setRequestUrl("http://127.0.0.1:9/slack/events");
    const lost = complaintsOf(await examine({ ...env, PORT }));
    expect(lost.map(({ subject }) => subject)).toEqual([
      "slack.events.message.channels",
      "slack.events.message.groups",
    ]);
    expect(lost[0]?.remedy).toMatch(/Request URL there must say Verified/);
  });

  it("says that Docent must run for that", async () => {
    const { env: tokens } = await start({ requestUrl: "http://127.0.0.1:9", signingSecret: SIGNING_SECRET });
    const { SLACK_APP_TOKEN: _, ...env } = { ...tokens, SLACK_SIGNING_SECRET: SIGNING_SECRET };
    const findings = await examine(env);
    expect(complaintsOf(findings)).toEqual([]);
    const signing = findings.find(({ subject }) => subject === "slack.signing");
    expect([signing?.status, signing?.remedy]).toEqual(["skipped", expect.stringMatching(/npm start.*npm run doctor/)]);
  });
});

async function start(options: WorldOptions = {}) {
  const { slack, good, addresses } = await startVendors({ slack: options });
  for (const person of ["U1", "U2", "U3"]) slack.addUser({ id: person });
  slack.addChannel({ id: "C0ALL", name: "all", members: ["U1", "U2", "U3"] });
  slack.addChannel({ id: "C0GENERAL", name: "general", members: ["U1"] });
  slack.addChannel({ id: "G0BOARD", name: "board", kind: "group", members: ["U1", "U2"] });
  const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = good;
  return { slack, env: { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL: addresses.SLACK_API_URL } };
}

/** What people still see of the bot. */
function shown(slack: SlackServer): readonly unknown[] {
  return slack.world.messages.filter(({ user, isDeleted }) => user === slack.world.botUserId && !isDeleted);
}
