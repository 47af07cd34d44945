import { startDiscordServer } from "../test/servers/discord-server.ts";
import type { Channel, Message } from "../test/servers/discord/state.ts";
import { answeredIn } from "./model.ts";
import { MESSAGES_KEPT, type Platform } from "./platform.ts";

const UNLIMITED = { limit: 1_000_000, globalPerSecond: 1_000_000 };

/** Discord by its gateway, with its limits (50 requests a second for a bot) or without them. */
export async function startDiscordPlatform(options: { readonly isLimited: boolean }): Promise<Platform> {
  const server = await startDiscordServer(options.isLimited ? {} : { rateLimits: UNLIMITED });
  const { state, people } = server;
  const guild = people.guild("Acme", {
    botMay: [
      "viewChannel",
      "sendMessages",
      "sendMessagesInThreads",
      "readMessageHistory",
      "addReactions",
      // Vercel's adapter opens a thread for each mention.
      "createPublicThreads",
    ],
  });
  const ann = people.person("Ann");
  people.join(ann, guild);
  const rooms = new Map<number, Channel>();
  const open = new Map<string, Message>();
  let listener: (question: number) => void = () => undefined;

  function roomOf(conversation: number): Channel {
    const room = rooms.get(conversation) ?? people.channel(guild, `room-${conversation}`);
    rooms.set(conversation, room);
    return room;
  }

  /** Only messages of the bot without an answer in them are looked at again: one may be edited in. */
  function look(): void {
    for (const [id, message] of open) {
      const question = answeredIn(JSON.stringify([message.content, message.components]));
      if (question === null) continue;
      open.delete(id);
      listener(question);
    }
  }
  const keep = state.messages.set.bind(state.messages);
  state.messages.set = (id, message) => {
    if (message.authorId === state.app.id) open.set(id, message);
    return keep(id, message);
  };
  // `until` asks again after every change; it never resolves.
  void server.until(() => {
    look();
    return false;
  });

  return {
    name: "Discord",
    env: { DISCORD_TOKEN: server.token, DISCORD_API_URL: server.apiUrl, DISCORD_APPLICATION_ID: state.app.id },
    ask(conversation, text, files = []) {
      people.post(ann, roomOf(conversation), `${people.mention(server.bot)} ${text}`, { files });
    },
    onAnswer(next) {
      listener = next;
    },
    isConnected: () => server.gateway.connected > 0,
    trim() {
      (server.requests as string[]).length = 0;
      let surplus = state.messages.size - MESSAGES_KEPT;
      for (const id of state.messages.keys()) {
        if (surplus-- <= 0) break;
        state.messages.delete(id);
        open.delete(id);
      }
    },
    close: () => server.close(),
  };
}
