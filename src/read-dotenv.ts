import { readFileSync, statSync } from "node:fs";
import { parse } from "dotenv";
import { ConfigError } from "./config.ts";
import { decodeDotenv } from "./decode-dotenv.ts";

/** What a `.env` file sets; nothing without it. @throws ConfigError when it cannot be read */
export function readDotenv(path: string): Record<string, string> {
  try {
    return parse(decodeDotenv(readFileSync(path)));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    const seen = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`.env cannot be read (${seen}). Make it a text file that this user may read.`]);
  }
}

/** Whether other users of this machine can read or change a file. Windows keeps its rights elsewhere. */
export function isOpenToOthers(file: string): boolean {
  const mode = process.platform === "win32" ? 0 : (statSync(file, { throwIfNoEntry: false })?.mode ?? 0);
  return (mode & 0o077) !== 0;
}
