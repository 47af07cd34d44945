import { setImmediate } from "node:timers/promises";
import type { DiscordBotOptions, Kept } from "../../../src/bots/discord/discord-bot-options.ts";
import { createDiscordBot } from "../../../src/bots/discord/discord-bot.ts";
import type { KeyValue } from "../../../src/core/ports/stores.ts";
import type { Bulletin } from "../../../src/core/ports/system.ts";
import { createCoreReplicas, type CoreReplicas, type Replica } from "../../fakes/core-replicas.ts";
import { silentLog } from "../../fakes/core-under-test.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from "../../servers/discord-server.ts";
import type { PostOptions } from "../../servers/discord/people.ts";
import type { Channel, Message, User } from "../../servers/discord/state.ts";

const LOOK_EVERY_MS = 5;

/** A Discord server with Kim, who may manage it, in a channel, and replicas on one store that serve it. */
export interface Replicas {
  readonly server: DiscordServer;
  readonly clock: ManualClock;
  readonly cores: CoreReplicas;
  readonly channel: Channel;
  readonly kim: User;
  readonly me: string;
  /** How often messages were handed to a core, over all replicas. */
  readonly handed: () => number;
  /** Starts a replica, five seconds after another unless `isHasty`: Discord takes no session sooner. */
  readonly start: (options?: Partial<DiscordBotOptions>, how?: { readonly isHasty?: boolean }) => Promise<Replica>;
  /** Lets time pass here and at Discord. */
  readonly pass: (ms: number) => void;
  /** Lets those look again who look now and then, until `check` holds. */
  readonly lookUntil: (check: () => boolean) => Promise<void>;
  readonly post: (text: string, options?: PostOptions & { channel?: Channel }) => Message;
  /** What Docent has said to all in a channel, oldest first. */
  readonly said: (where?: Channel) => readonly string[];
  close(): Promise<void>;
}

export async function openReplicas(
  options: { readonly server?: DiscordServerOptions; readonly bulletin?: Bulletin } = {},
): Promise<Replicas> {
  const server = await startDiscordServer(options.server);
  const clock = createManualClock({ startAt: Date.now() });
  const { people } = server;
  const guild = people.guild("Acme");
  const kim = people.person("Kim");
  people.join(kim, guild, { permissions: ["viewChannel", "sendMessages", "manageGuild"] });
  const channel = people.channel(guild, "general");
  const cores = createCoreReplicas({
    clock,
    ...(options.bulletin === undefined ? {} : { bulletin: options.bulletin }),
  });
  // Whoever waits for something looks again: not all of it shows at Discord.
  const looking = setInterval(() => server.advance(0), LOOK_EVERY_MS);
  let handed = 0;
  let started = 0;

  function pass(ms: number): void {
    clock.advance(ms);
    server.advance(ms);
  }

  return {
    server,
    clock,
    cores,
    channel,
    kim,
    me: people.mention(server.bot),
    handed: () => handed,
    pass,
    async lookUntil(check) {
      while (!check()) {
        clock.advance(250);
        await setImmediate();
      }
    },
    async start(change = {}, { isHasty = false } = {}) {
      if (started > 0 && !isHasty) pass(5000);
      started += 1;
      const replica = await cores.add(({ seen, lock, bulletin }) =>
        createDiscordBot({
          token: server.token,
          apiUrl: server.apiUrl,
          shards: "auto",
          conversationPer: "channel",
          readUploads: "asked",
          maxFileMb: 1,
          seen: seen as KeyValue<Kept>,
          lock,
          bulletin,
          clock,
          log: silentLog,
          metrics: {
            count: () => undefined,
            observe(name) {
              if (name === "accept_seconds") handed += 1;
            },
          },
          language: "auto",
          ...change,
        }),
      );
      const { ready } = await replica.bot.check();
      if (ready) await server.until(() => server.state.app.commands.length > 0);
      return replica;
    },
    post: (text, { channel: where = channel, ...rest } = {}) => people.post(kim, where, text, rest),
    said: (where = channel) =>
      server
        .transcript(where)
        .filter(({ author, onlyFor }) => author === "Docent" && onlyFor === null)
        .map(({ text }) => text),
    async close() {
      clearInterval(looking);
      await cores.close();
      await server.close();
    },
  };
}
