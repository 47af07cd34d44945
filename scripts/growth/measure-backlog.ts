import { randomUUID } from "node:crypto";
import { forEach, toChannel, toIncoming, toTurn } from "./fill.ts";
import type { GrowthStores } from "./growth-stores.ts";
import { quantile } from "./time-book.ts";

const LEASE_MS = 600_000;

export interface Backlog {
  readonly open: number;
  readonly claims: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Opens so many questions, one in each of so many conversations. */
export async function fillBacklog(stores: GrowthStores, open: number, atOnce: number): Promise<void> {
  await forEach(0, open, atOnce, async (index) => {
    await stores.inbox.add(toTurn(toIncoming(toChannel(index), randomUUID(), Date.now())));
  });
}

/** Takes so many of the questions that are open and ends each: milliseconds a claim. */
export async function measureClaims({ inbox }: GrowthStores, open: number, claims: number): Promise<Backlog> {
  const owner = randomUUID();
  const times: number[] = [];
  for (let taken = 0; taken < claims; taken += 1) {
    const startedAt = performance.now();
    const turn = await inbox.claim({ owner, leaseMs: LEASE_MS });
    times.push(performance.now() - startedAt);
    if (turn === undefined) throw new Error("The backlog is empty too early.");
    await inbox.save({ ...turn, state: "answered" }, owner);
    await inbox.release(turn.id, owner);
  }
  return { open, claims, medianMs: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
}
