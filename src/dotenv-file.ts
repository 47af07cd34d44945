import { randomUUID } from "node:crypto";
import { closeSync, fchownSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync } from "node:fs";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { parse } from "dotenv";
import type { EnvironmentFile } from "./core/ports/setup.ts";
import { decodeDotenv } from "./decode-dotenv.ts";

/** A line as dotenv 18 reads it, which may go on over several: the name, and the value where there is one. */
const LINE =
  /^[^\S\r\n]*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?(?=[^\S\r\n]*(?:#.*)?$)/dgm;

/** The `.env` file at `path`; written so that only its owner may read it. */
export function createDotenvFile(path: string): EnvironmentFile {
  return {
    read: () => parse(readText(path)),
    write(values) {
      const text = setValues(readText(path), values);
      // A link stays one: what it leads to is replaced.
      replaceFile(exists(path) ? realpathSync(path) : path, text);
    },
  };
}

/**
 * The text of a `.env` file with these values; every other line and comment stays as it is.
 * @throws Error when dotenv would read anything else than that
 */
export function setValues(text: string, values: Readonly<Record<string, string>>): string {
  const next = Object.entries(values).reduce((before, [name, value]) => setValue(before, name, value), text);
  const expected = { ...parse(text), ...values };
  if (!isSame(parse(next), expected)) throw new Error("it holds lines that would be read differently after the change");
  return next;
}

function setValue(text: string, name: string, value: string): string {
  const expected = { ...parse(text), [name]: value };
  for (const written of [value, `'${value}'`, `"${value}"`, `\`${value}\``]) {
    const next = put(text, name, written);
    if (isSame(parse(next), expected)) return next;
  }
  throw new Error(`${name} has a value that .env cannot hold`);
}

/** Where the name stands several times, the last counts. */
function put(text: string, name: string, written: string): string {
  const found = [...text.matchAll(LINE)].findLast((match) => match[1] === name);
  if (found === undefined) {
    const end = text.includes("\r\n") ? "\r\n" : "\n";
    return `${text}${text === "" || text.endsWith("\n") ? "" : end}${name}=${written}${end}`;
  }
  const lineEnd = found.index + found[0].length;
  const [start, end] = found.indices?.[2] ?? [lineEnd, lineEnd];
  const old = text.slice(start, end);
  // What was around the value stays around it, such as the space before a comment.
  const [before = "", after = ""] = [/^\s*/, /\s*$/].map((space) => space.exec(old)?.[0]);
  const isBlank = old.trim() === "";
  return `${text.slice(0, start)}${isBlank ? "" : before}${written}${isBlank ? old : after}${text.slice(end)}`;
}

/** In one step: whoever reads sees the old file or the new one, whole. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    const handle = openSync(draft, "wx", 0o600);
    try {
      keepOwner(path, handle);
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** A file that root writes stays readable for the user it belonged to. */
function keepOwner(path: string, handle: number): void {
  if (process.getuid?.() !== 0 || !exists(path)) return;
  const { uid, gid } = statSync(path);
  fchownSync(handle, uid, gid);
}

function readText(path: string): string {
  try {
    return decodeDotenv(readFileSync(path));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
