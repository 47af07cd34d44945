import { InputError, type Entry, type Platform } from "./input.ts";

type Named = Pick<Entry, "platform" | "workspace" | "channel" | "rootTs">;

const PATTERNS = {
  slackChannel: /^[CGD][A-Z0-9]+$/,
  slackTeam: /^[TE][A-Z0-9]+$/,
  slackPerson: /^[UW][A-Z0-9]+$/,
  slackTs: /^\d{10}\.\d{6}$/,
  snowflake: /^\d{15,20}$/,
} as const;

/** Words around an id that look like one themselves. */
const WORDS =
  /^(?:CHANNEL|CHAT|CONVERSATION|DIRECT|DISCORD|DM|ENTERPRISE|GENERAL|GROUP|GUILD|TEAM|THREAD|USER|WORKSPACE)S?$/;

/**
 * Reads the name that an old bot kept a thread under: Slack's `C…`, `G…` or `D…`, or a Discord id, alone or with the
 * workspace, a thread's `ts`, a namespace or words around it: `keyv:C0123`, `T01:C0123`, `slack:C0123:1700000000.000100`.
 * @throws InputError when there is no channel in it, or more than one
 */
export function parseChannel(name: string, place: string): Named {
  const shown = name.slice(0, 80);
  const parts = name
    .trim()
    .split(/[\s:/|,_-]+/)
    .filter((part) => !WORDS.test(part));
  const find = (kind: keyof typeof PATTERNS): string[] => parts.filter((part) => PATTERNS[kind].test(part));
  const [slack, discord] = [find("slackChannel"), find("snowflake")];
  const channels = [...slack, ...discord];
  const [channel] = channels;
  if (channel === undefined) {
    if (find("slackPerson").length > 0) {
      const seen = `“${shown}” is a person. Docent remembers by channel: name the direct message (D…) instead.`;
      throw new InputError(place, seen);
    }
    throw new InputError(place, `“${shown}” names no channel: Slack's begin with C, G or D, Discord's are numbers.`);
  }
  if (channels.length > 1) {
    throw new InputError(place, `“${shown}” names more than one: leave the id of the channel alone.`);
  }
  if (find("slackPerson").length > 0) {
    throw new InputError(place, `“${shown}” is the memory of one person in a channel. Docent remembers by channel.`);
  }
  const [workspace = null] = find("slackTeam");
  const [rootTs = null] = find("slackTs");
  return { platform: slack.length > 0 ? "slack" : "discord", workspace, channel, rootTs };
}

/** @throws InputError when it is neither */
export function parsePlatform(value: unknown, place: string): Platform | null {
  if (value === undefined || value === null) return null;
  if (value === "slack" || value === "discord") return value;
  throw new InputError(place, "the platform has to be slack or discord.");
}
