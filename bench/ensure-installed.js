// Installs what the bench alone needs: the peers. Plain JavaScript, as `scripts/ensure-installed.js`.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const lockfile = join(here, "package-lock.json");
const installed = join(here, "node_modules", ".package-lock.json");

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) {
  process.stdout.write("Bench: installing the peers (once, about 100 MB) …\n");
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  const { status } = spawnSync(command, [...args, "ci", "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: here,
    stdio: "inherit",
  });
  if (status !== 0) {
    process.stderr.write("Bench: the installation failed. Check the network and run the same command again.\n");
    process.exit(1);
  }
}
