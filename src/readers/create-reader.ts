import { stat } from "node:fs/promises";

import { DocentError } from "../core/errors.ts";
import type { Reader, Reading, ReadLimits } from "../core/ports/reader.ts";
import { isTarHeader } from "./detect-tar.ts";
import { hasPdfHeader, isZip } from "./detect-type.ts";
import { readStart } from "./read-start.ts";
import { createReadingThread, type ReadingThread } from "./reading-thread.ts";

/** A PDF, an Office file or an archive of at most this size is read in a second or two, so it need not wait behind a long one. */
const QUICK_BYTES = 512 * 1024;

interface Lane {
  readonly thread: ReadingThread;
  /** Takes only files that are read quickly, and only while the other lanes are busy. */
  readonly isExpress: boolean;
  isBusy: boolean;
}

interface Job {
  readonly isQuick: boolean;
  start(lane: Lane): Promise<void>;
}

/**
 * Reads files in worker threads: `threads` (default 1) for all files, and one more, used only while those are busy,
 * for files that are read quickly. A thread is started with its first file and ended after `idleMs` (default 30,000).
 * `read` rejects with `cancelled` when its signal aborts and with `stopping` once `stop` was called.
 */
export function createReader(options: { readonly threads?: number; readonly idleMs?: number } = {}): Reader {
  const idleMs = options.idleMs ?? 30_000;
  const lanes: readonly Lane[] = Array.from({ length: (options.threads ?? 1) + 1 }, (_, index) => ({
    thread: createReadingThread({ idleMs }),
    isExpress: index === (options.threads ?? 1),
    isBusy: false,
  }));
  const waiting: Job[] = [];
  const stopping = new AbortController();

  function startWaiting(): void {
    for (const lane of lanes) {
      if (lane.isBusy) continue;
      const index = waiting.findIndex((job) => job.isQuick || !lane.isExpress);
      const job = index < 0 ? undefined : waiting.splice(index, 1)[0];
      if (job === undefined) continue;
      lane.isBusy = true;
      void job.start(lane).finally(() => {
        lane.isBusy = false;
        startWaiting();
      });
    }
  }

  async function read(
    file: { readonly path: string; readonly name: string },
    limits: ReadLimits,
    { signal, onPage, unpackTo }: Parameters<Reader["read"]>[2],
  ): Promise<Reading> {
    const isQuick = await isQuickToRead(file.path);
    const { promise, resolve, reject } = Promise.withResolvers<Reading>();
    const job: Job = {
      isQuick,
      async start(lane) {
        const endThread = (): void => void lane.thread.end("aborted");
        ended.addEventListener("abort", endThread);
        const { maxTokens, maxPages, timeoutMs } = limits;
        const request = { path: file.path, name: file.name, maxTokens, maxPages, unpackTo };
        resolve(await lane.thread.run(request, { timeoutMs, onPage }));
        ended.removeEventListener("abort", endThread);
      },
    };
    const ended = AbortSignal.any([signal, stopping.signal]);
    const onEnded = (): void => {
      const index = waiting.indexOf(job);
      if (index >= 0) waiting.splice(index, 1);
      reject(endedError(stopping.signal.aborted, signal.reason));
    };
    if (ended.aborted) throw endedError(stopping.signal.aborted, signal.reason);
    ended.addEventListener("abort", onEnded);
    waiting.push(job);
    startWaiting();
    try {
      return await promise;
    } finally {
      ended.removeEventListener("abort", onEnded);
    }
  }

  return {
    read,
    async stop() {
      stopping.abort();
      await Promise.all(lanes.map((lane) => lane.thread.end("stopping")));
    },
  };
}

/** Looks at size and first bytes only. A file that cannot be opened is quick to refuse. */
async function isQuickToRead(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).size <= QUICK_BYTES) return true;
    const start = await readStart(path, 1024);
    const isGzip = start[0] === 0x1f && start[1] === 0x8b;
    return !hasPdfHeader(start) && !isZip(start) && !isGzip && !isTarHeader(start.subarray(0, 512));
  } catch {
    return true;
  }
}

function endedError(isStopping: boolean, reason: unknown): DocentError {
  return isStopping
    ? new DocentError("stopping", "Reading a file was ended: Docent is stopping.")
    : new DocentError("cancelled", "Reading a file was ended by its caller.", { cause: reason });
}
