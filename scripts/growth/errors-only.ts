import type { Log } from "../../src/core/ports/system.ts";

/** Says what went wrong, and nothing else. */
export const errorsOnly: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (message, { error } = {}) => void process.stderr.write(`${message} ${String(error)}\n`),
};
