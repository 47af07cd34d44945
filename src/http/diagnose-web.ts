import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { text as readText } from "node:stream/consumers";
import { found, type Finding, type RunningDocent } from "../core/ports/diagnosis.ts";
import type { Readiness } from "../core/ports/readiness.ts";

const TIMEOUT_MS = 15_000;
/** Every delivery of Slack that was handled, whatever came of it. */
const DELIVERIES = /^docent_slack_ack_seconds_count (\d+)$/m;

interface Ready {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, Readiness>>;
}

/** Whether Docent could listen at an address: null, or the code of what keeps it from it. */
export type TryToListen = (host: string, port: number) => Promise<string | null>;

/** Whether Docent can listen where it is set to, or a Docent answers there, and what that says of itself. */
export async function diagnoseWeb(options: {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly tryToListen?: TryToListen;
}): Promise<{ readonly findings: readonly Finding[]; readonly running: RunningDocent | null }> {
  const { host, port, tryToListen = listenOnce } = options;
  if (port === 0) return { findings: [found("skipped", "web.port", "doctor.web.any_port")], running: null };
  const refusal = await tryToListen(bare(host), port);
  const isHere = refusal === null || refusal === "EADDRINUSE" || refusal === "EACCES";
  const url = `http://${toHost(host)}:${port}`;
  // Where it cannot be listened at, nobody is asked: that address is another machine's.
  const answer = isHere ? await ask(`${url}/readyz`) : null;
  const ready = answer === null ? null : parse(answer.text);
  if (!isReady(ready)) {
    // Somebody who answers has the port, also where another address of it is free.
    const reason = answer === null ? refusal : "EADDRINUSE";
    return { findings: [explain(reason, host, port)], running: null };
  }
  const unready = Object.entries(ready.parts).flatMap(([part, state]) =>
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
  const answer = await ask(`${url}/metrics`, token === undefined ? {} : { authorization: `Bearer ${token}` });
  // A counter that nothing has counted is not shown.
  return answer?.status === 200 ? Number(DELIVERIES.exec(answer.text)?.[1] ?? 0) : null;
}

/** Not by `fetch`, which refuses some ports that Docent may listen at, such as 6000. */
async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string } | null> {
  try {
    const request = get(url, { headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, text: await readText(response) };
  } catch {
    return null;
  }
}

async function listenOnce(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    await once(server.listen({ host, port, exclusive: true }), "listening");
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  } finally {
    server.close();
  }
}

/** What keeps Docent from listening, in words, and what mends it. */
function explain(reason: string | null, host: string, port: number): Finding {
  const values = { host, port: String(port), reason: reason ?? "" };
  switch (reason) {
    case null:
      return found("ok", "web.port", ["doctor.web.free", values]);
    case "EADDRINUSE":
      return found("problem", "web.port", ["doctor.web.taken", values], "doctor.web.taken_remedy");
    case "EACCES":
      return found("problem", "web.port", ["doctor.web.forbidden", values], ["doctor.web.forbidden_remedy", values]);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return found("problem", "web.host", ["doctor.web.not_here", values], "doctor.web.host_remedy");
    default:
      return found("problem", "web.port", ["doctor.web.failed", values], "doctor.web.host_remedy");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function bare(host: string): string {
  return host.replace(/[[\]]/g, "");
}

/** Where whoever listens on all addresses can be asked from this machine. */
function toHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  const address = bare(host);
  if (address === "::") return "[::1]";
  return address.includes(":") ? `[${address}]` : address;
}

function isReady(answer: unknown): answer is Ready {
  return typeof answer === "object" && answer !== null && "ready" in answer && "parts" in answer;
}
