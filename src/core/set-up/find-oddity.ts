import type { SetupVariable } from "../ports/setup.ts";
import type { TextKey } from "../texts/language.ts";

const SHAPES: Partial<Readonly<Record<SetupVariable, readonly [RegExp, TextKey]>>> = {
  SLACK_BOT_TOKEN: [/^xoxb-/, "setup.slack.bot_prefix"],
  SLACK_APP_TOKEN: [/^xapp-/, "setup.slack.app_prefix"],
  // Id, time and signature. Discord bans an address after 10,000 refused requests: what is no token is not sent there.
  DISCORD_TOKEN: [/^[^.]+\.[^.]+\.[^.]+$/, "setup.discord.shape"],
};

/** What is wrong with a value by its looks alone; null when the vendor has to be asked. */
export function findOddity(variable: SetupVariable, value: string): TextKey | null {
  if (!/^[\u0021-\u007E]+$/.test(value)) return "setup.odd";
  const [shape, problem] = SHAPES[variable] ?? [/./, null];
  return shape.test(value) ? null : problem;
}
