import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Started {
  /** What it has said on both streams so far. */
  readonly output: () => string;
  /** Resolves with its exit code when it has ended. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a command and waits until Docent is ready. Throws with what it said when it ends instead. */
export async function startCommand(
  [program = "", ...args]: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number },
): Promise<Started> {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  let output = "";
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Docent is ready")) resolve();
    });
  }
  await Promise.race([
    ready,
    closed.then(([code]) => {
      throw new Error(`${program} ended with ${code}:\n${output}`);
    }),
  ]);
  return {
    output: () => output,
    async stop(signal) {
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
