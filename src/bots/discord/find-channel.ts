import { DiscordAPIError, REST } from "@discordjs/rest";
import { Routes, type APIChannel } from "discord-api-types/v10";
import { DocentError } from "../../core/errors.ts";
import { toFacts, type ChannelFacts } from "./directory.ts";
import { toPlace, type Place } from "./receiving/place.ts";

export interface FoundChannel extends Place {
  readonly name: string;
}

const TIMEOUT_MS = 10_000;
/** Unknown to Discord, or not shown to the bot. */
const OUT_OF_SIGHT = [403, 404];

/**
 * Looks channels up by their ids, with the bot's token and without a running bot. The function returns undefined for one
 * that Discord does not show to the bot. @throws DocentError that says in words what Discord said
 */
export function createChannelFinder(options: {
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly conversationPer: "channel" | "thread";
}): (id: string) => Promise<FoundChannel | undefined> {
  const { token, apiUrl, conversationPer } = options;
  const api = apiUrl === undefined ? {} : { api: apiUrl.replace(/\/+$/, "") };
  const rest = new REST({ version: "10", timeout: TIMEOUT_MS, ...api }).setToken(token);

  async function read(id: string): Promise<ChannelFacts | undefined> {
    try {
      return toFacts((await rest.get(Routes.channel(id))) as APIChannel, null);
    } catch (error) {
      if (error instanceof DiscordAPIError && OUT_OF_SIGHT.includes(error.status)) return undefined;
      if (error instanceof DiscordAPIError && error.status === 401) {
        throw new DocentError(
          "unauthorized",
          "Discord does not take DISCORD_TOKEN: copy it again from the Developer Portal, Bot, Token.",
          {
            cause: error,
          },
        );
      }
      const seen = error instanceof Error ? error.message : String(error);
      throw new DocentError("platform_unreachable", `Discord gave no answer about a channel: ${seen}`, {
        cause: error,
      });
    }
  }

  return async (id) => {
    const facts = await read(id);
    if (facts === undefined) return undefined;
    const parent = facts.parentId === null ? undefined : await read(facts.parentId);
    return { ...toPlace(facts, parent, conversationPer), name: facts.name };
  };
}
