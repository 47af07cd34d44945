import { describe, expect, it } from "vitest";
import type { Log } from "../../src/core/ports/system.ts";
import { createMetrics, type PrometheusMetrics } from "../../src/http/metrics.ts";
import { registerGauges, type GaugeSources } from "../../src/http/register-gauges.ts";
import { silentLog } from "../fakes/core-under-test.ts";

/** The samples of the page, by name with labels; process figures and comments left out. */
async function samples(metrics: PrometheusMetrics): Promise<Record<string, number>> {
  const { body } = await metrics.expose();
  const lines = body.split("\n").filter((line) => /^docent_(?!process_|nodejs_)/.test(line));
  return Object.fromEntries(lines.map((line) => [line.replace(/ \S+$/, ""), Number(line.split(" ").at(-1))]));
}

function recordingLog(): { log: Log; warnings: unknown[] } {
  const warnings: unknown[] = [];
  return { log: { ...silentLog, warn: (_, fields) => void warnings.push(fields?.["name"]) }, warnings };
}

describe("a gauge", () => {
  it("that cannot be read is left out of the page, and the log says so once until it can be read again", async () => {
    const { log, warnings } = recordingLog();
    const metrics = createMetrics({ log });
    let isBroken = false;
    const read = <T>(value: T): Promise<T> => (isBroken ? Promise.reject(new Error("away")) : Promise.resolve(value));
    metrics.gauge("things", "Things.", "kind", () => read({ big: 2 }));
    metrics.singleGauge("age_seconds", "Age.", () => read(7));
    metrics.gauge("others", "Others.", "kind", () => ({ small: 1 }));
    const all = { 'docent_things{kind="big"}': 2, docent_age_seconds: 7, 'docent_others{kind="small"}': 1 };
    expect(await samples(metrics)).toEqual(all);
    isBroken = true;
    expect(await samples(metrics)).toEqual({ 'docent_others{kind="small"}': 1 });
    expect(await samples(metrics)).toEqual({ 'docent_others{kind="small"}': 1 });
    expect(warnings).toEqual(["things", "age_seconds"]);
    isBroken = false;
    expect(await samples(metrics)).toEqual(all);
    isBroken = true;
    await metrics.expose();
    expect(warnings).toEqual(["things", "age_seconds", "things", "age_seconds"]);
  });

  it("that hangs does not keep the page back", async () => {
    const { log, warnings } = recordingLog();
    const metrics = createMetrics({ log, readWithinMs: 5 });
    metrics.singleGauge("stuck", "Stuck.", () => new Promise(() => undefined));
    metrics.singleGauge("fine", "Fine.", () => 1);
    expect(await samples(metrics)).toEqual({ docent_fine: 1 });
    expect(warnings).toEqual(["stuck"]);
  });

  it("that throws at once is left out too", async () => {
    const metrics = createMetrics();
    metrics.gauge("broken", "Broken.", "kind", () => {
      throw new Error("broken");
    });
    expect(await samples(metrics)).toEqual({});
  });

  it("forgets a label whose value is gone", async () => {
    const metrics = createMetrics();
    let bots: Record<string, number> = { slack: 2, discord: 1 };
    metrics.gauge("bots", "Bots.", "bot", () => bots);
    await metrics.expose();
    bots = { slack: 1 };
    expect(await samples(metrics)).toEqual({ 'docent_bots{bot="slack"}': 1 });
  });
});

describe("Docent's gauges", () => {
  const sources: GaugeSources = {
    version: "0.1.0",
    now: () => 100_000,
    openTurns: () => Promise.resolve({ queued: 3, running: 2, answered: 90 }),
    waiting: () => Promise.resolve({ questions: 2, since: 70_000 }),
    connections: () => ({ slack: 2, discord: 4 }),
    postgres: () => ({ busy: 2, idle: 4 }),
  };

  it("show the queue, its oldest question and the connections", async () => {
    const metrics = createMetrics();
    registerGauges(metrics, sources);
    expect(await samples(metrics)).toEqual({
      'docent_version{version="0.1.0"}': 1,
      'docent_open_turns{state="queued"}': 3,
      'docent_open_turns{state="reading"}': 0,
      'docent_open_turns{state="running"}': 2,
      docent_queue_length: 2,
      docent_queue_oldest_seconds: 30,
      'docent_connections{bot="slack"}': 2,
      'docent_connections{bot="discord"}': 4,
      'docent_postgres_connections{state="busy"}': 2,
      'docent_postgres_connections{state="idle"}': 4,
    });
  });

  it("say 0 of an empty queue, also when another replica's clock is ahead, and nothing of Postgres on SQLite", async () => {
    const shown = async (since: number | null): Promise<Record<string, number>> => {
      const metrics = createMetrics();
      const waiting = async () => Promise.resolve({ questions: since === null ? 0 : 1, since });
      registerGauges(metrics, { ...sources, postgres: null, openTurns: () => Promise.resolve({}), waiting });
      return await samples(metrics);
    };
    expect(await shown(null)).toMatchObject({
      'docent_open_turns{state="queued"}': 0,
      docent_queue_length: 0,
      docent_queue_oldest_seconds: 0,
    });
    expect(await shown(100_500)).toMatchObject({ docent_queue_oldest_seconds: 0 });
    expect(Object.keys(await shown(null)).filter((name) => name.includes("postgres"))).toEqual([]);
  });
});
