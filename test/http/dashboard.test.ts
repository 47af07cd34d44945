import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../../src/http/metrics.ts";
import { registerGauges } from "../../src/http/register-gauges.ts";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

const dashboard = JSON.parse(readFileSync("docs/grafana-dashboard.json", "utf8")) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
};
const expressions = [
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
];

/** The names on the page of a program that has counted, observed and read everything it ever does. */
async function exposedNames(): Promise<ReadonlySet<string>> {
  const metrics = createMetrics();
  registerGauges(metrics, {
    version: "0.1.0",
    now: () => 0,
    openTurns: () => Promise.resolve({}),
    waiting: () => Promise.resolve({ questions: 0, since: null }),
    connections: () => ({ slack: 1 }),
    postgres: () => ({ busy: 0, idle: 1 }),
  });
  for (const file of globSync("src/**/*.ts")) {
    const text = readFileSync(file, "utf8");
    for (const [, kind, name] of text.matchAll(/metrics\s*\.(count|observe)\(\s*"(\w+)"/g)) {
      if (kind === "count") metrics.count(name ?? "");
      else metrics.observe(name ?? "", 1);
    }
  }
  const { body } = await metrics.expose();
  return new Set(body.split("\n").map((line) => line.replace(/[{ ].*/, "")));
}

describe("the Grafana dashboard", () => {
  it("names only figures that the program exposes", async () => {
    const exposed = await exposedNames();
    const named = expressions.flatMap((expression) => expression.match(/docent_\w+/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !exposed.has(name))).toEqual([]);
  });

  it.for([
    "docent_open_turns",
    "docent_queue_length",
    "docent_queue_oldest_seconds",
    "docent_turns_total",
    "docent_run_seconds_bucket",
    "docent_added_seconds_bucket",
    "docent_input_tokens_total",
    "docent_output_tokens_total",
    "docent_cost_usd_total",
    "docent_send_failures_total",
    "docent_connections",
    "docent_postgres_connections",
  ])("shows %s", (name) => {
    expect(expressions.filter((expression) => new RegExp(`\\b${name}\\b`).test(expression))).not.toEqual([]);
  });

  it("asks the data source that is chosen, once for each letter, in panels that do not cover each other", () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { targets = [], type, datasource } of panels.filter(({ type: kind }) => kind !== "row")) {
      expect(["stat", "timeseries"]).toContain(type);
      expect(datasource?.uid).toBe("${datasource}");
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(targets.length).toBeGreaterThan(0);
    }
  });

  it("is made of queries whose brackets close", () => {
    const open = expressions.filter((expression) =>
      ["()", "[]", "{}"].some(
        ([left = "", right = ""]) => expression.split(left).length !== expression.split(right).length,
      ),
    );
    expect(open).toEqual([]);
  });
});
