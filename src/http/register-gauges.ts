import type { PrometheusMetrics } from "./metrics.ts";

/** Where the gauges of the running program look. Times are milliseconds since the epoch. */
export interface GaugeSources {
  readonly version: string;
  readonly now: () => number;
  /** Turns by state; a state without turns may be missing, and finished ones are not looked at. */
  readonly openTurns: () => Promise<Readonly<Record<string, number>>>;
  /** Questions that wait for a worker, and when the first of them was accepted; null when none waits. */
  readonly waiting: () => Promise<{ readonly questions: number; readonly since: number | null }>;
  /** Connections to its platform that each bot has now; a bot without lasting connections is left out. */
  readonly connections: () => Readonly<Record<string, number>>;
  /** Connections to Postgres by what they do; null on SQLite. */
  readonly postgres: (() => Readonly<Record<string, number>>) | null;
}

const OPEN_STATES = ["queued", "reading", "running"];

/**
 * Registers every gauge of Docent. Turns are those of the store, the same whichever replica is asked; connections are
 * those of this process.
 */
export function registerGauges(metrics: PrometheusMetrics, sources: GaugeSources): void {
  const { version, now, openTurns, waiting, connections, postgres } = sources;
  metrics.gauge("version", "1 for the version that this replica runs.", "version", () => ({ [version]: 1 }));
  metrics.gauge("open_turns", "Turns that are not finished, by state, of all replicas.", "state", async () => {
    const counts = await openTurns();
    return Object.fromEntries(OPEN_STATES.map((state) => [state, counts[state] ?? 0]));
  });
  metrics.singleGauge("queue_length", "Questions that wait for a worker, of all replicas.", async () => {
    return (await waiting()).questions;
  });
  metrics.singleGauge("queue_oldest_seconds", "Age of the question that waits longest, of all replicas.", async () => {
    const { since } = await waiting();
    return since === null ? 0 : Math.max(0, now() - since) / 1000;
  });
  metrics.gauge("connections", "Connections of this replica to each platform.", "bot", connections);
  if (postgres !== null) {
    metrics.gauge("postgres_connections", "Connections of this replica to Postgres, by state.", "state", postgres);
  }
}
