/** The entry of a reading thread: one file at a time, asked for by message. */
import { parentPort } from "node:worker_threads";

import type { Page } from "../core/document.ts";
import type { ReadMessage, ReadRequest, ReadSink } from "./messages.ts";
import { readFileOfAnyType } from "./read-file.ts";

const PROGRESS_EVERY_MS = 100;
/** Pages travel in batches: large enough to cost little, small enough that this thread never holds a whole book. */
const BATCH_PAGES = 50;
const BATCH_CHARS = 256_000;

const port = parentPort;
if (port === null) throw new Error("reader-worker.ts is the entry of a worker thread; start it through createReader.");

// pdf.js leaves a promise behind now and then. What we read is awaited; the rest must not end the thread.
process.on("unhandledRejection", () => undefined);

port.on("message", (request: ReadRequest) => {
  void read(request);
});

async function read(request: ReadRequest): Promise<void> {
  const outbox = createOutbox();
  try {
    const result = await readFileOfAnyType(request, outbox.sink);
    outbox.flush();
    send({ kind: "done", result });
  } catch (error) {
    outbox.flush();
    send({ kind: "failed", reason: reasonOf(error) });
  }
}

function createOutbox(): { readonly sink: ReadSink; flush(): void } {
  let batch: Page[] = [];
  let chars = 0;
  let progressAt = Number.NEGATIVE_INFINITY;

  function flush(): void {
    if (batch.length > 0) send({ kind: "pages", pages: batch });
    batch = [];
    chars = 0;
  }
  const sink: ReadSink = {
    found(type, pageCount) {
      send({ kind: "found", type, pageCount });
    },
    page(page) {
      batch.push(page);
      chars += page.text.length;
      if (batch.length >= BATCH_PAGES || chars >= BATCH_CHARS) flush();
    },
    progress(done, of) {
      const now = performance.now();
      if (now - progressAt < PROGRESS_EVERY_MS) return;
      progressAt = now;
      send({ kind: "progress", done, of });
    },
  };
  return { sink, flush };
}

function send(message: ReadMessage): void {
  port?.postMessage(message);
}

/** The error's code or name: its message may hold text of the document or a path. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
