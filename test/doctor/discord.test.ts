import { describe, expect, it } from "vitest";
import { toCommandDefinitions } from "../../src/bots/discord/commands/command-definitions.ts";
import { rateLimited } from "../servers/discord/faults.ts";
import { toBits } from "../servers/discord/permissions.ts";
import type { Channel, Guild } from "../servers/discord/state.ts";
import type { DiscordServer, DiscordServerOptions } from "../servers/discord-server.ts";
import { startVendors } from "../set-up/vendors.ts";
import { complaintsOf, examine, expectOnly, type Expected } from "./examine.ts";

interface Place {
  readonly discord: DiscordServer;
  readonly guild: Guild;
  readonly general: Channel;
  readonly leads: Channel;
}

interface Mistake {
  readonly label: string;
  readonly server?: DiscordServerOptions;
  readonly env?: Readonly<Record<string, string>>;
  readonly plant?: (place: Place) => void;
  readonly expected: Expected;
}

const MISTAKES: readonly Mistake[] = [
  {
    label: "a token that is not valid",
    env: { DISCORD_TOKEN: "d3Jvbmc.planted.0123456789-planted" },
    expected: {
      subject: "discord.token",
      seen: /refuses the bot’s token/,
      remedy: /→ Bot press Reset Token and put the new one into DISCORD_TOKEN/,
    },
  },
  {
    label: "the Message Content Intent that is off",
    server: { hasMessageContent: false },
    expected: {
      subject: "discord.intents",
      seen: /Message Content Intent is off/,
      remedy: /→ Bot switch on Message Content Intent, then restart/,
    },
  },
  {
    label: "interactions that go elsewhere",
    plant: ({ discord }) => void (discord.state.app.interactionsUrl = "https://old-bot.example/interactions"),
    expected: {
      subject: "discord.interactions",
      seen: /commands and buttons go there, and not to Docent/,
      remedy: /General Information empty Interactions Endpoint URL/,
    },
  },
  {
    label: "an invite that cannot work",
    plant: ({ discord }) => void (discord.state.app.requiresCodeGrant = true),
    expected: {
      subject: "discord.invite",
      seen: /requires a code grant/,
      remedy: /switch off Requires OAuth2 Code Grant/,
    },
  },
  {
    label: "too few shards",
    server: { guildsPerShard: 0 },
    env: { DISCORD_SHARDS: "0/1" },
    expected: { subject: "discord.gateway", seen: /refuses the shards/, remedy: /Set DISCORD_SHARDS=auto/ },
  },
  {
    label: "session starts that are nearly used up",
    plant: ({ discord }) => discord.gateway.leaveIdentifies(3),
    expected: {
      subject: "discord.gateway",
      status: "warning",
      seen: /may start 3 more sessions/,
      remedy: /systemctl status docent.*anew in 24 hours/,
    },
  },
  {
    label: "commands that are not registered",
    plant: ({ discord }) => void (discord.state.app.commands = []),
    expected: {
      subject: "discord.commands",
      status: "warning",
      seen: /Not registered yet: docent, Ask Docent about this, Add to team knowledge/,
      remedy: /Start Docent: it registers them.*https:\/\/discord\.com\/oauth2\/authorize\?client_id=/,
    },
  },
  {
    label: "a bot that is in no server",
    plant: ({ discord }) => discord.state.guilds.clear(),
    expected: {
      subject: "discord.servers",
      seen: /in no server/,
      remedy: /Open https:\/\/discord\.com\/oauth2\/authorize\?\S+ and choose a server/,
    },
  },
  {
    label: "a role that lacks a permission in the whole server",
    plant: ({ guild }) => void (guild.botPermissions &= ~toBits(["readMessageHistory"])),
    expected: {
      subject: "discord.permissions",
      seen: /In the server Acme the bot lacks: Read Message History/,
      remedy: /Server Settings → Roles → Docent → Permissions and allow Read Message History/,
    },
  },
  {
    label: "a channel that takes a permission away",
    plant: ({ general }) => void (general.deniedToBot = toBits(["sendMessages"])),
    expected: {
      subject: "discord.permissions",
      seen: /lacks Send Messages in: #general/,
      remedy: /Edit Channel → Permissions → Docent and allow Send Messages/,
    },
  },
  {
    label: "channels in which the bot may not react",
    plant({ general, leads }) {
      for (const channel of [general, leads]) channel.deniedToBot = toBits(["addReactions"]);
    },
    expected: {
      subject: "discord.permissions",
      status: "warning",
      seen: /lacks Add Reactions in: #general, #leads/,
      remedy: /allow Add Reactions/,
    },
  },
  {
    label: "a server in which the bot sees nothing",
    plant({ general, leads }) {
      for (const channel of [general, leads]) channel.deniedToBot = toBits(["viewChannel"]);
    },
    expected: {
      subject: "discord.channels",
      seen: /In the server Acme the bot sees no channel/,
      remedy: /Edit Channel → Permissions of a channel, add Docent and allow View Channel/,
    },
  },
  {
    label: "an address that Cloudflare shuts out for an hour",
    server: { rateLimits: { invalidRequests: 0 } },
    expected: {
      subject: "discord.api",
      seen: /Discord takes no more requests from this machine for 60 minutes/,
      remedy: /Wait that long.*systemctl status docent/,
    },
  },
  {
    label: "a route that takes nothing for twenty minutes",
    plant: ({ discord }) => discord.faults.add({ match: /commands/, when: "before", reply: rateLimited(1200) }),
    expected: {
      subject: "discord.api",
      seen: /takes no more requests from this machine for 20 minutes/,
      remedy: /Wait that long/,
    },
  },
  {
    label: "an address at which nobody listens",
    env: { DISCORD_API_URL: "http://127.0.0.1:9/api" },
    expected: { subject: "discord.address", seen: /Discord cannot be reached/, remedy: /DISCORD_API_URL/ },
  },
];

describe("the doctor at Discord", () => {
  it.for(MISTAKES.map((mistake) => [mistake.label, mistake] as const))("names %s", async ([, mistake]) => {
    const { env, ...place } = await start(mistake.server);
    mistake.plant?.(place);
    const findings = await examine({ ...env, ...mistake.env });
    expectOnly(findings, mistake.expected);
    expect(place.discord.botMessages(place.general)).toEqual([]);
  });

  it("says so when a firewall swallows the gateway, and outlives what comes of it later", async () => {
    const { discord, env } = await start({ isGatewaySwallowed: true });
    const findings = await examine(env, { gatewayMs: 300 });
    expectOnly(findings, {
      subject: "discord.gateway",
      seen: /gateway could not be connected/,
      remedy: /WebSockets \(wss\) to gateway\.discord\.gg/,
    });
    // The last handshake fails after that, which used to end the process.
    await expect.poll(() => discord.swallowed).toBe(0);
  });

  it.for(["/v10", "/bot"])("names DISCORD_API_URL with a wrong path: …/api%s", async (path) => {
    const { env } = await start();
    const DISCORD_API_URL = `${env.DISCORD_API_URL}${path}`;
    expectOnly(await examine({ ...env, DISCORD_API_URL }), {
      subject: "discord.address",
      seen: new RegExp(`The server at ${DISCORD_API_URL} does not answer as Discord does \\(404\\)`),
      remedy: /Check DISCORD_API_URL: it mostly ends in \/api, without a version/,
    });
  });

  it("looks at the channels also where the bot’s user has another id than its application", async () => {
    const { general, env } = await start({ hasOwnBotId: true });
    general.deniedToBot = toBits(["sendMessages"]);
    expectOnly(await examine(env), {
      subject: "discord.permissions",
      seen: /lacks Send Messages in: #general/,
      remedy: /allow Send Messages/,
    });
  });

  it("goes on to the next server where one is not told of", async () => {
    const { discord, guild, env } = await start();
    discord.people.channel(discord.people.guild("Beta"), "lobby");
    const reply = { status: 403, json: { message: "Missing Access", code: 50001 } };
    discord.faults.add({ match: new RegExp(`/guilds/${guild.id}/channels`), when: "before", reply });
    const findings = await examine(env);
    expectOnly(findings, {
      subject: "discord.servers",
      status: "warning",
      seen: /The server Acme could not be looked at \(403, 50001\)/,
      remedy: /Open https:\/\/discord\.com\/oauth2\/authorize\?\S+ and choose Acme again/,
    });
    expect(findings.at(-1)?.seen).toBe("In the server Beta the bot sees 1 of 1 channels.");
  });

  it("connects, and tells of the channels that the bot sees, also where one is not for it", async () => {
    const { discord, leads, env } = await start();
    leads.deniedToBot = toBits(["viewChannel", "sendMessages"]);
    const findings = await examine(env);
    expect(complaintsOf(findings)).toEqual([]);
    const fine = findings.filter(({ subject, status }) => subject.startsWith("discord.") && status === "ok");
    expect(fine.map(({ subject }) => subject)).toEqual([
      "discord.token",
      "discord.intents",
      "discord.gateway",
      "discord.commands",
      "discord.channels",
    ]);
    expect(fine.at(-1)?.seen).toBe("In the server Acme the bot sees 1 of 2 channels.");
    expect(discord.gateway.identifies).toBe(1);
    await discord.until(() => discord.gateway.connected === 0);
  });
});

async function start(
  options: DiscordServerOptions = {},
): Promise<Place & { env: Readonly<Record<"DISCORD_TOKEN" | "DISCORD_API_URL", string>> }> {
  const { discord, good, addresses } = await startVendors({ discord: options });
  const guild = discord.people.guild("Acme");
  const general = discord.people.channel(guild, "general");
  const leads = discord.people.channel(guild, "leads");
  discord.state.app.commands = toCommandDefinitions().map(({ name }, index) => ({
    name,
    id: String(index),
    version: "1",
  }));
  const env = { DISCORD_TOKEN: good.DISCORD_TOKEN, DISCORD_API_URL: addresses.DISCORD_API_URL };
  return { discord, guild, general, leads, env };
}
