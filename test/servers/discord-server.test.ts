import { createHash } from "node:crypto";
import { Routes } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rateLimited } from "./discord/faults.ts";
import { codeOf, createSdkClient, setScene, type SdkClient } from "./discord/sdk-client.ts";
import type { Channel } from "./discord/state.ts";
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from "./discord-server.ts";

describe("the REST API of the tests’ Discord", () => {
  let server: DiscordServer;
  const clients: SdkClient[] = [];

  async function start(options: DiscordServerOptions = {}): Promise<void> {
    await server?.close();
    server = await startDiscordServer(options);
  }
  beforeEach(() => start());
  afterEach(async () => {
    for (const { manager } of clients.splice(0)) await manager.destroy();
    await server.close();
  });

  async function connect(options: { intents?: number; token?: string } = {}): Promise<SdkClient> {
    const client = createSdkClient(server, options);
    clients.push(client);
    await client.connect();
    return client;
  }

  describe("messages", () => {
    it.for([
      { label: "too long", body: { content: "x".repeat(2001) }, expected: 50035 },
      { label: "empty", body: { content: " " }, expected: 50006 },
      { label: "a long nonce", body: { content: "x", nonce: "n".repeat(26) }, expected: 50035 },
      {
        label: "an unknown reference",
        body: { content: "x", message_reference: { message_id: "1" } },
        expected: 50035,
      },
      {
        label: "mentions of a kind that is none",
        body: { content: "x", allowed_mentions: { parse: ["all"] } },
        expected: 50035,
      },
      { label: "an ephemeral flag", body: { content: "x", flags: 64 }, expected: 50035 },
      { label: "a long custom_id", body: { content: "x", components: [row("i".repeat(101))] }, expected: 50035 },
      { label: "a custom_id twice", body: { content: "x", components: [row("i"), row("i")] }, expected: 50035 },
    ])("refuses $label with $expected", async ({ body, expected }) => {
      const { channel } = setScene(server);
      expect(await codeOf(createSdkClient(server).rest.post(Routes.channelMessages(channel.id), { body }))).toBe(
        expected,
      );
      expect(server.transcript(channel)).toEqual([]);
    });

    it("takes a nonce that it has seen minutes ago for the same message, and for a new one later", async () => {
      const { channel } = setScene(server);
      const rest = createSdkClient(server).rest;
      const post = async (): Promise<string> => {
        const body = { content: "hello", nonce: "n1", enforce_nonce: true };
        return ((await rest.post(Routes.channelMessages(channel.id), { body })) as { id: string }).id;
      };
      const first = await post();
      expect(await post()).toBe(first);
      server.advance(10 * 60_000);
      expect(await post()).not.toBe(first);
    });

    it("tells whom a message notifies, by allowed_mentions", async () => {
      const { kim, channel } = setScene(server);
      const rest = createSdkClient(server).rest;
      const content = `@everyone ${server.people.mention(kim)}`;
      await rest.post(Routes.channelMessages(channel.id), { body: { content } });
      await rest.post(Routes.channelMessages(channel.id), { body: { content, allowed_mentions: { parse: [] } } });
      expect(server.transcript(channel).map(({ pinged }) => pinged)).toEqual([["everyone", "Kim"], []]);
    });

    it("knows rights, locks and what is gone", async () => {
      const { kim, channel } = setScene(server);
      for (const guild of server.state.guilds.values()) guild.botPermissions |= 1n << 35n;
      const rest = createSdkClient(server).rest;
      const thread = server.people.thread(kim, channel);
      const body = { content: "x" };
      thread.isArchived = true;
      await rest.post(Routes.channelMessages(thread.id), { body });
      expect(thread.isArchived).toBe(false);
      thread.isLocked = true;
      expect(await codeOf(rest.post(Routes.channelMessages(thread.id), { body }))).toBe(160005);
      const message = server.people.post(kim, channel, "start");
      await rest.post(Routes.threads(channel.id, message.id), { body: { name: "t" } });
      expect(await codeOf(rest.post(Routes.threads(channel.id, message.id), { body: { name: "t" } }))).toBe(160004);
      channel.deniedToBot = 1n << 11n;
      expect(await codeOf(rest.post(Routes.channelMessages(channel.id), { body }))).toBe(50013);
      channel.deniedToBot = 1n << 10n;
      expect(await codeOf(rest.post(Routes.channelMessages(channel.id), { body }))).toBe(50001);
      expect(await codeOf(rest.post(Routes.channelMessages("1"), { body }))).toBe(10003);
      expect(server.invalidRequests).toBe(2);
    });

    it("pages through history", async () => {
      const { kim, channel } = setScene(server);
      const posted = Array.from({ length: 7 }, (_, index) => server.people.post(kim, channel, `m${index}`));
      const rest = createSdkClient(server).rest;
      const page = async (query: Record<string, string>): Promise<string[]> => {
        const list = await rest.get(Routes.channelMessages(channel.id), { query: new URLSearchParams(query) });
        return (list as { content: string }[]).map(({ content }) => content);
      };
      expect(await page({ limit: "2" })).toEqual(["m6", "m5"]);
      expect(await page({ limit: "2", after: posted[2]?.id ?? "" })).toEqual(["m4", "m3"]);
      expect(await page({ limit: "2", before: posted[2]?.id ?? "" })).toEqual(["m1", "m0"]);
      expect(await codeOf(page({ limit: "101" }))).toBe(50035);
    });

    it("signs addresses of files anew with each fetch, and lets them expire", async () => {
      const { kim, channel } = setScene(server);
      const bytes = "a file";
      const message = server.people.post(kim, channel, "", { files: [{ name: "a b.txt", bytes }] });
      const rest = createSdkClient(server).rest;
      const urlNow = async (): Promise<string> => {
        const json = await rest.get(Routes.channelMessage(channel.id, message.id));
        return (json as { attachments: { url: string }[] }).attachments[0]?.url ?? "";
      };
      const old = await urlNow();
      expect(hash(await (await fetch(old)).text())).toBe(hash(bytes));
      server.advance(25 * 3600_000);
      expect((await fetch(old)).status).toBe(404);
      expect((await fetch(await urlNow())).status).toBe(200);
      expect((await fetch(old.replace(/hm=\w+/, "hm=00"))).status).toBe(404);
    });
  });

  describe("limits and faults", () => {
    it("holds a bucket to its limit and names it in the headers", async () => {
      await start({ rateLimits: { limit: 2, windowMs: 300 } });
      const { channel } = setScene(server);
      const rest = createSdkClient(server).rest;
      const bodies = ["1", "2", "3", "4"].map((content) => ({ content }));
      await Promise.all(bodies.map((body) => rest.post(Routes.channelMessages(channel.id), { body })));
      // The SDK waits by the headers, so that no request is refused.
      expect(server.invalidRequests).toBe(0);
      const statuses = await Promise.all(
        bodies.map(async (body) => {
          const response = await fetch(`${server.apiUrl}/v10${Routes.channelMessages(channel.id)}`, {
            method: "POST",
            headers: { authorization: `Bot ${server.token}`, "content-type": "application/json" },
            body: JSON.stringify(body),
          });
          return response.status;
        }),
      );
      expect(statuses).toContain(429);
    });

    it("refuses with 429 and lets the SDK come back, and loses answers after the effect", async () => {
      const { channel } = setScene(server);
      const rest = createSdkClient(server, { retries: 2 }).rest;
      server.faults.add({ when: "before", reply: rateLimited(0.05) });
      await rest.post(Routes.channelMessages(channel.id), { body: { content: "late" } });
      server.faults.add({ when: "after", reply: { status: 502 } });
      await rest.post(Routes.channelMessages(channel.id), { body: { content: "twice" } });
      expect(server.transcript(channel).map(({ text }) => text)).toEqual(["late", "twice", "twice"]);
    });

    it("bans whoever makes too many invalid requests", async () => {
      await start({ rateLimits: { invalidRequests: 3 } });
      for (let count = 0; count < 3; count++) {
        expect(await codeOf(createSdkClient(server, { token: "wrong" }).rest.get(Routes.user()))).toBe(0);
      }
      const url = `${server.apiUrl}/v10${Routes.user()}`;
      const response = await fetch(url, { headers: { authorization: `Bot ${server.token}` } });
      expect([response.status, await response.text()]).toEqual([429, "error code: 1015"]);
    });
  });

  describe("commands and interactions", () => {
    const command = { name: "docent", description: "d", options: [{ type: 1, name: "help", description: "d" }] };

    it("registers commands and refuses what breaks the rules", async () => {
      const rest = createSdkClient(server).rest;
      const route = Routes.applicationCommands(server.state.app.id);
      await rest.put(route, { body: [command, { name: "Ask about this", type: 3 }] });
      expect(await rest.get(route)).toMatchObject([{ name: "docent" }, { name: "Ask about this", type: 3 }]);
      expect(await codeOf(rest.put(route, { body: [{ ...command, name: "Docent" }] }))).toBe(50035);
      expect(await codeOf(rest.put(route, { body: [{ ...command, description: "x".repeat(101) }] }))).toBe(50035);
      const many = Array.from({ length: 101 }, (_, index) => ({ ...command, name: `c${index}` }));
      expect(await codeOf(rest.put(route, { body: many }))).toBe(50035);
    });

    async function ask(): Promise<{
      client: SdkClient;
      id: string;
      token: string;
      channel: Channel;
    }> {
      const { kim, channel } = setScene(server);
      const client = await connect();
      await client.rest.put(Routes.applicationCommands(server.state.app.id), { body: [command] });
      server.controls.slash(kim, channel, ["help"], {}, { locale: "ko" });
      const [interaction] = await client.received("INTERACTION_CREATE");
      expect(interaction).toMatchObject({ locale: "ko", data: { name: "docent", options: [{ name: "help" }] } });
      return { client, id: String(interaction?.["id"]), token: String(interaction?.["token"]), channel };
    }

    it("shows a deferred answer to one person, once", async () => {
      const { client, id, token, channel } = await ask();
      const original = Routes.webhookMessage(server.state.app.id, token, "@original");
      expect(await codeOf(client.rest.patch(original, { body: { content: "early" } }))).toBe(10015);
      const body = { type: 5, data: { flags: 64 } };
      await client.rest.post(Routes.interactionCallback(id, token), { body, auth: false });
      expect(await codeOf(client.rest.post(Routes.interactionCallback(id, token), { body }))).toBe(40060);
      expect(server.transcript(channel)).toMatchObject([{ isThinking: true, onlyFor: "Kim" }]);
      await client.rest.patch(original, { body: { content: "here" } });
      await client.rest.post(Routes.webhook(server.state.app.id, token), { body: { content: "more" } });
      expect(server.transcript(channel)).toMatchObject([
        { text: "here", onlyFor: "Kim" },
        { text: "more", onlyFor: null },
      ]);
      server.advance(15 * 60_000);
      expect(await codeOf(client.rest.patch(original, { body: { content: "late" } }))).toBe(50027);
    });

    it("no longer knows an interaction after three seconds", async () => {
      const { client, id, token } = await ask();
      server.advance(3001);
      expect(await codeOf(client.rest.post(Routes.interactionCallback(id, token), { body: { type: 5 } }))).toBe(10062);
    });
  });
});

function row(id: string): unknown {
  return { type: 1, components: [{ type: 2, style: 2, label: "l", custom_id: id }] };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
