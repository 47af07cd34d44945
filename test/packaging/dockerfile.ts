import { readFileSync } from "node:fs";

export interface Instruction {
  readonly kind: string;
  /** What follows the kind, on one line. */
  readonly rest: string;
}

/** From one FROM to the next. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, without comments. */
export function readDockerfile(file: string): readonly Stage[] {
  const lines = readFileSync(file, "utf8")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n");
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of lines.filter((candidate) => candidate.trim() !== "")) {
    const [, kind = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (kind === "FROM") {
      const [base = "", , name = "image"] = rest.split(/\s+/);
      stages.push({ name, base, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (stage === undefined || kind === "") throw new Error(`${file} has a line that is no instruction: ${line}`);
      stage.instructions.push({ kind, rest: rest.trim() });
    }
  }
  return stages;
}

/** The arguments of each instruction of this kind in a stage. */
export function argumentsOf(stage: Stage | undefined, kind: string): readonly string[] {
  return (stage?.instructions ?? []).filter((instruction) => instruction.kind === kind).map(({ rest }) => rest);
}

/** `COPY --from=build --chown=node:node /data /data` in its parts. */
export function parseCopy(rest: string): {
  readonly from: string | undefined;
  readonly owner: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
} {
  const words = rest.split(/\s+/);
  const option = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const places = words.filter((word) => !word.startsWith("--"));
  return { from: option("from"), owner: option("chown"), sources: places.slice(0, -1), target: places.at(-1) ?? "" };
}

/** `NODE_ENV=production PORT=3000` as a record. */
export function parseEnv(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.flatMap((line) => line.split(/\s+/)).map((pair) => pair.split("=") as [string, string]),
  );
}
