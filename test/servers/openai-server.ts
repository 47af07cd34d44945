import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { toBehaviour } from "./openai/behaviour.ts";
import type { Behaviour, ServerContext } from "./openai/context.ts";
import { createFaults, toApiFault, type Fault, type Faults, type RouteName } from "./openai/faults.ts";
import { ApiFault, readBody, send, toErrorReply, type Reply } from "./openai/http.ts";
import { createOutage, type Outage } from "./openai/outage.ts";
import { toRoute, type Route } from "./openai/routes.ts";
import { spoilAnswer } from "./openai/spoil-answer.ts";
import { createState, isJson, newId, type Json, type State } from "./openai/state.ts";

/** One request as it came in. `status` is null while it has no answer, or when it was given none. */
export interface RequestEntry {
  readonly method: string;
  readonly path: string;
  readonly route: RouteName | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The JSON body; null for none and for an upload. */
  readonly body: Json | null;
  status: number | null;
  /** The JSON answered; null for streams and bytes. */
  answer: Json | null;
}

export interface OpenAIServerOptions extends Partial<Behaviour> {
  readonly port?: number;
  readonly onRequest?: (entry: RequestEntry) => void;
  /** Called for each connection or request that an outage met. */
  readonly onContact?: () => void;
  /** Decides about faults with a rate. */
  readonly random?: () => number;
}

export interface OpenAIServer {
  /** Ends in `/v1`. */
  readonly url: string;
  readonly requests: readonly RequestEntry[];
  readonly state: State;
  readonly faults: Faults;
  readonly outage: Outage;
  /** Requests to one route, oldest first. */
  to(route: RouteName): readonly RequestEntry[];
  /** Resolves as soon as so many requests to a route have come in (and been answered, where they are). */
  whenRequested(route: RouteName, count?: number): Promise<void>;
  /** Resolves as soon as so many runs have ended. */
  whenEnded(count: number): Promise<void>;
  /** From now on no run ends, until `release`. */
  hold(): void;
  release(): void;
  /** Closes the connections that have no request, as servers do with those that are idle for long. */
  closeIdleConnections(): void;
  close(): Promise<void>;
}

/**
 * Starts a server that speaks the part of OpenAI's API that Docent uses, keeps what it is given, and is as strict as
 * the vendor. Nothing leaves the machine. Behaviours that the vendor has not confirmed are options.
 */
export async function startOpenAIServer(options: OpenAIServerOptions = {}): Promise<OpenAIServer> {
  const behaviour = toBehaviour(options);
  const state = createState();
  const faults = createFaults(options.random);
  const requests: RequestEntry[] = [];
  const waiting = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  let heldBack: (() => void)[] = [];
  let held = false;
  let closed = false;

  const context: ServerContext = {
    state,
    behaviour,
    faults,
    held: () => held,
    whenReleased: (callback) => (held ? void heldBack.push(callback) : callback()),
    onEnded: () => {
      for (const check of waiting) check();
    },
    later: (ms, callback) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!closed) callback();
      }, ms);
      timers.add(timer);
    },
  };

  async function handle(request: IncomingMessage, out: ServerResponse): Promise<void> {
    if (outage.take(out)) return void request.resume();
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = url.pathname.replace(/^\/v1/, "");
    const route = toRoute(request.method ?? "GET", path, url.searchParams);
    const isUpload = (request.headers["content-type"] ?? "").startsWith("multipart/");
    const body = isUpload ? null : parseJson(await readBody(request));
    const entry = toEntry(request, path, url, { route, body });
    requests.push(entry);
    const fault = route === undefined ? undefined : faults.take(route.name);
    await answer({ request, out, entry, route, url, body, fault });
    options.onRequest?.(entry);
    for (const check of waiting) check();
  }

  async function answer(exchange: Exchange): Promise<void> {
    const { out, entry, fault } = exchange;
    if (fault?.kind === "timeout") return void exchange.request.resume();
    if (fault?.kind === "reset") return void out.destroy();
    let reply: Reply;
    try {
      if (fault?.kind === "error") throw toApiFault(fault.code, fault);
      reply = await dispatch(context, exchange);
    } catch (error) {
      reply = toErrorReply(
        error instanceof ApiFault ? error : new ApiFault(500, String(error), { type: "server_error" }),
      );
      exchange.request.resume();
    }
    if (fault?.kind === "slow") await new Promise<void>((resolve) => context.later(fault.ms, resolve));
    if (spoilAnswer(out, fault)) return;
    entry.status = reply.status;
    entry.answer = "json" in reply ? reply.json : null;
    send(out, reply, newId("req_"));
  }

  function when(isSo: () => boolean): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isSo()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
    });
  }

  const server = createServer((request, out) => {
    handle(request, out).catch((error: unknown) => out.destroy(error instanceof Error ? error : undefined));
  });
  const outage = createOutage(server, () => options.onContact?.());
  const port = await listen(server, options.port ?? 0);

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    state,
    faults,
    outage,
    to: (name) => requests.filter((entry) => entry.route === name),
    whenRequested: (name, count = 1) => when(() => requests.filter((entry) => entry.route === name).length >= count),
    whenEnded: (count) => when(() => [...state.responses.values()].filter(({ ended }) => ended).length >= count),
    hold() {
      held = true;
    },
    release() {
      held = false;
      const callbacks = heldBack;
      heldBack = [];
      for (const callback of callbacks) callback();
    },
    closeIdleConnections: () => server.closeIdleConnections(),
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly out: ServerResponse;
  readonly entry: RequestEntry;
  readonly route: Route | undefined;
  readonly url: URL;
  readonly body: Json | null;
  readonly fault: Fault | undefined;
}

function dispatch(context: ServerContext, exchange: Exchange): Reply | Promise<Reply> {
  const key = exchange.entry.headers["authorization"]?.replace(/^Bearer /, "");
  if (key === undefined) throw new ApiFault(401, "You didn't provide an API key.");
  if (!context.behaviour.apiKeys.includes(key)) {
    throw new ApiFault(401, `Incorrect API key provided: ${key}.`, { code: "invalid_api_key" });
  }
  const { route: found, url, request, body, fault } = exchange;
  const isAbsent = context.behaviour.absent.some((path) => exchange.entry.path.startsWith(path));
  if (found === undefined || isAbsent)
    throw new ApiFault(404, `Invalid URL (${request.method ?? "GET"} ${url.pathname})`);
  return found.handler(context, { request, params: found.params, query: url.searchParams, body: body ?? {}, fault });
}

function toEntry(
  request: IncomingMessage,
  path: string,
  url: URL,
  known: { route: Route | undefined; body: Json | null },
): RequestEntry {
  const headers: Record<string, string> = {};
  for (const name of ["authorization", "content-type", "content-length", "openai-beta", "accept"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  return {
    method: request.method ?? "GET",
    path,
    route: known.route?.name ?? null,
    headers,
    query: Object.fromEntries(url.searchParams),
    body: known.body,
    status: null,
    answer: null,
  };
}

function parseJson(bytes: Buffer): Json | null {
  if (bytes.length === 0) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isJson(value) ? value : null;
  } catch {
    return null;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "4010" } } });
  const started = await startOpenAIServer({
    port: Number(values.port),
    runTimeMs: 800,
    eventGapMs: 20,
    indexTimeMs: 300,
    onRequest: (entry) => process.stdout.write(`${entry.method} ${entry.path} ${entry.status ?? "no answer"}\n`),
  });
  process.stdout.write(`OPENAI_BASE_URL=${started.url}\nOPENAI_API_KEY=test-key\n`);
}
