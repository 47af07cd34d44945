import { setTimeout as sleep } from "node:timers/promises";
import { isTransient } from "./s3-errors.ts";

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

/**
 * Begins `work` again after failures that pass: up to five times within about two seconds, besides what the attempts
 * themselves take. Everything that Docent asks of a bucket may be asked twice.
 */
export async function repeatTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
      // The spread keeps replicas that failed together from coming back together.
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  }
}
