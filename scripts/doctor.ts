/**
 * `npm run doctor`: looks at everything that Docent needs and says what is wrong and what mends it. `--json` for
 * programs; `--no-posts` posts nothing to Slack, so that the way of its events is not proven. Ends with 0 when there is
 * no problem, 1 when there is one, 2 when it was called wrongly.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSystemClock } from "../src/core/system-clock.ts";
import { diagnose } from "../src/diagnose.ts";
import { createRedact } from "../src/redact.ts";
import { secretsOf } from "../src/secrets-of.ts";
import { toJson, toLines, toSummary, type JsonFinding } from "./doctor/render.ts";
import { toLocale } from "./to-locale.ts";

const PACKAGE = new URL("../package.json", import.meta.url);

try {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, "no-posts": { type: "boolean" } } });
  process.exitCode = await main(values.json === true, values["no-posts"] !== true);
} catch (error) {
  if (!(error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))) throw error;
  process.stderr.write(`${error.message}\nUse --json, --no-posts, or nothing.\n`);
  process.exitCode = 2;
}

async function main(isJson: boolean, mayPost: boolean): Promise<number> {
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
    mayPost,
    onConfig(config) {
      redact = createRedact(secretsOf(config));
      if (config.language !== "auto") locale = config.language;
    },
  });
  for await (const finding of diagnosis) {
    const told = toJson(finding, locale);
    const clean = { ...told, seen: redact(told.seen), remedy: told.remedy === null ? null : redact(told.remedy) };
    findings.push(clean);
    if (!isJson) stdout.write(toLines(clean, stdout.isTTY && (env["NO_COLOR"] ?? "") === ""));
  }
  const isHealthy = findings.every(({ status }) => status !== "problem");
  if (isJson) stdout.write(`${JSON.stringify({ healthy: isHealthy, findings }, null, 2)}\n`);
  else stdout.write(`\n${toSummary(findings, locale)}\n`);
  return isHealthy ? 0 : 1;
}
