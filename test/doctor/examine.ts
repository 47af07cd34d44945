import path from "node:path";
import { expect } from "vitest";
import { toJson, type JsonFinding } from "../../scripts/doctor/render.ts";
import { createSystemClock } from "../../src/core/system-clock.ts";
import { diagnose, type DiagnoseOptions } from "../../src/diagnose.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

/** How long an event may take here before it counts as lost. */
const PATIENCE_MS = 400;

/** A place to open, a command to run, or a setting to change. */
const CONCRETE =
  /→|https?:|\bwss\b|\.conf\b|\/invite|\bNode \d|\b(?:npm|chmod|chown|createdb|mkdir|timedatectl|systemctl|GRANT)\b|\b(?:HOST|PORT)\b|\.db\b|\b[A-Z0-9]+_[A-Z_]+\b/;

/** What a mistake must lead to: one finding that names it, with a remedy that says what to do. */
export interface Expected {
  readonly subject: string;
  readonly status?: "problem" | "warning";
  readonly seen: RegExp;
  readonly remedy: RegExp;
}

/** What the doctor finds with these settings alone, in English. */
export async function examine(
  environment: Readonly<Record<string, string>>,
  change: Partial<DiagnoseOptions> = {},
): Promise<readonly JsonFinding[]> {
  const findings: JsonFinding[] = [];
  const diagnosis = diagnose({
    environment: { DATA_DIR: path.join(temporaryFolder(), "data"), PORT: "0", ...environment },
    dotenvFile: path.join(temporaryFolder(), ".env"),
    node: { version: process.versions.node, wanted: ">=24.12" },
    release: "0.1.0",
    clock: createSystemClock(),
    mayPost: true,
    patienceMs: PATIENCE_MS,
    ...change,
  });
  for await (const finding of diagnosis) findings.push(toJson(finding, "en"));
  return findings;
}

/** Problems and warnings. */
export function complaintsOf(findings: readonly JsonFinding[]): readonly JsonFinding[] {
  return findings.filter(({ status }) => status === "problem" || status === "warning");
}

/** The mistake and nothing else is named, and its remedy says what to click, to run or to set. */
export function expectOnly(findings: readonly JsonFinding[], ...expected: readonly Expected[]): void {
  const complaints = complaintsOf(findings);
  expect(complaints.map(({ subject, status }) => [subject, status])).toEqual(
    expected.map(({ subject, status = "problem" }) => [subject, status]),
  );
  for (const [index, { seen, remedy }] of expected.entries()) {
    expect(complaints[index]?.seen).toMatch(seen);
    expect(complaints[index]?.remedy).toMatch(remedy);
    expect(complaints[index]?.remedy).toMatch(CONCRETE);
  }
}
