import { DocentError } from "../../core/errors.ts";
import type { Channel } from "../../core/incoming.ts";
import type { Clock, Log, Metrics } from "../../core/ports/system.ts";
import { toCoreChannel } from "./core-channel.ts";
import { readChannelFacts } from "./directory.ts";
import { askIdentity, explainAuthFailure } from "./permissions.ts";
import { createSlackApi, explainRefusal } from "./slack-api.ts";

export interface FoundChannel {
  readonly channel: Channel;
  readonly name: string | null;
}

/** Looks channels up by their ids, with the bot's token and without a running bot. */
export interface ChannelFinder {
  /** `T…` */
  readonly teamId: string;
  /** Undefined for one that Slack does not show to the bot. @throws DocentError that says in words what Slack said */
  find(id: string): Promise<FoundChannel | undefined>;
}

const METRICS: Metrics = { count: () => undefined, observe: () => undefined };

/** @throws DocentError that says in words why the token does not work */
export async function createChannelFinder(options: {
  botToken: string;
  apiUrl: string | undefined;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<ChannelFinder> {
  const api = createSlackApi({ ...options, metrics: METRICS, stopping: options.signal });
  const { teamId } = await askIdentity(api).catch((error: unknown) => {
    throw new DocentError("unauthorized", explainAuthFailure(error), { cause: error });
  });
  return {
    teamId,
    async find(id) {
      const facts = await readChannelFacts(api, id).catch((error: unknown) => {
        throw new DocentError("platform_unreachable", `Slack: ${explainRefusal("conversations.info", error)}`, {
          cause: error,
        });
      });
      const { name, isDirect, isShared, isMember } = facts;
      // That it is there and not for the bot is only known by its lack of a name.
      if (name === null && !isMember) return undefined;
      return { channel: toCoreChannel(teamId, id, { isDirect, isShared }), name };
    },
  };
}
