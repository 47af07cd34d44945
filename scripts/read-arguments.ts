import { parseArgs, type ParseArgsConfig } from "node:util";

const HELP = { help: { type: "boolean", short: "h" } } as const;

/**
 * The arguments of a command. For `--help` it shows `usage` and ends the program with 0; for what the command does not
 * know it says what that is and ends with 2.
 */
export function readArguments<T extends ParseArgsConfig>(usage: string, config: T): ReturnType<typeof parseArgs<T>> {
  const parsed = parse(usage, config);
  if ((parsed.values as { readonly help?: boolean }).help === true) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return parsed;
}

function parse<T extends ParseArgsConfig>(usage: string, config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs({ ...config, options: { ...config.options, ...HELP } }) as ReturnType<typeof parseArgs<T>>;
  } catch (error) {
    if (!isAboutArguments(error)) throw error;
    // Behind its first sentence Node explains how its own parser may be used.
    return refuse(usage, error.message.split(". ")[0] ?? error.message);
  }
}

/** Says what was wrong with the arguments, and ends the program with 2. */
export function refuse(usage: string, reason: string): never {
  process.stderr.write(`${reason.replace(/\.$/, "")}.\n\n${usage}`);
  process.exit(2);
}

function isAboutArguments(error: unknown): error is Error {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
