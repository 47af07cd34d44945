import type { Finding } from "../../src/core/ports/diagnosis.ts";
import { text, type Sentence } from "../../src/core/texts/text.ts";

const MARKS = { ok: "✓", warning: "!", problem: "✗", skipped: "–" } as const;
const COLOURS = { ok: "\u001B[32m", warning: "\u001B[33m", problem: "\u001B[31m", skipped: "\u001B[2m" } as const;
const RESET = "\u001B[0m";

/** A finding as `--json` gives it. `code` is the same in every language. */
export interface JsonFinding {
  readonly subject: string;
  readonly status: Finding["status"];
  readonly code: string;
  readonly seen: string;
  readonly remedy: string | null;
}

/** Both sentences in a language; the marks of what to click are for pages and are left out. */
export function toJson({ subject, status, seen, remedy }: Finding, locale: string): JsonFinding {
  return {
    subject,
    status,
    code: seen.key,
    seen: speak(seen, locale),
    remedy: remedy === null ? null : speak(remedy, locale),
  };
}

/** One line of what was seen, and one of what to do. */
export function toLines(finding: JsonFinding, hasColours: boolean): string {
  const mark = MARKS[finding.status];
  const shown = hasColours ? `${COLOURS[finding.status]}${mark}${RESET}` : mark;
  const lines = [`${shown} ${finding.subject}: ${finding.seen}`];
  if (finding.remedy !== null) lines.push(`    → ${finding.remedy}`);
  return `${lines.join("\n")}\n`;
}

/** How it ended, in one sentence. */
export function toSummary(findings: readonly JsonFinding[], locale: string): string {
  const count = (status: Finding["status"]): number => findings.filter((each) => each.status === status).length;
  const values = { problems: count("problem"), warnings: count("warning"), skipped: count("skipped") };
  return text(values.problems === 0 ? "doctor.no_problems" : "doctor.problems", locale, values);
}

function speak({ key, values }: Sentence, locale: string): string {
  return text(key, locale, values).replaceAll("**", "");
}
