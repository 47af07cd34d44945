import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { startDiscordServer } from "../servers/discord-server.ts";
import { startSlackServer } from "../servers/slack-server.ts";
import { readMessage } from "../servers/slack/transcript.ts";
import { visit, type Program } from "./program.ts";

export interface RoomFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A place that must keep its documents to itself. */
export interface Room {
  readonly name: string;
  /** What Docent's channel key ends in: the place's own id. */
  readonly id: string;
  /** Asks as somebody who is there, and resolves with the answer. */
  ask(text: string, files?: readonly RoomFile[]): Promise<string>;
}

export interface Rooms {
  readonly env: Readonly<Record<string, string>>;
  readonly slack: Awaited<ReturnType<typeof startSlackServer>>;
  readonly discord: Awaited<ReturnType<typeof startDiscordServer>>;
  connect(program: Program): Promise<readonly Room[]>;
}

/** Channels and direct messages on Slack, Discord and the page: six places, one of them shared with outsiders. */
export async function openRooms(): Promise<Rooms> {
  const slack = await startSlackServer({ postIntervalMs: null, retryDelaysMs: [50, 100, 200] });
  const discord = await startDiscordServer({ rateLimits: { globalPerSecond: 1_000, limit: 10_000 } });
  onTestFinished(async () => void (await Promise.all([slack.close(), discord.close()])));
  slack.addUser({ id: "U1ANN", displayName: "Ann", isAdmin: true });
  slack.addChannel({ id: "C1", name: "general", members: ["U1ANN"] });
  slack.addChannel({ id: "C2", name: "partners", members: ["U1ANN"], isExtShared: true });
  const slackDirect = slack.people.directOf("U1ANN");
  const guild = discord.people.guild("Acme");
  const ann = discord.people.person("Ann");
  discord.people.join(ann, guild, { permissions: ["administrator"] });
  const channel = discord.people.channel(guild, "general");
  const discordDirect = discord.people.direct(ann);

  function onSlack(name: string, id: string, prefix: string): Room {
    return {
      name,
      id,
      async ask(text, files = []) {
        const before = slack.botMessages(id).length;
        slack.people.post({ user: "U1ANN", channel: id, text: `${prefix}${text}`, files });
        return await slack.until(() => slack.botMessages(id).slice(before).map(readMessage).join("\n") || undefined);
      },
    };
  }

  function onDiscord(name: string, where: typeof channel, prefix: string): Room {
    const answers = (): string[] =>
      discord
        .botMessages(where)
        .filter(({ replyTo }) => replyTo !== null && replyTo !== undefined)
        .map(({ content }) => content);
    return {
      name,
      id: where.id,
      async ask(text, files = []) {
        const { id } = discord.people.post(ann, where, `${prefix}${text}`, { files });
        await discord.until(() => discord.botMessages(where).some(({ replyTo }) => replyTo === id));
        return answers().at(-1) ?? "";
      },
    };
  }

  return {
    slack,
    discord,
    env: {
      SLACK_BOT_TOKEN: "xoxb-test",
      SLACK_APP_TOKEN: "xapp-test",
      SLACK_API_URL: slack.apiUrl,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
    },
    async connect(program) {
      await slack.until(() => slack.sockets.connections.length > 0);
      await discord.until(() => discord.gateway.connected > 0);
      const onPage = (name: string): Room => ({
        name,
        id: name,
        async ask(text, files = []) {
          const { body } = await visit(program, name).post(text, files, randomUUID());
          const answer = await visit(program, name).answerOf(body.turn?.id ?? "");
          return `${answer.text}\n${answer.citations.map(({ document, quote }) => `${document} ${quote}`).join("\n")}`;
        },
      });
      return [
        onPage("alpha"),
        onPage("beta"),
        onSlack("gamma", "C1", `<@${slack.world.botUserId}> `),
        onSlack("delta", slackDirect.id, ""),
        onDiscord("epsilon", channel, `${discord.people.mention(discord.bot)} `),
        onDiscord("zeta", discordDirect, ""),
        onSlack("partners", "C2", `<@${slack.world.botUserId}> `),
      ];
    },
  };
}
