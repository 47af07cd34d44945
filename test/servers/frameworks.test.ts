import { App, LogLevel } from "@slack/bolt";
import { Client, Events, GatewayIntentBits } from "discord.js";
import { expect, it, onTestFinished } from "vitest";
import { startDiscordServer } from "./discord-server.ts";
import { startSlackServer } from "./slack-server.ts";

/**
 * Our servers stand for the vendors in all other tests. Here the frameworks that most bots are made with, as they come,
 * take them for the vendors too.
 */
it("serves Bolt’s App", async () => {
  const slack = await startSlackServer();
  onTestFinished(() => slack.close());
  slack.addUser({ id: "U1" });
  slack.addChannel({ id: "C1", name: "general", members: ["U1"] });
  const app = new App({
    token: slack.world.options.botToken,
    appToken: slack.world.options.appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logLevel: LogLevel.ERROR,
  });
  app.event(
    "app_mention",
    async ({ event, say }) => void (await say({ text: `Heard: ${event.text}`, thread_ts: event.ts })),
  );
  await app.start();
  onTestFinished(async () => {
    await app.stop();
    await slack.until(() => slack.sockets.connections.length === 0);
  });
  await slack.until(() => slack.sockets.connections.length > 0);
  const mention = `<@${slack.world.botUserId}> hello`;
  slack.people.post({ user: "U1", channel: "C1", text: mention });
  const answer = await slack.until(() => slack.botMessages("C1")[0]);
  expect(answer.text).toBe(`Heard: ${mention}`);
});

it("serves discord.js’s Client", async () => {
  const discord = await startDiscordServer();
  onTestFinished(() => discord.close());
  const guild = discord.people.guild("Acme");
  const kim = discord.people.person("Kim");
  discord.people.join(kim, guild);
  const channel = discord.people.channel(guild, "general");
  const { Guilds, GuildMessages, MessageContent } = GatewayIntentBits;
  const client = new Client({ intents: [Guilds, GuildMessages, MessageContent], rest: { api: discord.apiUrl } });
  onTestFinished(() => client.destroy());
  client.on(Events.MessageCreate, (message) => {
    if (!message.author.bot) void message.reply(`Heard: ${message.content}`);
  });
  const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
  await client.login(discord.token);
  await ready;
  const question = discord.people.post(kim, channel, "hello");
  const answer = await discord.until(() => discord.botMessages(channel)[0]);
  expect(answer).toMatchObject({ content: "Heard: hello", replyTo: question.id });
});
