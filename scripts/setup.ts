/**
 * `npm run setup`: asks for the keys and tokens of OpenAI, Slack and Discord, checks each with its vendor and writes it
 * to `.env`. `npm run setup -- slack` asks for that alone. From a pipe it reads one answer a line.
 */
import { isService, SERVICES } from "../src/core/ports/setup.ts";
import { createDotenvSetup } from "../src/create-dotenv-setup.ts";
import { readArguments, refuse } from "./read-arguments.ts";
import { createPrompt } from "./setup/prompt.ts";
import { runSetup } from "./setup/run-setup.ts";
import { toLocale } from "./to-locale.ts";

const INTERRUPTED = 130;

const USAGE = `npm run setup -- [${SERVICES.join("] [")}]

Asks for the keys and tokens of OpenAI, Slack and Discord, or of those that are named, checks each with its vendor and
writes it to .env. From a pipe it reads one answer a line.
`;

const { positionals } = readArguments(USAGE, { allowPositionals: true });
const unknown = positionals.filter((name) => !isService(name));

if (unknown.length > 0) {
  refuse(USAGE, `There is no ${unknown.join(", ")} to set up. Name one of ${SERVICES.join(", ")}, or nothing.`);
} else {
  const { stdin, stdout, env } = process;
  // Also when the output goes elsewhere: else the terminal itself would show what is typed.
  const isTerminal = stdin.isTTY;
  const prompt = createPrompt({
    input: stdin,
    output: stdout,
    isTerminal,
    onInterrupt: () => process.exit(INTERRUPTED),
  });
  try {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const isFine = await runSetup({
      setup: createDotenvSetup(env, log),
      prompt,
      write: (line) => stdout.write(`${line}\n`),
      locale: toLocale(env),
      hasColours: stdout.isTTY && (env["NO_COLOR"] ?? "") === "",
      ...(positionals.length === 0 ? {} : { services: positionals.filter(isService) }),
    });
    if (!isFine) process.exitCode = 1;
  } catch (error) {
    // A system's error on .env: it names the file and nothing of what is in it.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    prompt.close();
  }
}
