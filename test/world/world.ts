import { startDiscordServer } from "../servers/discord-server.ts";
import { startSlackServer } from "../servers/slack-server.ts";
import { openDiscordPlace } from "./discord-place.ts";
import { openPagePlace, type FindUrl } from "./page-place.ts";
import type { Place } from "./place.ts";
import { openSlackPlace } from "./slack-place.ts";

export interface World {
  /** What the program needs to find the platforms. */
  readonly env: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
  /** A channel on the page that nobody has used. */
  addPage(): Place;
  /** Where the programs can be reached from now on; none while all are down. */
  setUrls(urls: readonly string[]): void;
  /** Any one of them, in turn, as a load balancer would choose. */
  readonly findUrl: FindUrl;
  close(): Promise<void>;
}

/** Slack redelivers at once, after a minute and after five; a program that is back within seconds must not wait so long. */
const SLACK_RETRIES_MS = [300, 1_500, 4_000, 8_000, 16_000, 32_000];

/** Channels on Slack, Discord and the web page, dealt in turn. */
export async function openWorld(channels: number): Promise<World> {
  const slack = await startSlackServer({ postIntervalMs: null, retryDelaysMs: SLACK_RETRIES_MS });
  const discord = await startDiscordServer({ rateLimits: { globalPerSecond: 1_000, limit: 10_000 } });
  slack.addUser({ id: "U1", displayName: "Ann", isAdmin: true });
  const guild = discord.people.guild("Acme");
  const ann = discord.people.person("Ann");
  discord.people.join(ann, guild);
  let urls: readonly string[] = [];
  let turn = 0;
  let count = channels;
  const findUrl: FindUrl = () => urls[(turn += 1) % urls.length] ?? null;

  const kinds = [
    (index: number) => openSlackPlace(slack, index),
    (index: number) => openDiscordPlace(discord, guild, ann, index),
    (index: number) => openPagePlace(findUrl, index),
  ];
  const places = Array.from({ length: channels }, (_, index) => kinds[index % kinds.length]?.(index));
  return {
    env: {
      SLACK_BOT_TOKEN: "xoxb-test",
      SLACK_APP_TOKEN: "xapp-test",
      SLACK_API_URL: slack.apiUrl,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
    },
    places: places.filter((place) => place !== undefined),
    addPage: () => openPagePlace(findUrl, (count += 1)),
    setUrls: (next) => void (urls = next),
    findUrl,
    close: async () => void (await Promise.all([slack.close(), discord.close()])),
  };
}
