import { GatewayDispatchEvents, GatewayIntentBits, Routes } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSdkClient, INTENTS, setScene, type SdkClient } from "./discord/sdk-client.ts";
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from "./discord-server.ts";

describe("the gateway of the tests’ Discord", () => {
  let server: DiscordServer;
  const clients: SdkClient[] = [];

  async function start(options: DiscordServerOptions = {}): Promise<void> {
    await server?.close();
    server = await startDiscordServer(options);
  }
  beforeEach(() => start());
  afterEach(async () => {
    for (const { manager } of clients.splice(0)) await manager.destroy();
    await server.close();
  });

  async function connect(options: { intents?: number; token?: string } = {}): Promise<SdkClient> {
    const client = createSdkClient(server, options);
    clients.push(client);
    await client.connect();
    return client;
  }

  it("says READY and shows the guilds to a client with the right token", async () => {
    setScene(server);
    const client = await connect();
    const [guild] = await client.received(GatewayDispatchEvents.GuildCreate);
    expect(guild).toMatchObject({ name: "Acme", channels: [{ name: "general" }] });
    expect(server.gateway.remainingIdentifies).toBe(999);
  });

  it.for([
    { label: "a wrong token", options: { token: "wrong" }, close: 4004 },
    { label: "Message Content that is switched off", options: { intents: INTENTS | 32_768 }, close: 4014 },
    { label: "intents that do not exist", options: { intents: 1 << 27 }, close: 4013 },
  ])("closes with $close for $label", async ({ options, close }) => {
    await start({ hasMessageContent: false });
    await expect(connect(options)).rejects.toThrow(/failed|intents/);
    expect(clients.at(-1)?.closes).toEqual([close]);
  });

  it("replays what a dropped connection missed, in order, and says RESUMED", async () => {
    const { kim, channel } = setScene(server);
    const client = await connect();
    server.people.post(kim, channel, "one");
    await client.received("MESSAGE_CREATE");
    server.gateway.drop();
    for (const text of ["two", "three", "four"]) server.people.post(kim, channel, text);
    const all = await client.received("MESSAGE_CREATE", 4);
    expect(all.map(({ channel_id: id }) => id)).toEqual([channel.id, channel.id, channel.id, channel.id]);
    expect(all.map(({ id }) => id)).toEqual([...server.state.messages.keys()]);
    expect(server.gateway).toMatchObject({ identifies: 1, resumes: 1 });
  });

  it("lets clients that are asked to reconnect resume, and zombies too", async () => {
    await start({ heartbeatIntervalMs: 150 });
    const { kim, channel } = setScene(server);
    const client = await connect();
    server.gateway.askToReconnect();
    await server.until(() => server.gateway.resumes === 1);
    server.gateway.freeze();
    server.people.post(kim, channel, "into the void");
    await client.received("MESSAGE_CREATE");
    expect(server.gateway).toMatchObject({ identifies: 1, resumes: 2 });
  });

  it("sends only what the intents ask for, and nothing of channels that the bot cannot see", async () => {
    const { kim, channel } = setScene(server);
    const guild = [...server.state.guilds.values()][0];
    const hidden = guild === undefined ? channel : server.people.channel(guild, "hidden");
    hidden.deniedToBot = 1n << 10n;
    const client = await connect({ intents: GatewayIntentBits.Guilds | GatewayIntentBits.DirectMessages });
    server.people.post(kim, channel, "not asked for");
    server.people.post(kim, hidden, "not visible");
    server.people.post(kim, server.people.direct(kim), "hello");
    const [message] = await client.received("MESSAGE_CREATE");
    expect(message).toMatchObject({ content: "hello" });
  });

  it("empties messages without Message Content unless they concern the bot", async () => {
    await start({ hasMessageContent: false });
    const { kim, channel } = setScene(server);
    const { rest } = await connect();
    const mine = (await rest.post(Routes.channelMessages(channel.id), { body: { content: "mine" } })) as {
      id: string;
    };
    const own = server.state.messages.get(mine.id);
    const file = { name: "a.txt", bytes: "a" };
    server.people.post(kim, channel, "plain", { files: [file] });
    server.people.post(kim, channel, `${server.people.mention(server.bot)} named`, { files: [file] });
    if (own !== undefined) {
      server.people.post(kim, channel, "replied", { replyTo: own });
      server.people.post(kim, channel, "silent reply", { replyTo: own, pings: false });
    }
    const list = (await rest.get(Routes.channelMessages(channel.id))) as { content: string; attachments: [] }[];
    expect(list.map(({ content, attachments }) => [content, attachments.length])).toEqual([
      ["", 0],
      ["replied", 0],
      [`<@${server.bot.id}> named`, 1],
      ["", 0],
      ["mine", 0],
    ]);
  });

  it("resets the token when the day's session starts are used up", async () => {
    server.gateway.leaveIdentifies(1);
    await connect();
    await expect(connect()).rejects.toThrow("Not enough sessions");
  });
});
