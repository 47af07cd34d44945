import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Setup, SetupEnvironment } from "../../src/core/ports/setup.ts";
import { createSetup } from "../../src/core/set-up/create-setup.ts";
import { createTokenChecks } from "../../src/create-token-checks.ts";
import { DEFAULT_MODEL } from "../../src/config.ts";
import { createDotenvFile } from "../../src/dotenv-file.ts";
import { findConfigProblems } from "../../src/find-config-problems.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

export interface Installation {
  readonly setup: Setup;
  readonly file: string;
  /** What `.env` holds; null when there is none. */
  readonly text: () => string | null;
  /** The permission bits of `.env`, such as `600`. */
  readonly mode: () => string;
  readonly logged: readonly unknown[];
}

/** Set-up over a `.env` of its own, with the real checks. */
export function createInstallation(environment: SetupEnvironment, folder = temporaryFolder()): Installation {
  const file = path.join(folder, ".env");
  const logged: unknown[] = [];
  const note = (message: string, fields?: unknown): void => void logged.push([message, fields]);
  const setup = createSetup({
    file: createDotenvFile(file),
    environment,
    checks: createTokenChecks,
    findProblems: findConfigProblems,
    manifest: () => readFileSync("slack-manifest.json", "utf8"),
    defaultModel: DEFAULT_MODEL,
    log: { debug: note, info: note, warn: note, error: note },
  });
  return {
    setup,
    file,
    text: () => (existsSync(file) ? readFileSync(file, "utf8") : null),
    mode: () => (statSync(file).mode & 0o777).toString(8),
    logged,
  };
}
