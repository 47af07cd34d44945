/**
 * The loop that most tutorials teach, on `@slack/bolt` and `discord.js`: start a run in the background, sleep, retrieve,
 * sleep again until it has ended. `FIRST_SLEEP_MS` and `NEXT_SLEEP_MS` set the pauses.
 */
import { setTimeout as sleep } from "node:timers/promises";
import bolt from "@slack/bolt";
import { Client, Events, GatewayIntentBits } from "discord.js";
import OpenAI from "openai";
import { required, tellReady } from "./tell-ready.ts";

const firstSleepMs = Number(required("FIRST_SLEEP_MS"));
const nextSleepMs = Number(required("NEXT_SLEEP_MS"));
const openai = new OpenAI({ apiKey: required("OPENAI_API_KEY"), baseURL: required("OPENAI_BASE_URL") });

async function answer(question: string): Promise<string> {
  const { id } = await openai.responses.create({
    model: required("OPENAI_MODEL"),
    input: question,
    background: true,
    store: true,
  });
  await sleep(firstSleepMs);
  for (;;) {
    const response = await openai.responses.retrieve(id);
    if (response.status !== "queued" && response.status !== "in_progress") return response.output_text;
    await sleep(nextSleepMs);
  }
}

const clientOptions = { slackApiUrl: required("SLACK_API_URL") };
const app = new bolt.App({
  token: required("SLACK_BOT_TOKEN"),
  receiver: new bolt.SocketModeReceiver({ appToken: required("SLACK_APP_TOKEN"), installerOptions: { clientOptions } }),
  clientOptions,
});
app.event("app_mention", async ({ event, say }) => {
  await say({ text: await answer(event.text), thread_ts: event.ts });
});

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
  rest: { api: required("DISCORD_API_URL") },
});
client.on(Events.MessageCreate, (message) => {
  if (message.author.bot || client.user === null || !message.mentions.has(client.user)) return;
  void answer(message.content).then((text) => message.reply(text));
});

await app.start();
await client.login(required("DISCORD_TOKEN"));
tellReady();
