/**
 * `npm run doctor`: looks at everything that Docent needs and says what is wrong and what mends it. `-- slack` looks at
 * the settings and Slack alone. Ends with 0 when there is no problem, 1 when there is one, 2 when it was called wrongly.
 */
import { readFileSync } from "node:fs";
import { found, type Finding } from "../src/core/ports/diagnosis.ts";
import { createSystemClock } from "../src/core/system-clock.ts";
import { isService, SERVICES, type Service } from "../src/core/ports/setup.ts";
import { diagnose } from "../src/diagnose.ts";
import { createRedact } from "../src/redact.ts";
import { secretsOf } from "../src/secrets-of.ts";
import { toJson, toLines, toSummary, type JsonFinding } from "./doctor/render.ts";
import { readArguments, refuse } from "./read-arguments.ts";
import { toLocale } from "./to-locale.ts";

const PACKAGE = new URL("../package.json", import.meta.url);

const USAGE = `npm run doctor -- [${SERVICES.join("] [")}] [--json] [--no-posts] [--help]

Looks at the settings, the disk, the database, the page, OpenAI, Slack and Discord, and says what is wrong and what
mends it. With names of services: at the settings and at these alone.

  --json      for programs: {"healthy", "findings": [{"subject", "status", "code", "seen", "remedy"}]}
  --no-posts  posts nothing to Slack, so that it is not proven that events arrive

Ends with 0 when there is no problem, 1 when there is one, 2 when it was called wrongly.
`;

const { values: flags, positionals } = readArguments(USAGE, {
  options: { json: { type: "boolean" }, "no-posts": { type: "boolean" } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !isService(name));
if (unknown.length > 0) refuse(USAGE, `There is no ${unknown.join(", ")} to look at.`);
const exitCode = await main(flags, positionals.filter(isService));
// What a vendor left hanging, such as a handshake without an answer, must not keep the process.
process.stdout.write("", () => process.exit(exitCode));

async function main(
  values: { readonly json?: boolean; readonly "no-posts"?: boolean },
  services: readonly Service[],
): Promise<number> {
  const isJson = values.json === true;
  const { env, stdout } = process;
  const about = JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string; engines: { node: string } };
  let locale = toLocale(env);
  let redact = createRedact([]);
  const findings: JsonFinding[] = [];
  const diagnosis = diagnose({
    environment: env,
    dotenvFile: ".env",
    node: { version: process.versions.node, wanted: about.engines.node },
    release: about.version,
    clock: createSystemClock(),
    mayPost: values["no-posts"] !== true,
    ...(services.length === 0 ? {} : { services }),
    onConfig(config) {
      redact = createRedact(secretsOf(config));
      if (config.language !== "auto") locale = config.language;
    },
  });
  const tell = (finding: Finding): void => {
    const told = toJson(finding, locale);
    const clean = { ...told, seen: redact(told.seen), remedy: told.remedy === null ? null : redact(told.remedy) };
    findings.push(clean);
    if (!isJson) stdout.write(toLines(clean, stdout.isTTY && (env["NO_COLOR"] ?? "") === ""));
  };
  // A socket that an SDK has let go of may fail on its own: that must not take away what was found, nor stay untold.
  const late = new Set<string>();
  const keep = (error: unknown): void => void late.add(error instanceof Error ? error.name : "unknown");
  process.on("uncaughtException", keep);
  try {
    for await (const finding of diagnosis) tell(finding);
  } finally {
    process.off("uncaughtException", keep);
  }
  for (const reason of late) {
    tell(found("warning", "doctor.late", ["doctor.late", { reason }], "doctor.not_understood_remedy"));
  }
  const isHealthy = findings.every(({ status }) => status !== "problem");
  if (isJson) stdout.write(`${JSON.stringify({ healthy: isHealthy, findings }, null, 2)}\n`);
  else stdout.write(`\n${toSummary(findings, locale)}\n`);
  return isHealthy ? 0 : 1;
}
