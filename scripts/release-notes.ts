/**
 * `node scripts/release-notes.ts v0.1.0`: the entry of CHANGELOG.md for that tag, as Markdown. Ends with 1 when the tag is
 * not the version of package.json, or has no entry.
 */
import { readFileSync } from "node:fs";

const tag = process.argv[2] ?? "";
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
const entries = readFileSync("CHANGELOG.md", "utf8").split(/^## /m);
const entry = entries.find((candidate) => candidate.startsWith(`[${version}] - `));

if (tag !== `v${version}`) fail(`The tag is “${tag}” and package.json has ${version}: set both with \`npm version\`.`);
if (entry === undefined) fail(`CHANGELOG.md has no entry “## [${version}] - day”.`);
const withoutHeading = entry.slice(entry.indexOf("\n"));
process.stdout.write(`${withoutHeading.trim()}\n`);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
