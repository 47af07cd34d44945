import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startProgram } from "../world/start-program.ts";

/** Several of the program as child processes, each with a port and a data folder of its own. */
export interface Fleet {
  readonly size: number;
  readonly pids: readonly number[];
  /** Kills one (`SIGKILL`) and starts it again; resolves when it is dead, not when it is back. */
  kill(index: number): Promise<void>;
  /** True when another one than this answers. */
  canSpare(index: number): boolean;
  /** Resolves when each is ready. */
  ready(): Promise<void>;
  /** Those that ended by themselves, with the last that they logged. */
  readonly deaths: readonly string[];
  /** Errors that were logged, and how often. */
  readonly logged: Readonly<Record<string, number>>;
  /** Kills all of them for good. */
  stop(): Promise<void>;
}

interface Replica {
  child: ChildProcess;
  url: string | null;
  ready: Promise<void>;
  isDoomed: boolean;
}

/** So long a replica that ended by itself is left alone, as a supervisor would. */
const RESTART_AFTER_MS = 500;

export function startFleet(options: {
  readonly size: number;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onUrls: (urls: readonly string[]) => void;
}): Fleet {
  const { size, folder, env, onUrls } = options;
  const deaths: string[] = [];
  const logged: Record<string, number> = {};
  let stopped = false;
  const replicas = Array.from({ length: size }, (_, index) => start(index));

  function start(index: number): Replica {
    const dataDir = path.join(folder, `replica-${index}`);
    mkdirSync(dataDir, { recursive: true });
    let lastLine = "nothing";
    const { child, url } = startProgram(
      { ...env, DATA_DIR: dataDir, PORT: "0" },
      {
        onLog(line) {
          lastLine = line.slice(0, 500);
          const message = toMessage(line);
          if (message !== null) logged[message] = (logged[message] ?? 0) + 1;
        },
      },
    );
    const replica: Replica = { child, url: null, ready: Promise.resolve(), isDoomed: false };
    replica.ready = hear(replica, url);
    child.once("exit", (code) => {
      replica.url = null;
      announce();
      if (stopped || replica.isDoomed) return;
      deaths.push(`replica ${index} ended with ${code ?? "a signal"}: ${lastLine}`);
      void startLater(index);
    });
    return replica;
  }

  async function hear(replica: Replica, url: Promise<string | null>): Promise<void> {
    const found = await url;
    replica.url = isAlive(replica.child) ? found : null;
    announce();
  }

  async function startLater(index: number): Promise<void> {
    await sleep(RESTART_AFTER_MS);
    if (!stopped) replicas[index] = start(index);
  }

  function announce(): void {
    // The first one is started before there is a list.
    const all = (replicas as readonly Replica[] | undefined) ?? [];
    onUrls(all.flatMap(({ url }) => url ?? []));
  }

  return {
    size,
    get pids() {
      return replicas.flatMap(({ child }) => child.pid ?? []);
    },
    async kill(index) {
      const replica = replicas[index];
      if (replica === undefined || !isAlive(replica.child)) return;
      replica.isDoomed = true;
      await end(replica.child);
      replicas[index] = start(index);
    },
    canSpare: (index) => replicas.some(({ url }, place) => place !== index && url !== null),
    async ready() {
      await Promise.all(replicas.map(({ ready }) => ready));
    },
    deaths,
    logged,
    async stop() {
      stopped = true;
      await Promise.all(replicas.map(({ child }) => end(child)));
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** What a line of the JSON log says, with the message of its error. */
function toMessage(line: string): string | null {
  try {
    const { level, message, error } = JSON.parse(line) as {
      level: string;
      message: string;
      error?: { message?: string };
    };
    return level === "error" ? [message, error?.message?.slice(0, 160)].filter(Boolean).join(" ") : null;
  } catch {
    return line.slice(0, 200);
  }
}
