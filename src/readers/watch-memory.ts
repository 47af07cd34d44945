import type { Worker } from "node:worker_threads";

/** A thread's heap limit does not count its buffers, and a few kilobytes of a PDF can unpack to many gigabytes. */
const MAX_BUFFER_BYTES = 768 * 1024 * 1024;
const LOOK_EVERY_MS = 250;

/** Calls `onExceeded` once the buffers of a thread take more than 768 MB, until the returned function is called. */
export function watchMemory(worker: Worker, onExceeded: () => void): () => void {
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);

  async function look(): Promise<void> {
    try {
      const { external_memory: bytes } = await worker.getHeapStatistics();
      if (bytes > MAX_BUFFER_BYTES) onExceeded();
    } catch {
      // The thread has ended meanwhile: there is nothing left to watch.
    }
  }
}
