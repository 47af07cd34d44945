import { isIPv4, isIPv6 } from "node:net";

/** What all share whose address cannot be known. */
const UNKNOWN = "unknown";

/**
 * Whom to count a request for. `socketAddress` is who is connected; with proxies in front it is the last of them, and
 * each has added to `X-Forwarded-For` whom it was asked by. What stands left of these was written by the client itself.
 */
export function toClientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: number,
): string {
  const hops = (forwardedFor ?? "").split(",").map((hop) => hop.trim());
  const told = trustedProxies > 0 ? hops.at(-trustedProxies) : undefined;
  return toNetwork(told ?? "") ?? toNetwork(socketAddress ?? "") ?? UNKNOWN;
}

/** One person has a whole /64 of IPv6. */
function toNetwork(written: string): string | null {
  const bare = written.replace(/^\[(.*)\](?::\d+)?$/, "$1").replace(/^(\d+(?:\.\d+){3}):\d+$/, "$1");
  const address = bare.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  return `${expand(address).slice(0, 4).join(":")}::/64`;
}

function expand(address: string): readonly string[] {
  // The URL parser writes every form of one address the same way.
  const [head = "", tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const first = head.split(":").filter(Boolean);
  const last = (tail ?? "").split(":").filter(Boolean);
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => "0"), ...last];
}
