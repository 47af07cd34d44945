import { Worker } from "node:worker_threads";

import type { FileType, Page } from "../core/document.ts";
import type { Reading } from "../core/ports/reader.ts";
import type { ReadMessage, ReadRequest } from "./messages.ts";
import { watchMemory } from "./watch-memory.ts";

/** Runs one file at a time in a worker thread of its own, which is started when needed and ended when idle. */
export interface ReadingThread {
  /** Never rejects: a thread that dies or is ended makes the file broken, with what was read of it until then. */
  run(
    request: ReadRequest,
    options: { timeoutMs: number; onPage?: (done: number, of: number) => void },
  ): Promise<Reading>;
  /** Ends the thread, and with it the file it is reading; the next `run` starts a new one. */
  end(reason: string): Promise<void>;
}

/**
 * The JavaScript heap of a thread. A book of 2,000 pages takes about a tenth of it; a file made to fill it ends only
 * its own thread.
 */
const MAX_HEAP_MB = 512;

/** Makes a thread that ends itself after `idleMs` without a file. */
export function createReadingThread(options: { readonly idleMs: number }): ReadingThread {
  let worker: Worker | null = null;
  let stopCurrent: ((reason: string) => void) | null = null;
  let idleTimer: NodeJS.Timeout | undefined;

  function start(): Worker {
    const started = new Worker(new URL("./reader-worker.ts", import.meta.url), {
      name: "docent-reader",
      // Whatever a hostile file may reach in there, it finds no key.
      env: {},
      execArgv: [],
      // What libraries print about bad files is of no use to anyone.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    started.stdout.resume();
    started.stderr.resume();
    // After an error the thread is on its way out: the next file must not be given to it.
    started.once("error", forget).once("exit", forget);
    return started;

    function forget(): void {
      if (worker === started) worker = null;
    }
  }

  async function end(reason: string): Promise<void> {
    clearTimeout(idleTimer);
    const ending = worker;
    worker = null;
    stopCurrent?.(reason);
    await ending?.terminate();
  }

  return {
    run(request, { timeoutMs, onPage }) {
      clearTimeout(idleTimer);
      const current = (worker ??= start());
      current.ref();
      return new Promise((resolve) => {
        const pages: Page[] = [];
        let type: FileType | null = null;
        let pageCount: number | null = null;
        const timeout = setTimeout(() => void end("timeout"), timeoutMs);
        const endWatch = watchMemory(current, () => {
          // A late look at a thread that has finished must not end the next file.
          if (!isSettled) void end("out of memory");
        });
        let isSettled = false;

        function settle(reading: Reading): void {
          isSettled = true;
          clearTimeout(timeout);
          endWatch();
          stopCurrent = null;
          current.off("message", onMessage).off("error", onError).off("exit", onExit);
          current.unref();
          idleTimer = setTimeout(() => void end("idle"), options.idleMs);
          idleTimer.unref();
          resolve(reading);
        }
        function settleBroken(reason: string): void {
          const problem = { code: "file_broken", details: { name: request.name, reason } } as const;
          settle({ type, unit: type?.kind === "pdf" ? "page" : "line", pages, pageCount, tokens: 0, problem });
        }
        function onMessage(message: ReadMessage): void {
          switch (message.kind) {
            case "found":
              ({ type, pageCount } = message);
              break;
            case "pages":
              pages.push(...message.pages);
              break;
            case "progress":
              onPage?.(message.done, message.of);
              break;
            case "done":
              settle({ ...message.result, pages });
              break;
            case "failed":
              settleBroken(message.reason);
              break;
          }
        }
        function onError(error: unknown): void {
          const isHeapFull = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
          settleBroken(isHeapFull ? "out of memory" : "crash");
        }
        function onExit(): void {
          settleBroken("crash");
        }

        stopCurrent = settleBroken;
        current.on("message", onMessage).on("error", onError).on("exit", onExit);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        current.postMessage(request);
      });
    },
    end,
  };
}
