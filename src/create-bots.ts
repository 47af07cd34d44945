import { createWebBot } from "./bots/web/web-bot.ts";
import { isLoopback, type Config } from "./config.ts";
import type { Bot } from "./core/ports/bot.ts";
import type { Engine } from "./core/ports/engine.ts";
import type { Setup } from "./core/ports/setup.ts";
import type { Blobs, KeyValue, MessageLog } from "./core/ports/stores.ts";
import type { Bulletin, Clock, HttpMount, Lock, Log, Metrics } from "./core/ports/system.ts";

/** The bots that are configured, by name, and what they mount on the HTTP server. The web page is always there. */
export async function createBots(
  config: Config,
  deps: {
    readonly messages: MessageLog;
    readonly blobs: Blobs;
    readonly keyValue: <T>(namespace: string) => KeyValue<T>;
    readonly lock: Lock;
    readonly bulletin: Bulletin;
    readonly clock: Clock;
    readonly log: Log;
    readonly metrics: Metrics;
    /** The one that answers first. */
    readonly engine: Pick<Engine, "name" | "check">;
    readonly setup: Setup | undefined;
  },
): Promise<{ bots: ReadonlyMap<string, Bot>; mounts: readonly HttpMount[] }> {
  const { lock, bulletin, clock, log, metrics, keyValue } = deps;
  const { conversationPer, readUploads, maxFileMb, language } = config;
  const shared = { lock, bulletin, conversationPer, readUploads, maxFileMb, language, clock, log, metrics };
  const web = createWebBot({
    messages: deps.messages,
    blobs: deps.blobs,
    bulletin,
    clock,
    log,
    maxFileMb,
    token: config.webToken,
    loopback: isLoopback(config.host),
    language,
    engineName: deps.engine.name,
    checkEngine: () => deps.engine.check(),
    ...(deps.setup === undefined ? {} : { setup: deps.setup }),
  });
  const bots: Bot[] = [web];
  const mounts: HttpMount[] = [];
  // The SDKs are loaded only when they are used: they take time and memory.
  if (config.slack !== null) {
    const { createSlackBot } = await import("./bots/slack/slack-bot.ts");
    const { botToken, apiUrl } = config.slack;
    const mode =
      config.slack.mode === "socket"
        ? ({ kind: "socket", appToken: config.slack.appToken } as const)
        : ({ kind: "http", signingSecret: config.slack.signingSecret } as const);
    const slack = createSlackBot({ ...shared, botToken, apiUrl, mode, seen: keyValue("slack") });
    bots.push(slack);
    mounts.push(slack);
  }
  if (config.discord !== null) {
    const { createDiscordBot } = await import("./bots/discord/discord-bot.ts");
    bots.push(createDiscordBot({ ...shared, ...config.discord, seen: keyValue("discord") }));
  }
  // The page answers whatever path no other bot has taken.
  return { bots: new Map(bots.map((bot) => [bot.name, bot])), mounts: [...mounts, web] };
}
