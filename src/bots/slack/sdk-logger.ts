import { LogLevel, type Logger } from "@slack/web-api";
import type { Log } from "../../core/ports/system.ts";

/** Lines of Slack's SDK in our log. Its details name channels and tokens' owners, so only warnings and errors pass. */
export function createSdkLogger(log: Log): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => log.debug(`slack sdk: ${toLine(parts)}`),
    error: (...parts) => log.debug(`slack sdk: ${toLine(parts)}`),
    setLevel: () => undefined,
    // Below it the SDK would format whole bodies, also for a logger that drops them.
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

function toLine(parts: readonly unknown[]): string {
  return parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" ");
}
