import { afterEach, describe, expect, it } from "vitest";
import type { Readiness } from "../../../src/core/ports/readiness.ts";
import type { Channel } from "../../servers/discord/state.ts";
import { shardOf } from "../../servers/discord/gateway-protocol.ts";
import { openReplicas, type Replicas } from "./replicas-under-test.ts";

let replicas: Replicas;
afterEach(() => replicas.close());

/** A channel in a server of this shard; Discord gives out ids by the time, so one comes along soon. */
function channelOfShard(shard: number, total: number): Channel {
  const { people } = replicas.server;
  for (;;) {
    replicas.server.advance(1);
    const guild = people.guild(`of shard ${shard}`);
    if (shardOf(guild.id, total) !== shard) {
      people.removeGuild(guild);
      continue;
    }
    people.join(replicas.kim, guild);
    return people.channel(guild, "general");
  }
}

/** Starts a replica whose shards have to wait for one another. */
async function startShards(ids: readonly number[], total: number): ReturnType<Replicas["start"]> {
  const replica = await replicas.start({ shards: { ids, total } });
  const check = async (): Promise<Readiness> => {
    const found = await replica.bot.check();
    if (!found.ready) replicas.pass(5000);
    return found;
  };
  await expect.poll(check).toMatchObject({ ready: true });
  return replica;
}

describe("shards of Discord", () => {
  it("are served by the replicas to which they were given, and every server is answered once", async () => {
    replicas = await openReplicas();
    const { server, post, me, said, kim } = replicas;
    const channels = [0, 1, 2, 3].map((shard) => channelOfShard(shard, 4));
    const first = await startShards([0, 2], 4);
    const second = await startShards([1, 3], 4);
    expect(await first.bot.check()).toEqual({ ready: true, hint: "Shards 0, 2 of 4." });
    expect(await second.bot.check()).toEqual({ ready: true, hint: "Shards 1, 3 of 4." });
    expect([first.bot.connections?.(), second.bot.connections?.()]).toEqual([2, 2]);
    expect(server.gateway.shards.toSorted()).toEqual(["0/4", "1/4", "2/4", "3/4"]);
    expect(server.gateway.hasty).toBe(0);
    for (const channel of channels) post(`${me} how long?`, { channel });
    const direct = server.people.direct(kim);
    post("and in private?", { channel: direct });
    await server.until(() => channels.every((channel) => said(channel).length === 1) && said(direct).length === 1);
    expect(replicas.cores.engine.asked).toHaveLength(5);
  });

  it("fetch after a restart what was said in their servers, also when there are now others", async () => {
    replicas = await openReplicas();
    const { server, post, me, said, kim } = replicas;
    const channels = [0, 1, 2, 3].map((shard) => channelOfShard(shard, 4));
    const direct = server.people.direct(kim);
    const only = await replicas.start({ shards: { ids: [0], total: 1 } });
    for (const channel of [...channels, direct]) post(`${me} one?`, { channel });
    await server.until(() => [...channels, direct].every((channel) => said(channel).length === 1));
    await only.stop();
    for (const channel of [...channels, direct]) post(`${me} two?`, { channel });
    const first = await startShards([0, 1], 2);
    await server.until(() => [...channels, direct].every((channel) => said(channel).length === 2));
    await first.stop();
    for (const channel of [...channels, direct]) post(`${me} three?`, { channel });
    await startShards([2], 4);
    await server.until(() => said(channels[2]).length === 3);
    await startShards([0, 1, 3], 4);
    await server.until(() => [...channels, direct].every((channel) => said(channel).length === 3));
    expect(replicas.cores.engine.asked).toHaveLength(15);
  });

  it("are as many as Discord recommends, when nothing else is said", async () => {
    replicas = await openReplicas({ server: { shards: 2, maxConcurrency: 2 } });
    const { bot } = await replicas.start();
    await replicas.server.until(() => replicas.server.gateway.connected === 2);
    expect(await bot.check()).toEqual({ ready: true, hint: "Shards 0-1 of 2." });
  });

  it("that are too few for the servers are an error that says what to do", async () => {
    replicas = await openReplicas({ server: { guildsPerShard: 2 } });
    for (const shard of [0, 0, 0]) channelOfShard(shard, 2);
    const { bot } = await replicas.start({ shards: { ids: [0], total: 2 } });
    expect(await bot.check()).toMatchObject({ ready: false, reason: expect.stringContaining("raise its total") });
  });

  it("that another replica has just begun are waited for, so that Discord refuses nothing", async () => {
    replicas = await openReplicas();
    const { server, pass } = replicas;
    await replicas.start();
    // The rest of the program goes on meanwhile.
    await replicas.start({}, { isHasty: true });
    expect(server.gateway.connected).toBe(1);
    pass(5000);
    await server.until(() => server.gateway.connected === 2);
    expect(server.gateway).toMatchObject({ connected: 2, identifies: 2, hasty: 0 });
  });
});
