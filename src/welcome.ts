import type { Config } from "./config.ts";

/** What a person reads once Docent is ready: where to open it, and how to add what is not set up. */
export function welcome(state: {
  version: string;
  url: string;
  config: Config;
  engineName: string;
  hasSetup: boolean;
}): string {
  const { version, url, config, engineName, hasSetup } = state;
  const isComplete = engineName === "openai" && config.slack !== null && config.discord !== null;
  const lines = [
    "",
    `  Docent is ready: ${url}`,
    "",
    `  Version   ${version}`,
    engineName === "openai"
      ? `  Answers   OpenAI, model ${config.model}`
      : "  Answers   quotes from your documents, found on this machine; for written answers it needs OPENAI_API_KEY",
    config.slack === null
      ? "  Slack     not set up: it needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN"
      : `  Slack     ${config.slack.mode === "socket" ? "by Socket Mode" : `by HTTP at ${url}/slack/events`}`,
    config.discord === null ? "  Discord   not set up: it needs DISCORD_TOKEN" : "  Discord   by its gateway",
    `  Data      ${config.databaseUrl === undefined ? config.dataDir : toPlace(config.databaseUrl)}`,
    ...(isComplete ? [] : [`  Set-up    ${hasSetup ? `${url}/setup, or ` : ""}npm run setup in another terminal`]),
    "",
    "  Stop with Ctrl+C. .env.example lists every setting.",
    "",
  ];
  return `${lines.join("\n")}\n`;
}

/** Without the user and the password. */
function toPlace(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `Postgres at ${host}, database ${pathname.slice(1)}; other replicas may share it`;
}
