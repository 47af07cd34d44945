/**
 * The minimal bot on Vercel's Chat SDK, as its guides teach it: `onNewMention`, one model call that is awaited,
 * `thread.post`. Slack by Socket Mode, Discord by the gateway listener, state in memory.
 *
 * Two shims let it reach a server that is not Discord: the adapter makes its discord.js client without options, so the
 * REST address is changed in discord.js' defaults; and requests for which the adapter ignores `apiUrl` are rewritten.
 */
import { createRequire } from "node:module";
import { createDiscordAdapter } from "@chat-adapter/discord";
import { createSlackAdapter } from "@chat-adapter/slack";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Chat } from "chat";
import OpenAI from "openai";
import { required, tellReady } from "./tell-ready.ts";

const LISTEN_MS = 24 * 3_600_000;
const discordApi = required("DISCORD_API_URL");
const requireHere = createRequire(import.meta.url);
const rest = requireHere(requireHere.resolve("@discordjs/rest", { paths: [requireHere.resolve("discord.js")] })) as {
  DefaultRestOptions: { api: string };
};
rest.DefaultRestOptions.api = discordApi;
const { fetch: plainFetch } = globalThis;
globalThis.fetch = (input, init) =>
  plainFetch(typeof input === "string" ? input.replace("https://discord.com/api", discordApi) : input, init);

const openai = new OpenAI({ apiKey: required("OPENAI_API_KEY"), baseURL: required("OPENAI_BASE_URL") });
const discord = createDiscordAdapter({
  botToken: required("DISCORD_TOKEN"),
  applicationId: required("DISCORD_APPLICATION_ID"),
  publicKey: "0".repeat(64),
  apiUrl: `${discordApi}/v10`,
});
const slack = createSlackAdapter({
  mode: "socket",
  botToken: required("SLACK_BOT_TOKEN"),
  appToken: required("SLACK_APP_TOKEN"),
  apiUrl: required("SLACK_API_URL"),
});
const bot = new Chat({
  userName: "docent",
  adapters: { slack, discord },
  state: createMemoryState(),
  logger: process.env["PEER_LOG"] === "1" ? "debug" : "silent",
});

bot.onNewMention(async (thread, message) => {
  const response = await openai.responses.create({ model: required("OPENAI_MODEL"), input: message.text });
  await thread.post(response.output_text);
});

await bot.initialize();
await discord.startGatewayListener({ waitUntil: (task) => void task }, LISTEN_MS);
tellReady();
