import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

/** What `npm start` runs, once its installation is checked. */
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } };

/** Starts the program, waits until it is ready, and ends it; what Node said of what it keeps compiled. */
async function startOnce(): Promise<string> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "docent-compiled-"));
  const child = spawn(process.execPath, scripts.start.split(" ").slice(1), {
    env: { PATH: process.env["PATH"] ?? "", DATA_DIR: dataDir, PORT: "0", NODE_DEBUG_NATIVE: "COMPILE_CACHE" },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
    rmSync(dataDir, { recursive: true, force: true });
  });
  let output = "";
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("Docent is ready")) resolve();
    });
  }
  const closed = once(child, "close");
  await Promise.race([ready, closed]);
  child.kill("SIGTERM");
  await closed;
  return output;
}

describe("what is kept compiled", () => {
  it("is there for the next start: the program, without types, and the packages", { timeout: 60_000 }, async () => {
    expect(await startOnce()).toContain("Docent is ready");
    const second = await startOnce();
    const main = pathToFileURL("src/main.ts").href;
    expect(second).toContain(`retrieving transpile cache for StrippedTypeScript ${main}...success`);
    expect(second).toContain(`V8 code cache for ESM ${main} was accepted`);
    expect(second).toMatch(/V8 code cache for \w+ \S+node_modules\/hono\/\S+ was accepted/);
  });
});
