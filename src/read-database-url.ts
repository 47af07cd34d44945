import type { EnvironmentReader } from "./read-environment.ts";

const PROTOCOL = /^postgres(?:ql)?:\/\//;
/** An “@” and a server in what should be options; one such as `?user=docent@server` is fine. */
const NO_OPTIONS = /^\?(?!\w+=).*@|@[^&]*\//;

/**
 * `DATABASE_URL`. A password that is not percent-encoded is refused: its first part would be taken for the whole, and its
 * rest for a host, which is shown where none answers.
 */
export function readDatabaseUrl(read: EnvironmentReader<"DATABASE_URL">, problems: string[]): string | undefined {
  const value = read.text("DATABASE_URL");
  if (value === undefined || !isUnencoded(value)) return read.url("DATABASE_URL", ["postgres:", "postgresql:"]);
  problems.push(
    "DATABASE_URL holds a user or password that is not percent-encoded. Write @ as %40, / as %2F, # as %23, ? as %3F and % as %25 in it.",
  );
  return undefined;
}

function isUnencoded(value: string): boolean {
  if (!PROTOCOL.test(value)) return false;
  // Behind the last “@” stands the server: where that can be read and the whole cannot, it is for what stands before it.
  if (!URL.canParse(value)) return value.includes("@") && isReadable(value.slice(value.lastIndexOf("@") + 1));
  const { pathname, search, hash } = new URL(value);
  return `${pathname}${hash}`.includes("@") || NO_OPTIONS.test(search) || !isDecodable(pathname);
}

function isReadable(server: string): boolean {
  return !/^[/?#]/.test(server) && URL.canParse(`postgres://${server}`);
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}
