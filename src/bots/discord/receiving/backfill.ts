import { ChannelType, Routes } from "discord-api-types/v10";
import type { APIMessage, GatewayGuildCreateDispatchData, GatewayReadyDispatchData } from "discord-api-types/v10";
import { isForbidden, isGone, toBotError } from "../discord-errors.ts";
import { receiveMessage } from "./receive-message.ts";
import { compareSnowflakes } from "../snowflake.ts";
import type { Watermark } from "./watermark.ts";
import type { Wiring } from "../wiring.ts";

const PAGE = 100;
/** Of one channel; older ones are left. */
const MAX_PAGES = 10;
/** Of one server; those with the newest messages first. */
const MAX_CHANNELS = 200;
const MAX_DIRECTS = 100;
const TRIES = 5;
const PAUSE_MS = 1000;

/**
 * Fetches what was said while no session was there to tell: after a restart nothing is replayed, and a session that
 * cannot be resumed loses what came in between (topics/gateway.mdx). Each server says with GUILD_CREATE which messages
 * were last, so only channels with something new are asked. They take their place in their lanes before anything newer.
 */
export interface Backfill {
  ready(data: GatewayReadyDispatchData, shardId: number): void;
  guild(data: GatewayGuildCreateDispatchData, shardId: number): void;
}

export function createBackfill(wiring: Wiring): Backfill {
  const { lanes, watermarks, options } = wiring;
  /** Servers that READY named and that have not told about themselves yet, with the mark at that time. */
  const awaited = new Map<string, { readonly since: string; readonly release: () => void }>();

  /** False when it could not be fetched; the mark then stays where it is, for the next start. */
  async function channel(
    channelId: string,
    guildId: string | null,
    { since, mark }: { readonly since: string; readonly mark: Watermark },
  ): Promise<boolean> {
    let isDone = false;
    await lanes.run(channelId, async () => {
      let after = since;
      for (let page = 1; ; page++) {
        const messages = await fetchPatiently(channelId, after);
        for (const message of messages) {
          const done = mark.begin(message.id);
          const mattered = await receiveMessage(guildId === null ? message : { ...message, guild_id: guildId }, wiring);
          done({ mattered });
        }
        after = messages.at(-1)?.id ?? after;
        if (messages.length < PAGE) break;
        if (page === MAX_PAGES) {
          options.log.warn("discord: a channel has more missed messages than are fetched.", { channel: channelId });
          break;
        }
      }
      isDone = true;
    });
    return isDone;
  }

  async function fetchPatiently(channelId: string, after: string): Promise<readonly APIMessage[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await fetchPage(channelId, after);
      } catch (error) {
        if (tries === TRIES) throw toBotError(error, "Fetching missed messages");
        await options.clock.sleep(PAUSE_MS * 2 ** (tries - 1), wiring.stopping);
      }
    }
  }

  /** Oldest first. */
  async function fetchPage(channelId: string, after: string): Promise<readonly APIMessage[]> {
    try {
      const query = new URLSearchParams({ after, limit: String(PAGE) });
      const page = (await wiring.rest.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
      return page.toSorted((one, other) => compareSnowflakes(one.id, other.id));
    } catch (error) {
      if (!isGone(error) && !isForbidden(error)) throw error;
      return [];
    }
  }

  async function finish(tasks: readonly Promise<boolean>[], release: () => void, mark: Watermark): Promise<void> {
    if (!(await Promise.all(tasks)).every(Boolean)) return;
    release();
    // A mark that could not be stored costs a repeat, nothing more.
    await mark.flush().catch(() => undefined);
  }

  /** Those that only another replica knows come last: their messages are not live here yet. */
  async function directs(since: string, mark: Watermark): Promise<void> {
    const release = mark.hold();
    const known = wiring.directs.values().slice(-MAX_DIRECTS);
    const tasks = known.map((id) => channel(id, null, { since, mark }));
    await wiring.directs.load().catch(() => undefined);
    const others = wiring.directs.values().filter((id) => !known.includes(id));
    const more = others.slice(-MAX_DIRECTS).map((id) => channel(id, null, { since, mark }));
    await finish([...tasks, ...more], release, mark);
  }

  return {
    ready({ guilds }, shardId) {
      const mark = watermarks.of(shardId);
      const since = mark.value;
      for (const { id } of guilds) if (!awaited.has(id)) awaited.set(id, { since, release: mark.hold() });
      wiring.threads.forgetOthers();
      // All direct messages come to the first shard (topics/gateway.mdx, Sharding).
      if (shardId === 0) void directs(since, mark);
    },
    guild(data, shardId) {
      const mark = watermarks.of(shardId);
      const waiting = awaited.get(data.id);
      if (waiting === undefined || data.unavailable === true) return;
      awaited.delete(data.id);
      const { since, release } = waiting;
      const missed = [...data.channels, ...data.threads]
        .filter(({ type }) => type !== ChannelType.GuildForum && type !== ChannelType.GuildMedia)
        .flatMap((each) => {
          const last = "last_message_id" in each ? (each.last_message_id ?? null) : null;
          return last !== null && compareSnowflakes(since, last) < 0 ? [{ id: each.id, last }] : [];
        })
        .toSorted((one, other) => compareSnowflakes(other.last, one.last));
      if (missed.length > MAX_CHANNELS) {
        options.log.warn("discord: more channels have missed messages than are fetched.", { channels: missed.length });
      }
      void finish(
        missed.slice(0, MAX_CHANNELS).map(({ id }) => channel(id, data.id, { since, mark })),
        release,
        mark,
      );
    },
  };
}
