import { ConfigError, parseConfig, VARIABLES, type Config } from "./config.ts";
import { found, type Finding } from "./core/ports/diagnosis.ts";
import { SERVICES, type Service } from "./core/ports/setup.ts";
import { WideDotenvError } from "./decode-dotenv.ts";
import { findConfigProblems } from "./find-config-problems.ts";
import { findUnusedSettings } from "./find-unused-settings.ts";
import { readDotenv, isOpenToOthers } from "./read-dotenv.ts";

export interface ReadSettings {
  readonly findings: readonly Finding[];
  /** Without the settings that have problems, and without their services, so that the others can be looked at. */
  readonly config: Config;
  /** Names of the settings that were left out. */
  readonly broken: readonly string[];
}

/** The settings as Docent reads them at its start, all problems of them, and names that look mistyped. */
export async function diagnoseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  dotenvFile: string,
): Promise<ReadSettings> {
  const findings: Finding[] = [];
  let file: Record<string, string> = {};
  let isRead = true;
  try {
    file = readDotenv(dotenvFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    isRead = false;
    findings.push(
      error instanceof WideDotenvError
        ? found("problem", "config.file", "doctor.config.wide", "doctor.config.wide_remedy")
        : found("problem", "config.file", "doctor.config.unreadable", "doctor.config.unreadable_remedy"),
    );
  }
  if (isOpenToOthers(dotenvFile)) {
    findings.push(found("warning", "config.file", "doctor.config.open", "doctor.config.open_remedy"));
  }
  const env = { ...file, ...environment };
  const problems = await findConfigProblems(env);
  const broken = new Set<string>();
  for (const problem of problems) {
    const names = namesIn(problem, env);
    for (const name of toLeftOut(names)) broken.add(name);
    const where = names.some((name) => environment[name] === undefined && file[name] !== undefined);
    const remedy = where ? "doctor.config.file_remedy" : "doctor.config.environment_remedy";
    const named = namesOf(problem);
    const list = names.length === 0 ? named : names;
    // "X is set but Y is not": X is right as it is.
    const missing = names.length === 0 ? [] : named.filter((name) => !names.includes(name));
    const said = { names: list.join(", "), missing: missing.join(", ") };
    findings.push(
      found(
        "problem",
        `config.${list[0] ?? "settings"}`,
        ["doctor.config.problem", { problem }],
        [missing.length === 0 ? remedy : "doctor.config.add_remedy", said],
      ),
    );
  }
  findings.push(...findUnusedSettings(file, env));
  if (isRead && problems.length === 0) {
    const count = VARIABLES.filter((name) => (env[name] ?? "").trim() !== "").length;
    findings.push(found("ok", "config", ["doctor.config.ok", { count }]));
  }
  const rest = parseRest(env, broken);
  // A service at its own address would be sent a key that is meant for the address that cannot be read.
  const services = SERVICES.filter((service) => [...broken].some((name) => isOf(service, name)));
  const config = { ...rest, ...Object.fromEntries(services.map((service) => [service, null])) };
  return { findings, config, broken: [...broken] };
}

/** Whether a setting is one of a service's own. */
export function isOf(service: Service, name: string): boolean {
  return name.startsWith(`${service.toUpperCase()}_`);
}

/**
 * What is left when the settings with problems are taken out, and those that want one of them; their names are added to
 * `broken`.
 */
function parseRest(env: Readonly<Record<string, string | undefined>>, broken: Set<string>): Config {
  for (;;) {
    const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !broken.has(name)));
    try {
      return parseConfig(rest);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const names = error.problems.flatMap((problem) => namesIn(problem, rest));
      if (names.length === 0) return parseConfig({});
      for (const name of toLeftOut(names)) broken.add(name);
    }
  }
}

/** What does not fit the model that was chosen goes, not the model: another would be asked that nobody chose. */
function toLeftOut(names: readonly string[]): readonly string[] {
  const others = names.filter((name) => name !== "OPENAI_MODEL");
  return others.length === 0 ? names : others;
}

function namesOf(problem: string): readonly string[] {
  return VARIABLES.filter((name) => new RegExp(`\\b${name}\\b`).test(problem));
}

/** The settings that a problem is about and that are set. */
function namesIn(problem: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = problem.includes("BUDGET_USD_…") ? VARIABLES.filter((name) => name.startsWith("BUDGET_USD_")) : [];
  return [...new Set([...namesOf(problem), ...named])].filter((name) => (env[name] ?? "").trim() !== "");
}
