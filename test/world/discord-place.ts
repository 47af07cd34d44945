import type { DiscordServer } from "../servers/discord-server.ts";
import type { Guild, Message, User } from "../servers/discord/state.ts";
import type { Place, Post } from "./place.ts";

/** A channel on Discord in which `person` writes. */
export function openDiscordPlace(discord: DiscordServer, guild: Guild, person: User, index: number): Place {
  const channel = discord.people.channel(guild, `room-${index}`);
  const mention = discord.people.mention(discord.bot);
  const notes: { readonly message: Message; readonly name: string }[] = [];
  const removed: string[] = [];
  // Discord waits for nobody: what was said is handed to the sessions that there are.
  const post: Post = { accepted: Promise.resolve() };
  return {
    name: `discord ${index}`,
    ask(text, file) {
      discord.people.post(person, channel, `${mention} ${text}`, { files: file === undefined ? [] : [file] });
      return post;
    },
    note(file) {
      notes.push({ message: discord.people.post(person, channel, "", { files: [file] }), name: file.name });
      return post;
    },
    removeNote() {
      const note = notes.shift();
      if (note === undefined) return;
      // Discord tells of a deletion once: with one session alone, the process behind it may just be dying.
      const isHeard = discord.gateway.connected > 1;
      discord.people.remove(note.message);
      if (isHeard) removed.push(note.name);
    },
    undone: (holds) =>
      Promise.resolve(removed.filter(holds).map((name) => `discord ${index}: ${name} was deleted and is at OpenAI`)),
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
