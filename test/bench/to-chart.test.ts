import { expect, it } from "vitest";
import type { AddedTime } from "../../bench/results.ts";
import { toChart } from "../../bench/to-chart.ts";

const row: AddedTime = {
  contestant: "Docent",
  platform: "Slack",
  conversations: 50,
  questions: 1,
  lost: 0,
  p50: 10,
  p95: 50,
  p99: 100,
};

it("draws a bar for p50 and for p99, a decade longer by the same length", () => {
  const svg = toChart([row, { ...row, conversations: 200 }], 50);
  const widths = [...svg.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map((match) => Number(match[1]));
  expect(widths).toHaveLength(2);
  expect((widths[1] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(2, 1);
  expect(svg).toContain("p99 100 ms");
});
