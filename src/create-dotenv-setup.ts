import { readFileSync } from "node:fs";
import { DEFAULT_MODEL } from "./config.ts";
import type { Setup, SetupEnvironment } from "./core/ports/setup.ts";
import type { Log } from "./core/ports/system.ts";
import { createSetup } from "./core/set-up/create-setup.ts";
import { createTokenChecks } from "./create-token-checks.ts";
import { createDotenvFile } from "./dotenv-file.ts";
import { findConfigProblems } from "./find-config-problems.ts";

const MANIFEST = new URL("../slack-manifest.json", import.meta.url);

/** Set-up that writes `.env` in the folder where Docent runs, for the page and for `npm run setup`. */
export function createDotenvSetup(environment: SetupEnvironment, log: Log): Setup {
  return createSetup({
    file: createDotenvFile(".env"),
    environment,
    checks: createTokenChecks,
    findProblems: findConfigProblems,
    manifest: () => readFileSync(MANIFEST, "utf8"),
    defaultModel: DEFAULT_MODEL,
    log,
  });
}
