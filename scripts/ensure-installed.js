// Runs before `npm start` and `npm test`, on whatever Node the machine has: installs what is missing and says so.
// Plain JavaScript without dependencies, since nothing may be installed yet.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const checkedOut = join(root, "package-lock.json");
/** A release has the same under the name that npm packs, and nothing to test or develop with. */
const isRelease = !existsSync(checkedOut);
const lockfile = isRelease ? join(root, "npm-shrinkwrap.json") : checkedOut;
/** npm writes it at the end of an installation. */
const installed = join(root, "node_modules", ".package-lock.json");

const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
// A production installation has no pinned Node: it brings its own.
if (!isCurrent) {
  // An older Node needs the pinned one, which is among the packages for development.
  const isForProduction = isRelease && isRecent(process.versions.node);
  const size = isForProduction ? "170" : "700";
  process.stdout.write(`Docent: installing what it needs (once, about ${size} MB, a minute or two) …\n`);
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  const { status } = spawnSync(
    command,
    [
      ...args,
      "ci",
      ...(isForProduction ? ["--omit=dev"] : []),
      "--loglevel=error",
      "--no-audit",
      "--no-fund",
      "--progress=true",
    ],
    {
      cwd: root,
      stdio: "inherit",
      shell: !npm && process.platform === "win32",
    },
  );
  if (status !== 0) {
    process.stderr.write("Docent: the installation failed. Check the network and run the same command again.\n");
    process.exit(1);
  }
  process.stdout.write("Docent: installed.\n");
}

/** As `engines` of package.json says. */
function isRecent(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 12);
}
