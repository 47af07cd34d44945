import type { SlackServer } from "../servers/slack-server.ts";
import type { Delivery } from "../servers/slack/deliveries.ts";
import type { Posted } from "../servers/slack/people.ts";
import { readMessage } from "../servers/slack/transcript.ts";
import type { SlackMessage } from "../servers/slack/world.ts";
import type { Place, Post, PostedFile } from "./place.ts";

/** A channel on Slack in which the user `U1` writes. */
export function openSlackPlace(slack: SlackServer, index: number): Place {
  const channel = `C${index}`;
  slack.addChannel({ id: channel, members: ["U1"] });
  const mention = `<@${slack.world.botUserId}>`;
  const commands: Delivery[] = [];
  const notes: { readonly ts: string; readonly name: string }[] = [];
  const removals: { readonly name: string; readonly told: Delivery }[] = [];
  const isFresh = (message: SlackMessage): boolean => readMessage(message).includes("A fresh conversation");
  const post = (text: string, file?: PostedFile): Posted =>
    slack.people.post({ user: "U1", channel, text, files: file === undefined ? [] : [file] });
  return {
    name: `slack ${index}`,
    change: () => void commands.push(slack.interactions.command({ user: "U1", channel, text: "new" })),
    removeNote() {
      const note = notes.shift();
      const told = note === undefined ? null : slack.people.remove(channel, note.ts);
      if (note !== undefined && told !== null) removals.push({ name: note.name, told });
    },
    undone(holds) {
      const wanted = commands.filter(({ state }) => state === "acked").length;
      const told = slack.botMessages(channel).filter(isFresh).length;
      const left = removals.filter(({ name, told: { state } }) => state === "acked" && holds(name));
      return Promise.resolve([
        ...(wanted === told ? [] : [`slack ${index}: ${told} replies to ${wanted} commands`]),
        ...left.map(({ name }) => `slack ${index}: ${name} was deleted and is at OpenAI`),
      ]);
    },
    ask: (text, file) => toPost(post(`${mention} ${text}`, file)),
    note(file) {
      const posted = post("", file);
      notes.push({ ts: posted.ts, name: file.name });
      return toPost(posted);
    },
    answers: () =>
      Promise.resolve(
        slack
          .botMessages(channel)
          .filter((message) => message.ephemeralTo === null && !isFresh(message))
          .map(readMessage),
      ),
  };
}

/** A mention is told twice, as `message` and as `app_mention`: the first acknowledgement counts. */
function toPost({ deliveries }: Posted): Post {
  return { accepted: Promise.race(deliveries.map(({ done }) => done)).then(() => undefined) };
}
