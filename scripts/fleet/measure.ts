import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../growth/time-book.ts";
import { ownProcessorMs, processorMs } from "./cpu.ts";
import type { PageClient } from "./page-client.ts";

export interface Groups {
  readonly replicas: readonly number[];
  readonly postgres: readonly number[];
}

export interface Throughput {
  readonly answers: number;
  readonly perSecond: number;
  /** Milliseconds of processor time a question. */
  readonly cpuMs: { readonly replicas: number; readonly postgres: number; readonly load: number };
  /** Processors in use. */
  readonly cores: { readonly replicas: number; readonly postgres: number; readonly load: number };
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly unanswered: number;
}

const QUESTION = "How long is the notice period?";

/** Each client asks again as soon as it has its answer. */
export async function measureThroughput(
  clients: readonly PageClient[],
  seconds: number,
  groups: Groups,
): Promise<Throughput> {
  const until = performance.now() + seconds * 1000;
  return await measure(groups, async (times) => {
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < until) times.push(await client.ask(QUESTION));
      }),
    );
  });
}

/** Questions at an even rate, each from the client that is next, whatever is still under way. */
export async function measureAtRate(
  clients: readonly PageClient[],
  options: { readonly seconds: number; readonly perSecond: number; readonly groups: Groups },
): Promise<Throughput> {
  const { seconds, perSecond, groups } = options;
  return await measure(groups, async (times) => {
    const startedAt = performance.now();
    const asked: Promise<void>[] = [];
    const total = Math.floor(seconds * perSecond);
    for (let number = 0; number < total; number += 1) {
      const ahead = startedAt + (number / perSecond) * 1000 - performance.now();
      if (ahead > 1) await sleep(ahead);
      const client = clients[number % clients.length];
      if (client !== undefined) asked.push(client.ask(QUESTION).then((ms) => void times.push(ms)));
    }
    await Promise.all(asked);
  });
}

async function measure(groups: Groups, work: (times: (number | null)[]) => Promise<void>): Promise<Throughput> {
  const times: (number | null)[] = [];
  const before = read(groups);
  const startedAt = performance.now();
  await work(times);
  const elapsedMs = performance.now() - startedAt;
  const after = read(groups);
  const answered = times.filter((ms) => ms !== null);
  const each = (share: (used: ReturnType<typeof read>) => number, by: number): number =>
    (share(after) - share(before)) / by;
  const by = (divisor: number): Throughput["cores"] => ({
    replicas: each(({ replicas }) => replicas, divisor),
    postgres: each(({ postgres }) => postgres, divisor),
    load: each(({ load }) => load, divisor),
  });
  return {
    answers: answered.length,
    perSecond: (answered.length / elapsedMs) * 1000,
    cpuMs: by(answered.length),
    cores: by(elapsedMs),
    p50Ms: quantile(answered, 0.5),
    p99Ms: quantile(answered, 0.99),
    unanswered: times.length - answered.length,
  };
}

function read({ replicas, postgres }: Groups): { replicas: number; postgres: number; load: number } {
  return { replicas: processorMs(replicas), postgres: processorMs(postgres), load: ownProcessorMs() };
}
