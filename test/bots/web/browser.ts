import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Browser } from "playwright-core";

/**
 * A real Chromium. The libraries it needs come from the system, or else from its package, which brings the rarer ones.
 * @throws Error that names what to install when some are in neither: a test that cannot run has failed.
 */
export async function launchBrowser(): Promise<Browser> {
  const folder = await unpack();
  const executablePath = path.join(folder, "chromium");
  const libraries = path.join(folder, "lib");
  const bundled = findMissing(executablePath, "").length > 0 ? libraries : "";
  const missing = findMissing(executablePath, bundled);
  if (missing.length > 0) {
    const names = missing.join(", ");
    throw new Error(`Chromium cannot start here: ${names} is missing. Install it: apt-get install -y libnss3 libnspr4`);
  }
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  if (bundled !== "") env["LD_LIBRARY_PATH"] = bundled;
  return playwright.launch({
    executablePath,
    env,
    args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
  });
}

/** Unpacks the browser once for all test files: each process unpacks into a folder of its own, the first one's stays. */
async function unpack(): Promise<string> {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))));
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
  const home = path.join(tmpdir(), `docent-chromium-${version}`);
  if (existsSync(home)) return home;
  const own = await mkdtemp(`${home}-`);
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = own;
  try {
    await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
  await mkdir(path.join(own, "lib"), { recursive: true });
  const archive = brotliDecompressSync(readFileSync(path.join(root, "bin", "al2023.tar.br")));
  const { status, stderr } = spawnSync("tar", ["-x", "-C", own], { input: archive });
  if (status !== 0) throw new Error(`Chromium's libraries could not be unpacked: ${stderr.toString()}`);
  await rename(own, home).catch(async (error: unknown) => {
    await rm(own, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  });
  return home;
}

/** The libraries that the loader does not find, with one more folder to look into. */
function findMissing(executablePath: string, libraries: string): readonly string[] {
  const env = libraries === "" ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
  const { stdout } = spawnSync("ldd", [executablePath], { encoding: "utf8", env });
  return [...(stdout ?? "").matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1] ?? "");
}
