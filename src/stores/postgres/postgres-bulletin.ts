import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { createLocalBulletin } from "../../core/local-bulletin.ts";
import type { Bulletin, Log } from "../../core/ports/system.ts";
import { toClientConfig, type Postgres } from "./open-postgres.ts";

const CHANNEL = "docent";
/** What one NOTIFY carries: https://www.postgresql.org/docs/current/sql-notify.html says less than 8000 bytes. */
const MAX_BYTES = 7_900;
/** Messages of the same few milliseconds go together. */
const GATHER_MS = 3;
const RECONNECT_MS = 500;

type Item = readonly [topic: string, message: unknown];

export interface PostgresBulletin extends Bulletin {
  /** Resolves when it listens for the first time, or tries again by itself. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A bulletin by NOTIFY and LISTEN, on a connection of its own that is opened again when it breaks. */
export function createPostgresBulletin(
  postgres: Postgres,
  { url, log }: { readonly url: string; readonly log: Log },
): PostgresBulletin {
  const local = createLocalBulletin();
  const self = randomUUID();
  const stopping = new AbortController();
  const gathered = new Set<string>();
  let isPlanned = false;
  let client: Client | undefined;

  async function listen(): Promise<void> {
    const next = new Client(toClientConfig(url));
    next.on("error", (error) => log.debug("The connection that listens to Postgres broke.", { error }));
    next.on("notification", ({ payload }) => deliver(payload ?? ""));
    next.once("end", () => {
      if (!stopping.signal.aborted) void keepListening();
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      next.removeAllListeners("end");
      await next.end().catch(() => undefined);
      throw error;
    }
    client = next;
  }

  async function keepListening(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await listen();
        return;
      } catch (error) {
        log.debug("Cannot listen to Postgres; trying again.", { error });
        await sleep(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  function deliver(payload: string): void {
    // What another replica of this program wrote below.
    const { from, items } = JSON.parse(payload) as { from: string; items: readonly Item[] };
    if (from === self) return;
    for (const [topic, message] of items) local.publish(topic, message);
  }

  async function send(): Promise<void> {
    await sleep(GATHER_MS);
    const all = [...gathered];
    gathered.clear();
    isPlanned = false;
    for (const items of inBatches(all)) {
      await postgres.query("SELECT pg_notify($1, $2)", [CHANNEL, `{"from":"${self}","items":[${items.join()}]}`]);
    }
  }

  return {
    publish(topic, message) {
      local.publish(topic, message);
      const item = JSON.stringify([topic, message]);
      if (stopping.signal.aborted || Buffer.byteLength(item) > MAX_BYTES - 100) return;
      // Said twice in a moment is said once, in its last place.
      gathered.delete(item);
      gathered.add(item);
      if (isPlanned) return;
      isPlanned = true;
      send().catch((error: unknown) => log.debug("Others could not be told.", { error }));
    },
    subscribe: (topic, callback) => local.subscribe(topic, callback),
    start: keepListening,
    async stop() {
      stopping.abort();
      await client?.end().catch(() => undefined);
    },
  };
}

function inBatches(items: readonly string[]): string[][] {
  const batches: string[][] = [[]];
  let bytes = 100;
  for (const item of items) {
    const size = Buffer.byteLength(item) + 1;
    if (bytes + size > MAX_BYTES) {
      batches.push([]);
      bytes = 100;
    }
    batches.at(-1)?.push(item);
    bytes += size;
  }
  return batches;
}
