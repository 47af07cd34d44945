import { createChannelFinder as createDiscordFinder } from "../../src/bots/discord/find-channel.ts";
import { toChannelKey, toWorkspace } from "../../src/bots/discord/receiving/place.ts";
import { toCoreChannel, toThreadConversation } from "../../src/bots/slack/core-channel.ts";
import { createChannelFinder as createSlackFinder } from "../../src/bots/slack/find-channel.ts";
import type { Config } from "../../src/config.ts";
import type { Channel } from "../../src/core/incoming.ts";
import { mayUseKnowledge, toMemoryApart } from "../../src/core/knowledge-policy.ts";
import type { Clock, Log } from "../../src/core/ports/system.ts";
import { InputError, type Entry, type Platform } from "./input.ts";

/** Where Docent remembers what is said in a channel. */
export interface Found {
  readonly bot: Platform;
  readonly channel: Channel;
  /** Of the memory. */
  readonly conversation: string;
  /** As the platform names the channel; null where it was not asked. */
  readonly name: string | null;
}

/** @throws InputError when this entry has no place in Docent; DocentError when a platform could not be asked */
export type FindPlace = (entry: Entry) => Promise<Found>;

/** Asks the platforms that there is a token for. Without one, the entry or `workspace` has to say where it is. */
export function createPlaceFinder(
  config: Config,
  options: {
    readonly workspace: string | null;
    readonly clock: Clock;
    readonly log: Log;
    readonly signal: AbortSignal;
  },
): FindPlace {
  const { slack, discord, conversationPer } = config;
  const { clock, log, signal } = options;
  let slackFinder: ReturnType<typeof createSlackFinder> | undefined;
  const findOnDiscord = discord === null ? undefined : createDiscordFinder({ ...discord, conversationPer });

  /** `--workspace` is one platform's: the files may name channels of both. */
  function toldWorkspace({ platform, workspace }: Entry): string | null {
    const isFitting = options.workspace !== null && /^\d+$/.test(options.workspace) === (platform === "discord");
    return workspace ?? (isFitting ? options.workspace : null);
  }

  async function findSlack(entry: Entry): Promise<Found> {
    const { place, channel: id, rootTs } = entry;
    if (conversationPer === "channel" && rootTs !== null) {
      throw new InputError(place, `${id} ${rootTs} is a thread of Slack; Docent remembers by channel here.`);
    }
    const { channel, name } = slack === null ? { channel: guess(entry), name: null } : await ask(entry, slack);
    if (conversationPer === "thread" && rootTs === null && !channel.isDirect) {
      const seen = "with CONVERSATION_PER=thread each thread of Slack remembers for itself: nobody would ever see it.";
      throw new InputError(place, seen);
    }
    const own = rootTs === null ? channel.key : toThreadConversation(channel, rootTs);
    // As `accept` has it: where team knowledge may not be used, everybody has the memory apart.
    const isKnowing = mayUseKnowledge({ channel, author: { id: "", name: null } }, config);
    return { bot: "slack", channel, conversation: isKnowing ? own : toMemoryApart(own), name };
  }

  async function ask(entry: Entry, { botToken, apiUrl }: NonNullable<Config["slack"]>) {
    const { place, channel: id } = entry;
    slackFinder ??= createSlackFinder({ botToken, apiUrl, clock, log, signal });
    const finder = await slackFinder;
    const told = toldWorkspace(entry);
    if (told !== null && told !== finder.teamId) {
      throw new InputError(place, `it is of the workspace ${told}, and SLACK_BOT_TOKEN is of ${finder.teamId}.`);
    }
    const found = await finder.find(id);
    if (found !== undefined) return found;
    throw new InputError(place, `Slack does not show ${id} to Docent: invite it there and run this again.`);
  }

  function guess(entry: Entry): Channel {
    const { place, channel: id } = entry;
    const told = toldWorkspace(entry);
    if (told === null) {
      throw new InputError(place, "of which workspace? Set SLACK_BOT_TOKEN, or say --workspace T….");
    }
    return toCoreChannel(told, id, { isDirect: id.startsWith("D"), isShared: false });
  }

  async function findDiscord(entry: Entry): Promise<Found> {
    const { place, channel: id } = entry;
    const told = toldWorkspace(entry);
    if (findOnDiscord === undefined) {
      if (told === null) {
        throw new InputError(place, "of which server? Set DISCORD_TOKEN, or say --workspace with the server's id.");
      }
      const channel = { key: toChannelKey(id), workspace: toWorkspace(told), isDirect: false, isShared: false };
      return { bot: "discord", channel, conversation: channel.key, name: null };
    }
    const found = await findOnDiscord(id);
    if (found === undefined) {
      throw new InputError(place, `Discord does not show ${id} to Docent: invite it there and run this again.`);
    }
    const { channel, conversation, name } = found;
    if (told !== null && !channel.isDirect && channel.workspace !== toWorkspace(told)) {
      throw new InputError(place, `it is said to be of the server ${told}, and Discord says ${channel.workspace}.`);
    }
    if (conversation !== toChannelKey(id)) {
      throw new InputError(place, `${id} is a thread of ${channel.key}; Docent remembers by channel here.`);
    }
    return { bot: "discord", channel, conversation, name: name === "" ? null : name };
  }

  return (entry) => (entry.platform === "discord" ? findDiscord(entry) : findSlack(entry));
}
