import { randomUUID } from "node:crypto";
import { startDiscordServer } from "../servers/discord-server.ts";
import { startSlackServer } from "../servers/slack-server.ts";
import type { Delivery } from "../servers/slack/deliveries.ts";
import { readMessage } from "../servers/slack/transcript.ts";
import type { SlackMessage } from "../servers/slack/world.ts";

interface ApiDocument {
  readonly id: string;
  readonly name: string;
}

/** A channel of some platform in which one person asks and reads. */
export interface Place {
  readonly name: string;
  /** Asks; what the platform does when nobody listens is the platform's affair. */
  ask(text: string, file?: { readonly name: string; readonly bytes: Uint8Array }): void;
  /** What Docent wrote here, oldest first. */
  answers(): Promise<readonly string[]>;
  /** Changes something: deletes a document on the page, begins a fresh conversation on Slack. */
  change?(): void;
  /** What was not done as it should have been of what was acknowledged; asked at the end. */
  undone?(holds: (fileName: string) => boolean): Promise<readonly string[]>;
}

export interface World {
  readonly env: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
  /** A channel on the page that nobody has used. */
  addPage(): Place;
  /** Where the program can be reached from now on; null while it is down. */
  setUrl(url: string | null): void;
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
  let url: string | null = null;
  let count = channels;

  const places = Array.from({ length: channels }, (_, index) =>
    [openOnSlack, openOnDiscord, openOnPage][index % 3]?.(index),
  );
  return {
    env: {
      SLACK_BOT_TOKEN: "xoxb-test",
      SLACK_APP_TOKEN: "xapp-test",
      SLACK_API_URL: slack.apiUrl,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
    },
    places: places.filter((place) => place !== undefined),
    addPage: () => openOnPage((count += 1)),
    setUrl: (next) => void (url = next),
    close: async () => void (await Promise.all([slack.close(), discord.close()])),
  };

  function openOnSlack(index: number): Place {
    const channel = `C${index}`;
    slack.addChannel({ id: channel, members: ["U1"] });
    const mention = `<@${slack.world.botUserId}>`;
    const commands: Delivery[] = [];
    const isFresh = (message: SlackMessage): boolean => readMessage(message).includes("A fresh conversation");
    return {
      name: `slack ${index}`,
      change: () => void commands.push(slack.interactions.command({ user: "U1", channel, text: "new" })),
      undone() {
        const wanted = commands.filter(({ state }) => state === "acked").length;
        const told = slack.botMessages(channel).filter(isFresh).length;
        return Promise.resolve(wanted === told ? [] : [`slack ${index}: ${told} replies to ${wanted} commands`]);
      },
      ask: (text, file) =>
        void slack.people.post({
          user: "U1",
          channel,
          text: `${mention} ${text}`,
          files: file === undefined ? [] : [file],
        }),
      answers: () =>
        Promise.resolve(
          slack
            .botMessages(channel)
            .filter((message) => message.ephemeralTo === null && !isFresh(message))
            .map(readMessage),
        ),
    };
  }

  function openOnDiscord(index: number): Place {
    const channel = discord.people.channel(guild, `room-${index}`);
    const mention = discord.people.mention(discord.bot);
    return {
      name: `discord ${index}`,
      ask: (text, file) =>
        void discord.people.post(ann, channel, `${mention} ${text}`, { files: file === undefined ? [] : [file] }),
      // Progress messages are not answers, and are gone once there is one.
      answers: () =>
        Promise.resolve(
          discord
            .botMessages(channel)
            .map(({ content }) => content)
            .filter((text) => text.includes("Echo") || text.includes("⚠️")),
        ),
    };
  }

  /** Sends one message after the other, each until it is accepted, with the same id: as the page does. */
  function openOnPage(index: number): Place {
    const path = `/api/channels/crash-${index}/messages`;
    let last: Promise<void> = Promise.resolve();
    const removed: ApiDocument[] = [];
    return {
      name: `page ${index}`,
      change: () => void (last = sendAfter(last, () => removeOldest(path.replace("messages", "documents"), removed))),
      async undone(holds) {
        await last;
        const { documents } = (await (await fetch(`${url}${path.replace("messages", "documents")}`)).json()) as {
          documents: ApiDocument[];
        };
        const isLeft = ({ id, name }: ApiDocument): boolean => documents.some((one) => one.id === id) || holds(name);
        return removed.filter(isLeft).map(({ name }) => `page ${index}: ${name} was removed and is there`);
      },
      ask(text, file) {
        const id = randomUUID();
        last = sendAfter(last, () => post(path, id, text, file));
      },
      async answers() {
        const { messages } = (await (await fetch(`${url}${path}`)).json()) as {
          messages: { author: string; text: string }[];
        };
        return messages.filter(({ author }) => author === "docent").map(({ text }) => text);
      },
    };
  }

  /** Deletes the first document of a channel. Repeated after a crash it may find it gone: then it was taken. */
  async function removeOldest(path: string, removed: ApiDocument[]): Promise<boolean> {
    const listed = await fetch(`${url}${path}`).catch(() => undefined);
    if (listed?.status !== 200) return false;
    const { documents } = (await listed.json()) as { documents: ApiDocument[] };
    const [document] = documents;
    if (document === undefined) return true;
    const answer = await fetch(`${url}/api/documents/${document.id}`, { method: "DELETE" }).catch(() => undefined);
    if (answer === undefined || ![204, 202, 404].includes(answer.status)) return false;
    removed.push(document);
    return true;
  }

  async function post(
    path: string,
    id: string,
    text: string,
    file?: { name: string; bytes: Uint8Array },
  ): Promise<boolean> {
    const form = new FormData();
    form.set("id", id);
    form.set("text", text);
    if (file !== undefined) form.append("files", new Blob([new Uint8Array(file.bytes)]), file.name);
    const response = await fetch(`${url}${path}`, { method: "POST", body: form }).catch(() => undefined);
    return response?.status === 202;
  }
}

/** Tries until it is accepted, behind what was sent before. */
async function sendAfter(before: Promise<void>, post: () => Promise<boolean>): Promise<void> {
  await before;
  while (!(await post())) await new Promise((resolve) => setTimeout(resolve, 100));
}
