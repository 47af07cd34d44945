import type { NamedUsage, NamedUsageRow, UsageReport } from "../../../src/core/ports/usage-report.ts";
import { addDays } from "../../../src/core/calendar.ts";

const NOTHING = { questions: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

function toUsage(key: string, name: string | null, workspace: string, costUsd: number): NamedUsage {
  const questions = Math.ceil(costUsd * 120);
  return { key, name, workspace, questions, inputTokens: questions * 9_412, outputTokens: questions * 341, costUsd };
}

/** A team of two workspaces and the page that asks most on some days and nothing on others. */
export function sampleReport(days: number, change: Partial<UsageReport> = {}): UsageReport {
  const to = "2026-11-26";
  const costs = Array.from({ length: days }, (_, n) => (n % 7 > 4 ? 0 : ((n * 37) % 23) / 10));
  return {
    from: addDays(to, 1 - days),
    to,
    timeZone: "Asia/Seoul",
    total: toUsage("", null, "", 48.2713),
    days: costs.map((costUsd, n) => ({
      ...NOTHING,
      questions: Math.ceil(costUsd * 120),
      costUsd,
      day: addDays(to, n + 1 - days),
    })),
    channels: [
      toUsage("slack:T1:C0REGULATIONS", "C0REGULATIONS", "slack:T1", 31.2),
      toUsage("web:경영-지원팀", "경영-지원팀", "web", 11.9),
      toUsage(`web:${"long-".repeat(14)}`, "long-".repeat(14), "web", 5.1713),
      toUsage("discord:G1:9", "9", "discord:G1", 0.000_04),
    ],
    users: [
      toUsage("U1", "Ann Marchetti", "slack:T1", 40.1),
      toUsage("web", null, "web", 8.1),
      toUsage("U7", null, "slack:T1", 0.0713),
    ],
    models: [toUsage("gpt-6-luna", "gpt-6-luna", "", 46.1), toUsage("gpt-6.1-terra", "gpt-6.1-terra", "", 2.1713)],
    isCut: false,
    storage: { documents: 412, bytes: 3_400_000_000, usdPerDay: 0.34 },
    budgets: [
      { kind: "all", key: "", name: null, limitUsd: 5, spentUsd: 1.9312 },
      { kind: "channel", key: "slack:T1:C0REGULATIONS", name: "C0REGULATIONS", limitUsd: 1, spentUsd: 0.853 },
      { kind: "user", key: "U1", name: "Ann Marchetti", limitUsd: 0.5, spentUsd: 0.512 },
    ],
    budgetsRenewAt: Date.UTC(2026, 10, 26, 15),
    ...change,
  };
}

export function sampleRow(change: Partial<NamedUsageRow> = {}): NamedUsageRow {
  return {
    day: "2026-11-26",
    workspace: "slack:T1",
    channel: "slack:T1:C1",
    userId: "U1",
    userName: "Ann",
    model: "gpt-6-luna",
    questions: 2,
    inputTokens: 1_200,
    outputTokens: 80,
    costUsd: 0.000_000_4,
    lastTurnId: "t1",
    ...change,
  };
}
