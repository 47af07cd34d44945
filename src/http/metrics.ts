import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Log, Metrics } from "../core/ports/system.ts";

export interface PrometheusMetrics extends Metrics {
  /**
   * Reads the values of a gauge when `/metrics` is asked for. Keys of the record are values of `label`. What cannot be
   * read, or not within two seconds, is left out, and the log says so.
   */
  gauge(
    name: string,
    help: string,
    label: string,
    read: () => Promise<Readonly<Record<string, number>>> | Readonly<Record<string, number>>,
  ): void;
  /** The same for a gauge that is one number; null leaves it out. */
  singleGauge(name: string, help: string, read: () => Promise<number | null> | number | null): void;
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Prometheus gives a page ten seconds; while Postgres restarts, a query may take twenty. */
const READ_WITHIN_MS = 2_000;

/** Figures in Prometheus' text format. A name keeps the labels of its first use. */
export function createMetrics(options: { readonly log?: Log; readonly readWithinMs?: number } = {}): PrometheusMetrics {
  const { log, readWithinMs = READ_WITHIN_MS } = options;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "docent_" });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  /** Gauges whose last reading failed: the log says it once, not at every look. */
  const failing = new Set<string>();

  async function readPatiently<T>(name: string, read: () => Promise<T> | T): Promise<T | null> {
    try {
      const value = await atMost(readWithinMs, read);
      failing.delete(name);
      return value;
    } catch (error) {
      log?.[failing.has(name) ? "debug" : "warn"]("A figure for /metrics could not be read.", { name, error });
      failing.add(name);
      return null;
    }
  }

  return {
    count(name, labels = {}, by = 1) {
      let counter = counters.get(name);
      if (counter === undefined) {
        counter = new Counter({
          name: `docent_${name}`,
          help: toHelp(name),
          labelNames: Object.keys(labels),
          registers: [registry],
        });
        counters.set(name, counter);
      }
      counter.inc(labels, by);
    },
    observe(name, seconds, labels = {}) {
      let histogram = histograms.get(name);
      if (histogram === undefined) {
        const labelNames = Object.keys(labels);
        histogram = new Histogram({
          name: `docent_${name}`,
          help: toHelp(name),
          labelNames,
          buckets: SECONDS,
          registers: [registry],
        });
        histograms.set(name, histogram);
      }
      histogram.observe(labels, seconds);
    },
    gauge(name, help, label, read) {
      const gauge: Gauge = new Gauge({
        name: `docent_${name}`,
        help,
        labelNames: [label],
        registers: [registry],
        async collect() {
          const values = await readPatiently(name, read);
          // Only now, and at once: somebody else may be reading the same page.
          gauge.reset();
          for (const [key, value] of Object.entries(values ?? {})) gauge.set({ [label]: key }, value);
        },
      });
    },
    singleGauge(name, help, read) {
      const gauge: Gauge = new Gauge({
        name: `docent_${name}`,
        help,
        registers: [registry],
        async collect() {
          const value = await readPatiently(name, read);
          // A reset would make it 0, which is not the same as not knowing.
          if (value === null) gauge.remove();
          else gauge.set(value);
        },
      });
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

async function atMost<T>(ms: number, work: () => Promise<T> | T): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`It took more than ${ms} ms.`)), ms);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function toHelp(name: string): string {
  const words = name.replaceAll("_", " ").replace(/ total$/, "");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
