import { isIP } from "node:net";
import { namesLoopback } from "./request-guard.ts";

/** What proxies add. One that adds none of these still names itself as the host, or changes it. */
const PROXY_HEADERS = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-real-ip",
  "true-client-ip",
  "cf-connecting-ip",
];

/**
 * Whether a request comes from a browser on this machine, and from the page itself. Stricter than the rest of the page:
 * a connection whose other end is not known, a proxy, and a change without an origin are refused.
 */
export function isFromThisMachine(request: Request, remoteAddress: string | undefined): boolean {
  const { headers } = request;
  if (!isLoopbackAddress(remoteAddress) || !namesLoopback(request)) return false;
  if (PROXY_HEADERS.some((name) => headers.has(name))) return false;
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const isChange = request.method !== "GET" && request.method !== "HEAD";
  const origin = headers.get("origin");
  if (origin === null) return !isChange;
  const host = headers.get("host") ?? new URL(request.url).host;
  return origin.toLowerCase() === `http://${host.toLowerCase()}`;
}

function isLoopbackAddress(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/i, "") ?? "";
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}
