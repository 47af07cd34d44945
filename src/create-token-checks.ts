import type { SetupEnvironment } from "./core/ports/setup.ts";
import type { Log } from "./core/ports/system.ts";
import type { TokenChecks } from "./core/ports/token-checks.ts";
import { createSystemClock } from "./core/system-clock.ts";

/** Says nothing: what the SDKs tell at their lowest level may hold a token that the log does not know yet. */
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Asks the vendors at the addresses that this environment names. SDKs are loaded when they are first used. */
export function createTokenChecks(env: SetupEnvironment): TokenChecks {
  const clock = createSystemClock();
  const slack = { apiUrl: addressOf(env, "SLACK_API_URL"), clock, log: SILENT };
  return {
    async openai({ apiKey, model }) {
      const { checkKey } = await import("./engines/openai/check-key.ts");
      return await checkKey({ apiKey, model, baseUrl: addressOf(env, "OPENAI_BASE_URL"), clock, log: SILENT });
    },
    async slackBot(token) {
      const { checkBotToken } = await import("./bots/slack/check-tokens.ts");
      return await checkBotToken(token, slack);
    },
    async slackApp(token, botToken) {
      const { checkAppToken } = await import("./bots/slack/check-tokens.ts");
      return await checkAppToken(token, botToken, slack);
    },
    async discord(token) {
      const { checkToken } = await import("./bots/discord/check-token.ts");
      return await checkToken(token, addressOf(env, "DISCORD_API_URL"));
    },
  };
}

function addressOf(env: SetupEnvironment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}
