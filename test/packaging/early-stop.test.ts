import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

describe("a stop before Docent is ready", () => {
  it.for([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)(
    "ends it at once at %s by itself: process 1 of a container is not ended by the kernel",
    async ([signal, code]) => {
      // Takes connections and never says a word, as Postgres does behind some firewalls.
      const silent = createServer().listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as AddressInfo;
      const dataDir = mkdtempSync(path.join(tmpdir(), "docent-early-stop-"));
      const child = spawn(process.execPath, ["src/main.ts"], {
        env: {
          PATH: process.env["PATH"] ?? "",
          DATA_DIR: dataDir,
          DATABASE_URL: `postgres://docent@127.0.0.1:${port}/docent`,
          PORT: "0",
        },
        stdio: "ignore",
      });
      const ended = once(child, "exit");
      onTestFinished(() => {
        child.kill("SIGKILL");
        silent.close();
        rmSync(dataDir, { recursive: true });
      });
      const [connection] = (await once(silent, "connection")) as [
        { destroy(): void; on(name: "error", then: () => void): void },
      ];
      connection.on("error", () => undefined);
      child.kill(signal);
      expect(await ended).toEqual([code, null]);
      connection.destroy();
    },
  );
});
