import type { FleetReport } from "./fleet-run.ts";

const PROBLEMS = [
  "lost",
  "doubled",
  "outOfOrder",
  "askedTwice",
  "errors",
  "unread",
  "leaked",
  "undone",
  "deaths",
] as const;

/** What must all be empty. `overtaken` may not be: Slack hands over what was not acknowledged later than what came after it. */
export type Problems = Pick<FleetReport, (typeof PROBLEMS)[number]>;

export function problemsOf(report: FleetReport): Problems {
  const { lost, doubled, outOfOrder, askedTwice, errors, unread, leaked, undone, deaths } = report;
  return { lost, doubled, outOfOrder, askedTwice, errors, unread, leaked, undone, deaths };
}

export function countProblems(report: FleetReport): number {
  return PROBLEMS.reduce((sum, name) => sum + report[name].length, 0);
}

/** One line for people. */
export function summarise(report: FleetReport): string {
  const { questions, documents, kills, postgresRestarts, seconds } = report;
  const counts = PROBLEMS.map((name) => `${report[name].length} ${name}`).join(", ");
  return (
    `${questions} questions, ${documents} documents, ${kills} kills, ${postgresRestarts} restarts of Postgres in ` +
    `${seconds} s: ${counts}; ${report.overtaken.length} overtaken before they were accepted`
  );
}
