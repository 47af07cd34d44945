import type { Config } from "./config.ts";

/** What a person reads once Docent is ready: where to open it, and how to add what is not set up. */
export function welcome(state: { url: string; config: Config; engineName: string }): string {
  const { url, config, engineName } = state;
  const lines = [
    "",
    `  Docent is ready: ${url}`,
    "",
    engineName === "openai"
      ? `  Answers   OpenAI, model ${config.model}`
      : "  Answers   quotes from your documents, found on this machine. For written answers put OPENAI_API_KEY=… into .env",
    config.slack === null
      ? "  Slack     not set up. Put SLACK_BOT_TOKEN=… and SLACK_APP_TOKEN=… into .env"
      : `  Slack     ${config.slack.mode === "socket" ? "by Socket Mode" : `by HTTP at ${url}/slack/events`}`,
    config.discord === null ? "  Discord   not set up. Put DISCORD_TOKEN=… into .env" : "  Discord   by its gateway",
    `  Data      ${config.databaseUrl === undefined ? config.dataDir : toPlace(config.databaseUrl)}`,
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
