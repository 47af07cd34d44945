import { found, type Finding, type RunningDocent } from "../core/ports/diagnosis.ts";
import type { Readiness } from "../core/ports/readiness.ts";

const TIMEOUT_MS = 15_000;
/** Every delivery of Slack that was handled, whatever came of it. */
const DELIVERIES = /^docent_slack_ack_seconds_count (\d+)$/m;

interface Ready {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, Readiness>>;
}

/** Whether the page's port is free, or a Docent answers there, and what that says of itself. */
export async function diagnoseWeb(options: {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
}): Promise<{ readonly findings: readonly Finding[]; readonly running: RunningDocent | null }> {
  const { port } = options;
  if (port === 0) return { findings: [found("skipped", "web.port", "doctor.web.any_port")], running: null };
  const url = `http://${toHost(options.host)}:${port}`;
  let answer: unknown;
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    answer = await response.json().catch(() => null);
  } catch (error) {
    const code =
      error instanceof Error && error.cause instanceof Error && "code" in error.cause ? error.cause.code : "";
    return code === "ECONNREFUSED"
      ? { findings: [found("ok", "web.port", ["doctor.web.free", { port: String(port) }])], running: null }
      : { findings: [taken(port)], running: null };
  }
  if (!isReady(answer)) return { findings: [taken(port)], running: null };
  const unready = Object.entries(answer.parts).flatMap(([part, state]) =>
    state.ready
      ? []
      : [
          found(
            "warning",
            `web.${part}`,
            ["doctor.web.unready", { part, reason: state.reason }],
            ["doctor.web.unready_remedy", { part }],
          ),
        ],
  );
  return {
    findings: [found("ok", "web.port", ["doctor.web.running", { url }]), ...unready],
    running: { url, slackDeliveries: () => readDeliveries(url, options.token) },
  };
}

async function readDeliveries(url: string, token: string | undefined): Promise<number | null> {
  try {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/metrics`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return null;
    // A counter that nothing has counted is not shown.
    return Number(DELIVERIES.exec(await response.text())?.[1] ?? 0);
  } catch {
    return null;
  }
}

function taken(port: number): Finding {
  return found("problem", "web.port", ["doctor.web.taken", { port: String(port) }], "doctor.web.taken_remedy");
}

/** Where whoever listens on all addresses can be asked from this machine. */
function toHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  const bare = host.replace(/[[\]]/g, "");
  if (bare === "::") return "[::1]";
  return bare.includes(":") ? `[${bare}]` : bare;
}

function isReady(answer: unknown): answer is Ready {
  return typeof answer === "object" && answer !== null && "ready" in answer && "parts" in answer;
}
