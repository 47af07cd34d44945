import type { DiscordBotOptions, Kept } from "../../../src/bots/discord/discord-bot-options.ts";
import { createDiscordBot } from "../../../src/bots/discord/discord-bot.ts";
import { createKeyedLock } from "../../../src/core/keyed-lock.ts";
import { createLocalBulletin } from "../../../src/core/local-bulletin.ts";
import type { Bot } from "../../../src/core/ports/bot.ts";
import type { KeyValue } from "../../../src/core/ports/stores.ts";
import type { Log } from "../../../src/core/ports/system.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from "../../servers/discord-server.ts";
import type { PostOptions } from "../../servers/discord/people.ts";
import type { Channel, Guild, Message, User } from "../../servers/discord/state.ts";
import { createRecordingDocent, type RecordingDocent } from "./recording-docent.ts";

export interface SceneOptions {
  readonly server?: DiscordServerOptions;
  readonly conversationPer?: "channel" | "thread";
  readonly readUploads?: "asked" | "at-once" | "off";
  readonly language?: string;
  readonly token?: string;
  readonly preferredLocale?: string;
  readonly shards?: DiscordBotOptions["shards"];
}

/** A server with Kim in a channel, and the bot in it. */
export interface Scene {
  readonly server: DiscordServer;
  readonly clock: ManualClock;
  readonly store: Map<string, Kept>;
  readonly logged: string[];
  /** Resolves when `check` holds; it is asked again whenever something is stored or logged. */
  until(check: () => boolean): Promise<void>;
  readonly guild: Guild;
  readonly channel: Channel;
  readonly kim: User;
  /** `<@…>` of the bot. */
  readonly me: string;
  docent: RecordingDocent;
  bot: Bot;
  readonly post: (text: string, options?: PostOptions & { channel?: Channel; user?: User }) => Message;
  /** Starts another process with the same data; the one before must have been stopped, or is a replica. */
  readonly start: () => Promise<Bot>;
  close(): Promise<void>;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const server = await startDiscordServer(options.server);
  const clock = createManualClock({ startAt: Date.now() });
  const store = new Map<string, Kept>();
  const logged: string[] = [];
  // One of each, as replicas that share a store have.
  const lock = createKeyedLock();
  const bulletin = createLocalBulletin();
  const watchers = new Set<() => void>();
  const { people } = server;
  const locale = options.preferredLocale === undefined ? {} : { preferredLocale: options.preferredLocale };
  const guild = people.guild("Acme", locale);
  const kim = people.person("Kim");
  people.join(kim, guild);
  const channel = people.channel(guild, "general");
  const bots: Bot[] = [];
  const docent = createRecordingDocent();

  const scene: Scene = {
    server,
    clock,
    store,
    logged,
    until: (check) =>
      new Promise((resolve) => {
        const look = (): void => void (check() && resolve());
        watchers.add(look);
        look();
      }),
    guild,
    channel,
    kim,
    me: people.mention(server.bot),
    docent,
    bot: createBot(),
    post: (text, { channel: where = channel, user = kim, ...rest } = {}) => people.post(user, where, text, rest),
    async start() {
      // Discord takes one session start in five seconds.
      if (bots.length > 0) pass(5000);
      const bot = createBot();
      bots.push(bot);
      scene.bot = bot;
      scene.docent.bot = bot;
      const started = bot.start(scene.docent);
      if (options.server?.hasMessageContent === false) {
        // The first session was refused for its intents.
        await clock.whenSleeping(5000);
        pass(5000);
        await server.until(() => server.state.app.commands.length > 0);
      }
      await started;
      await settled(bot);
      return bot;
    },
    async close() {
      for (const bot of bots) await bot.stop();
      await server.close();
    },
  };
  return scene;

  function pass(ms: number): void {
    clock.advance(ms);
    server.advance(ms);
  }

  function changed(): void {
    for (const look of watchers) look();
  }

  function createBot(): Bot {
    const keep: KeyValue<Kept> = {
      get: (key) => Promise.resolve(store.get(key)),
      set(key, value) {
        store.set(key, structuredClone(value));
        changed();
        return Promise.resolve();
      },
      delete(key) {
        const isKnown = store.delete(key);
        changed();
        return Promise.resolve(isKnown);
      },
    };
    return createDiscordBot({
      token: options.token ?? server.token,
      apiUrl: server.apiUrl,
      conversationPer: options.conversationPer ?? "channel",
      readUploads: options.readUploads ?? "asked",
      maxFileMb: 1,
      shards: options.shards ?? "auto",
      seen: keep,
      lock,
      bulletin,
      clock,
      log: createLog((line) => {
        logged.push(line);
        changed();
      }),
      metrics: { count: () => undefined, observe: () => undefined },
      language: options.language ?? "auto",
    });
  }

  /** Commands are registered beside the start; a test that uses them must not be faster. */
  async function settled(bot: Bot): Promise<void> {
    const { ready } = await bot.check();
    if (ready) await server.until(() => server.state.app.commands.length > 0);
  }
}

/** Opens a scene and starts the bot. */
export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(options);
  await scene.start();
  return scene;
}

function createLog(add: (line: string) => void): Log {
  const write =
    (level: string) =>
    (message: string, fields: object = {}): void => {
      const { error } = fields as { error?: unknown };
      add(`${level} ${message}${error instanceof Error ? ` ${error.message}` : ""} ${JSON.stringify(fields)}`);
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
