import { found, type Finding } from "./core/ports/diagnosis.ts";
import type { Clock } from "./core/ports/system.ts";

const TIMEOUT_MS = 10_000;
/** More than a slow answer and a header of whole seconds can explain. */
const SKEW_WORTH_TELLING_MS = 60_000;
/** Slack's signatures are good for five minutes, and so are Docent's leases and S3's signatures for a little more. */
const SKEW_THAT_BREAKS_MS = 5 * 60_000;

/** Whether this Node can run Docent; `wanted` is what `package.json` asks for, such as `>=24.12`. */
export function diagnoseNode(version: string, wanted: string): Finding {
  const least = wanted.replace(/^>=\s*/, "");
  return isOlder(version, least)
    ? found("problem", "node", ["doctor.node.old", { version, least }], ["doctor.node.remedy", { least }])
    : found("ok", "node", ["doctor.node.ok", { version }]);
}

/** Docent is in no registry yet, so nobody can be asked for a newer one. */
export function diagnoseRelease(version: string): Finding {
  return found("skipped", "release", ["doctor.release", { version }]);
}

/** Compares the clock with the `Date` of a server that is asked anyway. The request carries no key. */
export async function diagnoseClock(address: string | undefined, clock: Clock): Promise<Finding> {
  if (address === undefined) return found("skipped", "clock", "doctor.clock_nobody");
  let date: number;
  const before = clock.now();
  try {
    const response = await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(TIMEOUT_MS) });
    date = Date.parse(response.headers.get("date") ?? "");
  } catch {
    date = Number.NaN;
  }
  if (Number.isNaN(date)) return found("skipped", "clock", "doctor.clock_nobody");
  const skewMs = (before + clock.now()) / 2 - date;
  const server = new URL(address).host;
  if (Math.abs(skewMs) < SKEW_WORTH_TELLING_MS) return found("ok", "clock", ["doctor.clock_ok", { server }]);
  const values = { server, seconds: Math.round(Math.abs(skewMs) / 1000) };
  const seen = [skewMs > 0 ? "doctor.clock_ahead" : "doctor.clock_behind", values] as const;
  return found(Math.abs(skewMs) < SKEW_THAT_BREAKS_MS ? "warning" : "problem", "clock", seen, "doctor.clock_remedy");
}

function isOlder(version: string, least: string): boolean {
  const [own = [], other = []] = [version, least].map((each) => each.split(".").map(Number));
  const at = other.findIndex((part, index) => part !== (own[index] ?? 0));
  return at !== -1 && (own[at] ?? 0) < (other[at] ?? 0);
}
