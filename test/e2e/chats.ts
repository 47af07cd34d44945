import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { visit, type Program } from "./program.ts";
import { startDiscordServer, type DiscordServer } from "../servers/discord-server.ts";
import type { Message } from "../servers/discord/state.ts";
import { startSlackServer, type SlackServer } from "../servers/slack-server.ts";
import { readMessage } from "../servers/slack/transcript.ts";

interface ChatFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A message of somebody, to reply to or to delete. */
export interface Said {
  readonly id: string;
  readonly native: unknown;
}

/** What a person named Ann, who is an admin, does in the channel #general of a chat platform, and what she sees there. */
export interface Chat {
  readonly name: "Slack" | "Discord" | "the web page";
  /** What the program needs to find this platform. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes without a mention; on the web page, where every text asks, only the files are posted. */
  say(text: string, files?: readonly ChatFile[]): Said;
  /** Mentions Docent, or just asks where nobody else is there. */
  ask(text: string, files?: readonly ChatFile[]): Said;
  /** Writes on in the thread of a question (Slack), or replies to its answer (Discord). */
  followUp(question: Said, text: string): Said;
  command(subcommand: string): void;
  /** Presses a button of the newest message that has it. */
  press(label: string): void;
  /** Delivers a message again in every way the platform is known for. */
  deliverAgain(said: Said): void;
  remove(said: Said): void;
  /** What Docent wrote, whole messages as Ann reads them, oldest first. */
  answers(): readonly string[];
  transcript(): string;
  until<T>(condition: () => T | undefined | null | false): Promise<T>;
  /** Resolves when the program is connected; also after it was started again. */
  connected(program: Pick<Program, "url">): Promise<void>;
}

/** `locale` is that of Ann's client, and on Discord of the server too. */
export async function openSlack({
  locale = "en-US",
  ...options
}: Parameters<typeof startSlackServer>[0] & { locale?: string } = {}): Promise<Chat & { server: SlackServer }> {
  const server = await startSlackServer({ postIntervalMs: null, retryDelaysMs: [50, 100, 200], ...options });
  onTestFinished(() => server.close());
  const byHttp = options.requestUrl !== undefined;
  server.addUser({ id: "U1ANN", displayName: "Ann", isAdmin: true, locale });
  server.addChannel({ id: "C1", name: "general", members: ["U1ANN"] });
  const ann = { user: "U1ANN", channel: "C1" };
  const mention = `<@${server.world.botUserId}>`;
  const posted = new Map<string, ReturnType<typeof server.people.post>>();
  const post = (text: string, files: readonly ChatFile[] = [], threadTs?: string): Said => {
    const native = server.people.post({ ...ann, text, files, ...(threadTs === undefined ? {} : { threadTs }) });
    posted.set(native.ts, native);
    return { id: native.ts, native };
  };
  return {
    name: "Slack",
    server,
    env: {
      SLACK_BOT_TOKEN: "xoxb-test",
      SLACK_API_URL: server.apiUrl,
      ...(byHttp ? { SLACK_SIGNING_SECRET: server.world.options.signingSecret } : { SLACK_APP_TOKEN: "xapp-test" }),
    },
    say: (text, files) => post(text, files),
    ask: (text, files) => post(`${mention} ${text}`, files),
    followUp: (question, text) => post(text, [], question.id),
    command: (text) => void server.interactions.command({ ...ann, text }),
    press(label) {
      const message = server
        .botMessages("C1")
        .findLast(({ blocks }) => JSON.stringify(blocks).includes(JSON.stringify(label)));
      if (message === undefined) throw new Error(`Nobody offers “${label}”.`);
      server.interactions.press({ user: "U1ANN", message, label });
    },
    deliverAgain({ id }) {
      const native = posted.get(id);
      if (native === undefined) throw new Error("No such message.");
      for (const way of ["retry", "fresh", "connect", "retry"] as const) server.people.repeat(native, way);
    },
    remove: ({ id }) => void server.people.remove("C1", id),
    answers: () => server.botMessages("C1").map(readMessage),
    transcript: () => server.transcript("C1", "U1ANN"),
    until: (condition) => server.until(condition),
    connected(program) {
      server.setRequestUrl(`${program.url}/slack/events`);
      return server.until(() => byHttp || server.sockets.connections.length > 0).then(() => undefined);
    },
  };
}

export async function openDiscord({
  locale = "en-US",
  ...options
}: Parameters<typeof startDiscordServer>[0] & { locale?: string } = {}): Promise<Chat & { server: DiscordServer }> {
  const server = await startDiscordServer(options);
  onTestFinished(() => server.close());
  const { people } = server;
  const guild = people.guild("Acme", { preferredLocale: locale });
  const ann = people.person("Ann");
  people.join(ann, guild, { permissions: ["administrator"] });
  const channel = people.channel(guild, "general");
  const me = people.mention(server.bot);
  const post = (text: string, files: readonly ChatFile[] = [], replyTo?: Message): Said => {
    const native = people.post(ann, channel, text, { files, ...(replyTo === undefined ? {} : { replyTo }) });
    return { id: native.id, native };
  };
  return {
    name: "Discord",
    server,
    env: { DISCORD_TOKEN: server.token, DISCORD_API_URL: server.apiUrl },
    say: (text, files) => post(text, files),
    ask: (text, files) => post(`${me} ${text}`, files),
    followUp(question, text) {
      const answer = server.botMessages(channel).find(({ replyTo }) => replyTo === question.id);
      if (answer === undefined) throw new Error("There is no answer to reply to.");
      return post(text, [], answer);
    },
    command: (line) => void server.controls.slash(ann, channel, line.split(" "), {}, { locale }),
    press(label) {
      const message = server
        .botMessages(channel)
        .findLast(({ components }) => JSON.stringify(components).includes(JSON.stringify(label)));
      if (message === undefined) throw new Error(`Nobody offers “${label}”.`);
      server.controls.press(ann, message, label);
    },
    deliverAgain({ native }) {
      // As a resume and two replicas on the same shard do.
      for (let time = 0; time < 4; time++) server.deliverAgain(native as Message);
    },
    remove: ({ native }) => people.remove(native as Message),
    answers: () =>
      server
        .transcript(channel, ann)
        .filter(({ author, isThinking }) => author === "Docent" && !isThinking)
        .map(({ text }) => text),
    transcript: () => server.transcriptText(channel, ann),
    until: (condition) => server.until(condition),
    connected: () => server.until(() => server.gateway.connected > 0).then(() => undefined),
  };
}

/** The page by its HTTP interface. It has no commands: those are its buttons. */
export function openWeb(): Promise<Chat> {
  let page: ReturnType<typeof visit> | undefined;
  let answers: readonly string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const posted = new Map<string, () => Promise<unknown>>();
  const unsupported = (): never => {
    throw new Error("The page has no commands.");
  };
  const post = (text: string, files: readonly ChatFile[] = []): Said => {
    const id = randomUUID();
    const send = async (): Promise<unknown> => await page?.post(text, files, id);
    posted.set(id, send);
    // The page sends one message after the other.
    last = last.then(send);
    return { id, native: last };
  };
  const look = async (): Promise<void> => {
    const messages = (await page?.messages()) ?? [];
    answers = messages
      .filter(({ author }) => author === "docent")
      .map(
        ({ text, citations }) => `${text}\n${citations.map((each) => `${each.document}, p. ${each.page}`).join("\n")}`,
      );
  };
  return Promise.resolve({
    name: "the web page",
    env: {},
    say: (_text, files) => post("", files),
    ask: post,
    followUp: (_question, text) => post(text),
    command: unsupported,
    press: unsupported,
    deliverAgain({ id }) {
      for (let time = 0; time < 4; time++) void posted.get(id)?.();
    },
    remove: unsupported,
    answers: () => answers,
    transcript: () => answers.join("\n"),
    async until(condition) {
      for (;;) {
        await look();
        const found = condition();
        if (found !== undefined && found !== null && found !== false) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    connected(program) {
      page = visit(program, "general");
      return Promise.resolve();
    },
  });
}
