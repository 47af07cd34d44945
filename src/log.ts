import type { Log, LogFields } from "./core/ports/system.ts";
import type { Redact } from "./redact.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];

const COLOURS: Readonly<Record<Level, string>> = {
  debug: "\u001B[90m",
  info: "",
  warn: "\u001B[33m",
  error: "\u001B[31m",
};
const RESET = "\u001B[0m";

/** Log lines on `stream`: one JSON object a line, or for people. What `redact` knows is blacked out. */
export function createLog(options: {
  level: Level;
  format: "pretty" | "json";
  redact: Redact;
  stream: NodeJS.WritableStream;
  colours?: boolean;
}): Log {
  const { format, stream, redact, colours = false } = options;
  const lowest = LEVELS.indexOf(options.level);
  // Each text before it is written as JSON: what is blacked out of that may take half of an escaped character with it.
  const toJson = (value: unknown): string =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? redact(part) : part));

  function write(level: Level, message: string, fields: LogFields = {}): void {
    if (LEVELS.indexOf(level) < lowest) return;
    const values = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, toPlain(value)]));
    if (format === "json") {
      stream.write(`${toJson({ time: new Date().toISOString(), level, message, ...values })}\n`);
      return;
    }
    const rest = Object.entries(values).map(
      ([key, value]) => `${key}=${typeof value === "string" ? value : toJson(value)}`,
    );
    const line = [new Date().toTimeString().slice(0, 8), level === "info" ? "" : level.toUpperCase(), message, ...rest];
    const text = redact(line.filter(Boolean).join(" "));
    stream.write(colours && COLOURS[level] !== "" ? `${COLOURS[level]}${text}${RESET}\n` : `${text}\n`);
  }

  return {
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
  };
}

/** Errors as their messages, with those that caused them; one that nobody foresaw with its stack, since it is ours to mend. */
function toPlain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const isForeseen = "code" in value || value.cause !== undefined;
  return isForeseen ? toSentence(value) : (value.stack ?? value.message);
}

function toSentence(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? `[${error.code}] ` : "";
  const cause = error.cause instanceof Error ? `; because: ${toSentence(error.cause)}` : "";
  return `${code}${error.message}${cause}`;
}
