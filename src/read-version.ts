import { readFileSync } from "node:fs";

const PACKAGE = new URL("../package.json", import.meta.url);

/** Docent's own version, e.g. `0.1.0`. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { readonly version: string };
  return version;
}
