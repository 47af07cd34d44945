import type { SetupEnvironment, SetupVariable } from "../ports/setup.ts";
import type { TextKey } from "../texts/language.ts";
import type { Sentence } from "../texts/text.ts";
import { ownerOfToken } from "./owner-of-token.ts";

const SHAPES: Partial<Readonly<Record<SetupVariable, readonly [RegExp, TextKey]>>> = {
  SLACK_BOT_TOKEN: [/^xoxb-/, "setup.slack.bot_prefix"],
  SLACK_APP_TOKEN: [/^xapp-/, "setup.slack.app_prefix"],
  // Id, time and signature. Discord bans an address after 10,000 refused requests: what is no token is not sent there.
  DISCORD_TOKEN: [/^[^.]+\.[^.]+\.[^.]+$/, "setup.discord.shape"],
};

/** What is wrong with a variable of an environment by its looks alone; null when the vendor has to be asked. */
export function findOddity(variable: SetupVariable, env: SetupEnvironment): Sentence | null {
  const value = valueOf(env, variable);
  if (!/^[\u0021-\u007E]+$/.test(value)) return { key: "setup.odd", values: {} };
  const owner = variable === "OPENAI_API_KEY" ? ownerOfToken(value) : null;
  if (owner !== null) return { key: "setup.openai.not_its_own", values: { service: owner } };
  const [shape, problem] = SHAPES[variable] ?? [/./, null];
  if (problem === null || shape.test(value)) return null;
  return { key: toMixUp(variable, env) ?? problem, values: {} };
}

/** Trimmed, as the configuration reads it; empty when unset. */
export function valueOf(env: SetupEnvironment, variable: string): string {
  return env[variable]?.trim() ?? "";
}

/** One of Slack's two tokens in the place of the other. */
function toMixUp(variable: SetupVariable, env: SetupEnvironment): TextKey | null {
  const isAppToken = valueOf(env, "SLACK_BOT_TOKEN").startsWith("xapp-");
  const isBotToken = valueOf(env, "SLACK_APP_TOKEN").startsWith("xoxb-");
  if (isAppToken && isBotToken) return "setup.slack.swapped";
  // A token that rotates: `xoxe.xoxb-…`, or what renews it (docs.slack.dev/authentication/using-token-rotation).
  if (variable === "SLACK_BOT_TOKEN" && valueOf(env, variable).startsWith("xoxe")) return "setup.slack.rotates";
  if (variable === "SLACK_BOT_TOKEN" && isAppToken) return "setup.slack.bot_is_app";
  return variable === "SLACK_APP_TOKEN" && isBotToken ? "setup.slack.app_is_bot" : null;
}
