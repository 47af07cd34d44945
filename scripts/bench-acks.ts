/**
 * Measures how fast Slack gets its acknowledgements, and how fast commands are answered, while runs are going on:
 * 200 mentions at once over 50 channels, then `/docent docs` in each channel on Slack and on Discord.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { startDiscordServer } from "../test/servers/discord-server.ts";
import { startOpenAIServer } from "../test/servers/openai-server.ts";
import { startSlackServer } from "../test/servers/slack-server.ts";

const CHANNELS = 50;
const EVENTS = 200;

const openai = await startOpenAIServer({ runTimeMs: 2_000, eventGapMs: 50 });
const slack = await startSlackServer({ postIntervalMs: null });
const discord = await startDiscordServer({ rateLimits: { globalPerSecond: 1_000 } });
slack.addUser({ id: "U1", displayName: "Ann", isAdmin: true });
const guild = discord.people.guild("Acme");
const ann = discord.people.person("Ann");
discord.people.join(ann, guild);
const rooms = Array.from({ length: CHANNELS }, (_, index) => discord.people.channel(guild, `room-${index}`));
for (let index = 0; index < CHANNELS; index++) slack.addChannel({ id: `C${index}`, members: ["U1"] });

const dataDir = mkdtempSync(path.join(tmpdir(), "docent-bench-"));
const child = spawn(process.execPath, ["src/main.ts"], {
  env: {
    PATH: process.env["PATH"] ?? "",
    DATA_DIR: dataDir,
    PORT: "0",
    LOG_LEVEL: "error",
    OPENAI_API_KEY: "test-key",
    OPENAI_BASE_URL: openai.url,
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_APP_TOKEN: "xapp-test",
    SLACK_API_URL: slack.apiUrl,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
  },
  stdio: ["ignore", "pipe", "inherit"],
});

try {
  for await (const line of createInterface({ input: child.stdout })) if (line.includes("Docent is ready")) break;
  child.stdout.resume();
  await slack.until(() => slack.sockets.connections.length > 0);
  await discord.until(() => discord.gateway.connected > 0 && discord.state.app.commands.length > 0);

  const mentions = Array.from({ length: EVENTS }, (_, index) =>
    slack.people.post({
      user: "U1",
      channel: `C${index % CHANNELS}`,
      text: `<@${slack.world.botUserId}> question ${index}?`,
    }),
  );
  const events = mentions.flatMap(({ deliveries }) => deliveries);
  await openai.whenRequested("responses.create");
  const commands = rooms.map((_, index) =>
    slack.interactions.command({ user: "U1", channel: `C${index}`, text: "docs" }),
  );
  const slashes = rooms.map((room) => timeSlash(room));
  const acked = await Promise.all(events.map(({ done }) => done));
  const answered = await Promise.all(commands.map(({ done }) => done));
  const slashTimes = await Promise.all(slashes);
  await slack.until(() => answersOf() >= EVENTS);

  const firstAck = (list: typeof acked): number[] => list.map(({ attempts }) => attempts[0]?.ms ?? Number.NaN);
  process.stdout.write(
    `| from event to acknowledgement | count | p50 ms | p99 ms | max ms | missed |\n|---|---|---|---|---|---|\n` +
      row(
        `Slack events, ${EVENTS} mentions at once in ${CHANNELS} channels`,
        firstAck(acked),
        acked.filter(({ attempts }) => attempts[0]?.isAcked !== true).length,
      ) +
      row("Slack commands meanwhile", firstAck(answered), answered.filter(({ state }) => state !== "acked").length) +
      row("Discord commands meanwhile", slashTimes, slashTimes.filter((ms) => ms > 3_000).length) +
      `\n${answersOf()} answers for ${EVENTS} mentions, ${openai.to("responses.create").length} runs.\n`,
  );
} finally {
  child.kill("SIGKILL");
  await Promise.all([openai.close(), slack.close(), discord.close()]);
  rmSync(dataDir, { recursive: true, force: true });
}

async function timeSlash(room: (typeof rooms)[number]): Promise<number> {
  const startedAt = performance.now();
  const interaction = discord.controls.slash(ann, room, ["docs"]);
  await discord.until(() => interaction.answeredWith !== null);
  return performance.now() - startedAt;
}

function answersOf(): number {
  const texts = Array.from({ length: CHANNELS }, (_, index) => slack.botMessages(`C${index}`)).flat();
  return texts.filter(({ metadata }) => metadata !== null).length;
}

function row(label: string, values: readonly number[], missed: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(0);
  return `| ${label} | ${values.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${missed} |\n`;
}
