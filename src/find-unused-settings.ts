import { VARIABLES } from "./config.ts";
import { found, type Finding } from "./core/ports/diagnosis.ts";
import type { SetupEnvironment } from "./core/ports/setup.ts";

/** Letters that may differ between a setting and what somebody has typed for it. */
const MAX_DISTANCE = 2;
/** A shorter name is within too many. */
const LEAST_LETTERS = 8;
/** Without underscores. */
const OURS = /^(OPENAI|SLACK|DISCORD|S3|BUDGETUSD|KNOWLEDGE)/;

/** Addresses, and what nothing is sent to them without. */
const ADDRESSES = [
  ["openai", "OPENAI_BASE_URL", "OPENAI_API_KEY"],
  ["slack", "SLACK_API_URL", "SLACK_BOT_TOKEN"],
  ["discord", "DISCORD_API_URL", "DISCORD_TOKEN"],
] as const;

/**
 * Warnings of settings that have no effect: names in the `.env` file that look mistyped, and addresses without a key.
 * `env` is the file and the environment, which holds names of other programs too: those are not looked at.
 */
export function findUnusedSettings(file: Readonly<Record<string, string>>, env: SetupEnvironment): readonly Finding[] {
  const isSet = (name: string): boolean => (env[name] ?? "").trim() !== "";
  const idle = ADDRESSES.filter(([, address, key]) => isSet(address) && !isSet(key)).map(([service, address, key]) =>
    found(
      "warning",
      `config.${address}`,
      ["doctor.config.idle", { name: address, missing: key }],
      ["doctor.setup_remedy", { service }],
    ),
  );
  return [...findMistyped(file), ...idle];
}

/** Names in the file that nobody reads and that look like ones of ours. */
function findMistyped(file: Readonly<Record<string, string>>): readonly Finding[] {
  const known: readonly string[] = VARIABLES;
  return Object.keys(file)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const [nearest] = known
        .map((candidate) => ({ candidate, distance: distanceOf(toLetters(name), toLetters(candidate)) }))
        .toSorted((a, b) => a.distance - b.distance);
      const isNear = nearest !== undefined && nearest.distance <= MAX_DISTANCE;
      if (!isNear && !OURS.test(toLetters(name))) return [];
      const meant = isNear ? nearest.candidate : findWithWord(name, file);
      const remedy =
        meant === undefined
          ? (["doctor.config.unknown_remedy", { name }] as const)
          : (["doctor.config.mistyped_remedy", { name, meant }] as const);
      return [found("warning", `config.${name}`, ["doctor.config.unknown", { name }], remedy)];
    });
}

/** The one setting that a name is with a word more or less: `OPENAI_KEY`, `DISCORD_BOT_TOKEN`. None where it may
 * be two, or where that one is set as well. */
function findWithWord(name: string, file: Readonly<Record<string, string>>): string | undefined {
  const letters = toLetters(name);
  const candidates = VARIABLES.filter(
    (each) => !(each in file) && (isWithin(letters, toLetters(each)) || isWithin(toLetters(each), letters)),
  );
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Whether one is the other with something left out of it, in one place. */
function isWithin(short: string, long: string): boolean {
  if (short.length < LEAST_LETTERS || short.length > long.length) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  return long.endsWith(short.slice(start));
}

/** `OPEN_AI_KEY` and `OPENAI_API_KEY` differ by what lies between their underscores. */
function toLetters(name: string): string {
  return name.toUpperCase().replaceAll("_", "");
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
