import { DocentError } from "../../core/errors.ts";

/** The host that the browser asked for, with its port. */
function toHost(request: Request): string {
  return (request.headers.get("host") ?? new URL(request.url).host).toLowerCase();
}

/**
 * Without a token only this machine may ask. A name of the outside world that resolves to it (DNS rebinding) would make
 * a foreign page "same origin", so the name itself has to be a loopback one.
 */
export function requireLoopbackHost(request: Request): void {
  if (namesLoopback(request)) return;
  throw new DocentError("forbidden", "A request without a token named a host that is not this machine: refused.");
}

/** Whether the browser asked for this machine by one of its own names. */
export function namesLoopback(request: Request): boolean {
  const name = toHost(request).replace(/:\d+$/, "");
  if (name === "localhost" || name.endsWith(".localhost") || name === "[::1]") return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Refuses requests that change something and that a page of another origin made the browser send. */
export function requireSameOrigin(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  // `same-site` is refused too: another port of localhost is the same site.
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const foreignSite = site !== null && site !== "same-origin" && site !== "none";
  const foreignOrigin = origin !== null && originHost(origin) !== toHost(request);
  if (foreignSite || foreignOrigin) {
    throw new DocentError("forbidden", "A page of another origin sent a request that changes something: refused.");
  }
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : null;
}
