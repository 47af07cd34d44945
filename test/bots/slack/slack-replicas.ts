import type { SlackBotOptions } from "../../../src/bots/slack/slack-bot-options.ts";
import { createSlackBot } from "../../../src/bots/slack/slack-bot.ts";
import type { Bulletin } from "../../../src/core/ports/system.ts";
import { createCoreReplicas, type CoreReplicas, type Replica } from "../../fakes/core-replicas.ts";
import { silentLog } from "../../fakes/core-under-test.ts";
import { createManualClock, type ManualClock } from "../../fakes/manual-clock.ts";
import { startSlackServer, type SlackServer } from "../../servers/slack-server.ts";
import type { SlackMessage, WorldOptions } from "../../servers/slack/world.ts";

/** A Slack server with Ann in a channel, and replicas on one store that serve it. */
export interface SlackReplicas {
  readonly slack: SlackServer;
  readonly clock: ManualClock;
  readonly cores: CoreReplicas;
  readonly start: (options?: Partial<SlackBotOptions>) => Promise<Replica>;
  readonly ask: (text: string, channel?: string) => ReturnType<SlackServer["people"]["post"]>;
  /** What Docent has said to all in a channel, oldest first. */
  readonly said: (channel?: string) => readonly string[];
  /** What Docent has said to one person in a channel. */
  readonly whispered: (channel?: string) => readonly string[];
  /** Messages that bear the sign of work. */
  readonly underWay: () => readonly SlackMessage[];
  readonly close: () => Promise<void>;
}

export async function openSlackReplicas(
  options: {
    readonly server?: WorldOptions;
    readonly bulletin?: Bulletin;
    /** Pauses of so many milliseconds pass at once; default: of a second. */
    readonly skipUpTo?: number;
  } = {},
): Promise<SlackReplicas> {
  const clock = createManualClock({ skipUpTo: options.skipUpTo ?? 1_000 });
  const slack = await startSlackServer({ isAgent: false, now: () => clock.now(), ...options.server });
  slack.addUser({ id: "U1ANN", displayName: "Ann", isAdmin: true });
  slack.addChannel({ id: "C1", name: "general", members: ["U1ANN"] });
  const { bulletin } = options;
  const cores = createCoreReplicas({
    clock,
    onKept: () => slack.world.changed(),
    ...(bulletin === undefined ? {} : { bulletin }),
  });
  const said = (channel: string, isPrivate: boolean): readonly string[] =>
    slack
      .botMessages(channel)
      .filter(({ ephemeralTo }) => (ephemeralTo !== null) === isPrivate)
      .map(({ text }) => text);

  return {
    slack,
    clock,
    cores,
    start: async (change = {}) =>
      await cores.add((shared) =>
        createSlackBot({
          ...shared,
          botToken: "xoxb-test",
          mode: { kind: "socket", appToken: "xapp-test" },
          apiUrl: slack.apiUrl,
          conversationPer: "channel",
          readUploads: "asked",
          maxFileMb: 1,
          clock,
          log: silentLog,
          metrics: { count: () => undefined, observe: () => undefined },
          language: "en",
          ...change,
        }),
      ),
    ask: (text, channel = "C1") => slack.people.post({ user: "U1ANN", channel, text: `<@U0DOCENT> ${text}` }),
    said: (channel = "C1") => said(channel, false),
    whispered: (channel = "C1") => said(channel, true),
    underWay: () => slack.world.messages.filter(({ reactions }) => reactions.has("hourglass_flowing_sand")),
    async close() {
      await cores.close();
      await slack.close();
    },
  };
}
