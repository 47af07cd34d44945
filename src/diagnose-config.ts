import { ConfigError, parseConfig, VARIABLES, type Config } from "./config.ts";
import { found, type Finding } from "./core/ports/diagnosis.ts";
import { findConfigProblems } from "./find-config-problems.ts";
import { readDotenv, isOpenToOthers } from "./read-dotenv.ts";

/** Letters that may differ between a setting and what somebody has typed for it. */
const MAX_DISTANCE = 2;
const OURS = /^(OPENAI|SLACK|DISCORD|S3|BUDGET_USD|KNOWLEDGE)_/;

export interface ReadSettings {
  readonly findings: readonly Finding[];
  /** Without the settings that have problems, so that the others can be looked at. */
  readonly config: Config;
  /** Names of the settings that have problems. */
  readonly broken: readonly string[];
}

/** The settings as Docent reads them at its start, all problems of them, and names that look mistyped. */
export async function diagnoseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  dotenvFile: string,
): Promise<ReadSettings> {
  const findings: Finding[] = [];
  let file: Record<string, string> = {};
  try {
    file = readDotenv(dotenvFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    findings.push(found("problem", "config.file", "doctor.config.unreadable", "doctor.config.unreadable_remedy"));
  }
  if (isOpenToOthers(dotenvFile)) {
    findings.push(found("warning", "config.file", "doctor.config.open", "doctor.config.open_remedy"));
  }
  const env = { ...file, ...environment };
  const problems = await findConfigProblems(env);
  const broken = new Set<string>();
  for (const problem of problems) {
    const names = namesIn(problem, env);
    for (const name of names) broken.add(name);
    const where = names.some((name) => environment[name] === undefined && file[name] !== undefined);
    const remedy = where ? "doctor.config.file_remedy" : "doctor.config.environment_remedy";
    const list = names.length === 0 ? namesOf(problem) : names;
    findings.push(
      found(
        "problem",
        `config.${list[0] ?? "settings"}`,
        ["doctor.config.problem", { problem }],
        [remedy, { names: list.join(", ") }],
      ),
    );
  }
  findings.push(...findMistyped(file));
  if (problems.length === 0) {
    const count = VARIABLES.filter((name) => (env[name] ?? "").trim() !== "").length;
    findings.push(found("ok", "config", ["doctor.config.ok", { count }]));
  }
  return { findings, config: parseRest(env, broken), broken: [...broken] };
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
      for (const name of names) broken.add(name);
    }
  }
}

function namesOf(problem: string): readonly string[] {
  return VARIABLES.filter((name) => new RegExp(`\\b${name}\\b`).test(problem));
}

/** The settings that a problem is about and that are set. */
function namesIn(problem: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = problem.includes("BUDGET_USD_…") ? VARIABLES.filter((name) => name.startsWith("BUDGET_USD_")) : [];
  return [...new Set([...namesOf(problem), ...named])].filter((name) => (env[name] ?? "").trim() !== "");
}

/** Names in the file that nobody reads and that look like ones of ours. */
function findMistyped(file: Readonly<Record<string, string>>): readonly Finding[] {
  const known: readonly string[] = VARIABLES;
  return Object.keys(file)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const [nearest] = known
        .map((candidate) => ({ candidate, distance: distanceOf(name.toUpperCase(), candidate) }))
        .toSorted((a, b) => a.distance - b.distance);
      if (nearest === undefined || (nearest.distance > MAX_DISTANCE && !OURS.test(name))) return [];
      const remedy =
        nearest.distance > MAX_DISTANCE
          ? (["doctor.config.unknown_remedy", { name }] as const)
          : (["doctor.config.mistyped_remedy", { name, meant: nearest.candidate }] as const);
      return [found("warning", `config.${name}`, ["doctor.config.unknown", { name }], remedy)];
    });
}

/** Levenshtein's distance: letters to insert, leave out or replace. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
