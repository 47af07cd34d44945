import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Metrics } from "../core/ports/system.ts";

export interface PrometheusMetrics extends Metrics {
  /** Reads the values of a gauge when `/metrics` is asked for. Keys of the record are values of `label`. */
  gauge(name: string, help: string, label: string, read: () => Promise<Readonly<Record<string, number>>>): void;
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Figures in Prometheus' text format. A name keeps the labels of its first use. */
export function createMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "docent_" });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();

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
          gauge.reset();
          for (const [key, value] of Object.entries(await read())) gauge.set({ [label]: key }, value);
        },
      });
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

function toHelp(name: string): string {
  const words = name.replaceAll("_", " ").replace(/ total$/, "");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
