import type { Config } from "./config.ts";
import type { PartStates } from "./first-look.ts";

/** Aligns what stands below a line with the line. */
const INDENT = " ".repeat(14);

/** What a person reads once Docent is ready: where to open it, what works and what does not, and how to mend that. */
export function welcome(state: {
  version: string;
  url: string;
  config: Config;
  engineName: string;
  hasSetup: boolean;
  parts: PartStates;
}): string {
  const { version, url, config, engineName, hasSetup, parts } = state;
  const isOpenAI = engineName === "openai";
  const isBroken = Object.values(parts).some((part) => part?.ready === false);
  const isComplete = isOpenAI && config.slack !== null && config.discord !== null && !isBroken;
  const lines = [
    "",
    `  Docent is ready: ${url}${isBroken ? " (but not all of it works: see ✗)" : ""}`,
    "",
    `  Version   ${version}`,
    isOpenAI
      ? `  Answers   ${tell("openai", `OpenAI, model ${config.model}`)}`
      : "  Answers   – quotes from your documents, found on this machine; for written answers it needs OPENAI_API_KEY",
    config.slack === null
      ? "  Slack     – not set up: it needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN"
      : `  Slack     ${tell("slack", config.slack.mode === "socket" ? "by Socket Mode" : `by HTTP at ${url}/slack/events`)}`,
    config.discord === null
      ? "  Discord   – not set up: it needs DISCORD_TOKEN"
      : `  Discord   ${tell("discord", "by its gateway")}`,
    `  Data      ${tellData(config.databaseUrl === undefined ? config.dataDir : toPlace(config.databaseUrl))}`,
    ...(isComplete ? [] : [`  Set-up    ${hasSetup ? `${url}/setup, or ` : ""}npm run setup in another terminal`]),
    "",
    "  Stop with Ctrl+C. .env.example lists every setting.",
    "  npm run doctor looks at all of it and says what is wrong and what mends it.",
    "",
  ];
  return `${lines.join("\n")}\n`;

  /** One of the services, as `/readyz` has it. */
  function tell(part: "openai" | "slack" | "discord", how: string): string {
    const found = parts[part] ?? null;
    if (found === null) return `… ${how}; not checked yet, the log tells what comes of it`;
    // The line begins with the name.
    if (!found.ready)
      return `✗ ${found.reason.replace(/^(?:OpenAI|Slack|Discord): /, "")}\n${INDENT}→ npm run setup -- ${part}, or npm run doctor -- ${part}`;
    return `✓ ${how}${found.hint === undefined ? "" : `\n${INDENT}! ${found.hint}`}`;
  }

  function tellData(place: string): string {
    const reasons = ["store", "files"].flatMap((part) => {
      const found = parts[part] ?? null;
      return found === null || found.ready ? [] : [`✗ ${found.reason}`];
    });
    return reasons.length === 0 ? `✓ ${place}` : reasons.join(`\n${" ".repeat(12)}`);
  }
}

/** Without the user and the password. */
function toPlace(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `Postgres at ${host}, database ${pathname.slice(1)}; other replicas may share it`;
}
