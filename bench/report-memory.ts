import { setTimeout as sleep } from "node:timers/promises";

/** A collection frees code that has not run for some collections, and buffers only after their owners. */
const COLLECTIONS = 12;

/** Loaded before a contestant whose memory is measured: collects garbage and tells what is left when it is asked. */
process.on("message", () => void report());

async function report(): Promise<void> {
  for (let count = 0; count < COLLECTIONS; count++) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
}
