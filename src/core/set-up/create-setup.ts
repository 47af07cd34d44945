import {
  SERVICES,
  SETUP_VARIABLES,
  type EnvironmentFile,
  type FieldVerdict,
  type SaveResult,
  type Service,
  type Setup,
  type SetupEnvironment,
  type SetupField,
  type SetupStep,
  type SetupValues,
  type SetupVariable,
} from "../ports/setup.ts";
import type { Log } from "../ports/system.ts";
import type { TokenChecks } from "../ports/token-checks.ts";
import type { TextKey } from "../texts/language.ts";
import type { Sentence } from "../texts/text.ts";
import { checkValues } from "./check-values.ts";
import { cleanValue } from "./clean-value.ts";
import { valueOf } from "./find-oddity.ts";
import { STEP_PLANS, variablesOf } from "./setup-steps.ts";

export interface SetupDeps {
  readonly file: EnvironmentFile;
  /** What the process was started with besides the file; it counts more than the file. */
  readonly environment: SetupEnvironment;
  /** Checks at the addresses that an environment names. */
  readonly checks: (env: SetupEnvironment) => TokenChecks;
  /** Why the program would not start with an environment. */
  readonly findProblems: (env: SetupEnvironment) => Promise<readonly string[]>;
  /** The content of `slack-manifest.json`. */
  readonly manifest: () => string;
  readonly defaultModel: string;
  readonly log: Log;
}

/** Set-up over the `.env` file. What is set counts as it would at the next start. */
export function createSetup(deps: SetupDeps): Setup {
  const { file, environment, defaultModel, log } = deps;
  const running = readEnvironment();

  return {
    steps: async () => await Promise.all(SERVICES.map(toStep)),
    async check(service, given) {
      const values = clean(given);
      const env = { ...readEnvironment(), ...values };
      const asked = variablesOf(service, env).filter((variable) => values[variable] !== undefined);
      return await check(service, asked, env);
    },
    save,
    isRestartNeeded: () => SETUP_VARIABLES.some(isChanged),
  };

  async function save(service: Service, given: SetupValues): Promise<SaveResult> {
    const before = readEnvironment();
    const variables = variablesOf(service, before);
    const values = Object.fromEntries(
      Object.entries(clean(given)).filter(
        ([name, value]) => variables.some((variable) => variable === name) && value !== shownValueOf(before, name),
      ),
    );
    const names = Object.keys(values);
    const env = { ...before, ...values };
    const verdicts = await check(service, variables, env);
    const refuse = (reason: Sentence, missing: readonly TextKey[] = []): SaveResult => {
      return { saved: false, verdicts, reason, missing };
    };
    const problem = verdicts.find(({ state }) => state === "problem");
    if (problem !== undefined) return refuse(problem.sentence);
    const missing = variables.filter((variable) => shownValueOf(env, variable) === "");
    if (missing.length > 0) return refuse({ key: "setup.incomplete", values: {} }, missing.map(labelOf));
    // The same once more: what the vendor refused before may work now.
    if (names.length === 0 && Object.keys(clean(given)).length > 0) return { saved: true, verdicts };
    if (names.length === 0) return refuse({ key: "setup.nothing", values: {} });
    const shadowed = names.filter((name) => environment[name] !== undefined);
    if (shadowed.length > 0) return refuse({ key: "setup.shadowed", values: { names: shadowed.join(", ") } });
    // What is wrong already is told at the start.
    const known = await deps.findProblems(before);
    const added = (await deps.findProblems(env)).filter((each) => !known.includes(each));
    if (added.length > 0) return refuse({ key: "setup.settings", values: { reason: added.join(" ") } });
    try {
      file.write(values);
    } catch (error) {
      log.error("Set-up: .env could not be written.", { error });
      return refuse({ key: "setup.not_written", values: { reason: toReason(error) } });
    }
    log.info("Set-up: written to .env.", { variables: names });
    return { saved: true, verdicts };
  }

  async function toStep(service: Service): Promise<SetupStep> {
    const env = readEnvironment();
    const { name, about, guide, next } = STEP_PLANS[service];
    const variables = variablesOf(service, env);
    const verdicts = await check(service, variables, env);
    const manifest = deps.manifest();
    const fields = variables.map((variable): SetupField => {
      const isSecret = variable !== "OPENAI_MODEL";
      const verdict = verdicts.find((each) => each.variable === variable) ?? null;
      const isSet = valueOf(env, variable) !== "";
      const value = isSecret ? null : shownValueOf(env, variable);
      return { variable, label: labelOf(variable), isSecret, isSet, value, verdict };
    });
    const secrets = fields.filter(({ isSecret }) => isSecret);
    const isBroken = verdicts.some(({ state }) => state === "problem") || secrets.some(({ isSet }) => !isSet);
    const state = secrets.every(({ isSet }) => !isSet) ? "missing" : isBroken ? "broken" : "connected";
    const isRunning = !variables.some(isChanged);
    return {
      service,
      name,
      about,
      state,
      isRunning,
      next: state !== "connected" || next === null ? null : isRunning ? next.now : next.afterRestart,
      guide: guide(manifest),
      fields,
      manifest: service === "slack" ? manifest : null,
    };
  }

  async function check(
    service: Service,
    asked: readonly SetupVariable[],
    env: SetupEnvironment,
  ): Promise<readonly FieldVerdict[]> {
    return await checkValues(service, asked, { env, checks: deps.checks(env), model: defaultModel });
  }

  function readEnvironment(): SetupEnvironment {
    return { ...file.read(), ...environment };
  }

  /** What counts: the model has a default. */
  function shownValueOf(env: SetupEnvironment, name: string): string {
    return valueOf(env, name) || (name === "OPENAI_MODEL" ? defaultModel : "");
  }

  function isChanged(variable: SetupVariable): boolean {
    return shownValueOf(readEnvironment(), variable) !== shownValueOf(running, variable);
  }
}

function labelOf(variable: SetupVariable): TextKey {
  return `setup.field.${variable}`;
}

/** Without what was left empty. */
function clean(given: SetupValues): Readonly<Record<string, string>> {
  const entries = Object.entries(given).map(([name, value]) => [name, cleanValue(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** A system's error by its name: its message may hold more than is meant for the page. */
function toReason(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
