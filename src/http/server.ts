import { createHash, timingSafeEqual } from "node:crypto";
import type { Server } from "node:http";
import { serve, type HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { DocentError } from "../core/errors.ts";
import type { Readiness } from "../core/ports/readiness.ts";
import type { Clock, HttpMount, Log } from "../core/ports/system.ts";
import type { TextKey } from "../core/texts/language.ts";
import { text } from "../core/texts/text.ts";
import { toClientAddress } from "./client-address.ts";
import { createRequestLimits } from "./request-limits.ts";

export interface HttpServer {
  /** Where it can be opened, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  stop(): Promise<void>;
}

const MAX_PORT = 65_535;

/** How long answers under way may take once the server stops. */
const STOP_GRACE_MS = 2_000;

/** Answers of the server itself are data and no page; what the bots mount brings its own. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

const OWN_PATHS: readonly string[] = ["/healthz", "/readyz", "/metrics"];

interface ServerEnv {
  readonly Bindings: HttpBindings;
}

/**
 * The one HTTP server: `/healthz`, `/readyz`, `/metrics`, and what the bots mount on it.
 * @throws DocentError `internal` when the port cannot be used.
 */
export async function startHttpServer(options: {
  host: string;
  port: number;
  mounts: readonly HttpMount[];
  /** Every part of the program by name. */
  checks: Readonly<Record<string, () => Promise<Readiness>>>;
  expose: () => Promise<{ contentType: string; body: string }>;
  /**
   * What `/metrics` asks for as a bearer token. Undefined when nobody beyond this machine can ask: then everybody reads
   * it, and nothing is counted.
   */
  token?: string | undefined;
  trustedProxies: number;
  /** What reasons and figures must not tell is taken out of them. */
  redact: (text: string) => string;
  clock: Clock;
  log: Log;
}): Promise<HttpServer> {
  const { host, port, mounts, checks, expose, token, trustedProxies, redact, clock, log } = options;
  const limits = token === undefined ? null : createRequestLimits(clock);
  const app = new Hono<ServerEnv>();
  let hasWarned = false;

  app.use(async (c, next) => {
    if (limits === null) return await next();
    const address = addressOf(c);
    const waitMs = limits.take(c.req.raw, address);
    if (waitMs > 0) {
      const retry = { "retry-after": String(Math.ceil(waitMs / 1000)) };
      return toRefusal(c, 429, "too_many_requests", "web.too_many_requests", retry);
    }
    await next();
    limits.see(c.req.raw, c.res, address);
    return undefined;
  });
  app.get("/healthz", (c) => c.json({ status: "ok" }, 200, HEADERS));
  app.get("/readyz", async (c) => {
    const states = await checkAll(checks);
    const ready = states.every(([, state]) => state.ready);
    const parts = Object.fromEntries(states.map(([name, state]) => [name, redacted(state)]));
    return c.json({ ready, parts }, ready ? 200 : 503, HEADERS);
  });
  app.get("/metrics", async (c) => {
    if (!isAllowed(c)) {
      const error = { code: "unauthorized", message: "Send WEB_TOKEN as a bearer token." };
      return c.json({ error }, 401, { ...HEADERS, "www-authenticate": "Bearer" });
    }
    const { contentType, body } = await expose();
    return c.body(redact(body), 200, { ...HEADERS, "content-type": contentType });
  });
  app.all("*", async (c) => {
    const mount = mounts.find((candidate) => candidate.matches(c.req.path));
    if (mount !== undefined) {
      return await mount.handle(c.req.raw, {
        address: addressOf(c),
        socketAddress: c.env.incoming.socket.remoteAddress,
      });
    }
    if (OWN_PATHS.includes(c.req.path)) {
      return toRefusal(c, 405, "method_not_allowed", "web.wrong_method", { allow: "GET, HEAD" });
    }
    return toRefusal(c, 404, "not_found", "web.nothing_here");
  });
  app.onError((error, c) => {
    log.error("A request failed.", { method: c.req.method, path: c.req.path, error });
    return toRefusal(c, 500, "internal", "error.internal");
  });

  const server = await listen(app, host, port);
  const address = server.address();
  const actualPort = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host.replace(/[[\]]/g, "")}]` : host}:${actualPort}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const timer = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
      server.closeIdleConnections();
      await closed;
      clearTimeout(timer);
    },
  };

  function redacted(state: Readiness): Readiness {
    if (!state.ready) return { ...state, reason: redact(state.reason) };
    return state.hint === undefined ? state : { ...state, hint: redact(state.hint) };
  }

  function isAllowed(c: Context<ServerEnv>): boolean {
    return token === undefined || isBearer(c.req.header("authorization"), token);
  }

  function addressOf(c: Context<ServerEnv>): string {
    const forwardedFor = c.req.header("x-forwarded-for");
    if (forwardedFor !== undefined && trustedProxies === 0 && limits !== null && !hasWarned) {
      hasWarned = true;
      log.warn("Requests come through a proxy and are counted as those of one client: set TRUSTED_PROXIES.");
    }
    return toClientAddress(c.env.incoming.socket.remoteAddress, forwardedFor, trustedProxies);
  }
}

/** `{"error":{"code","message"}}` in the first language that the client names. */
function toRefusal(
  c: Context,
  status: 404 | 405 | 429 | 500,
  code: string,
  key: TextKey,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const [locale] = (c.req.header("accept-language") ?? "").split(/[,;]/);
  const message = text(key, locale, { method: c.req.method });
  return c.json({ error: { code, message } }, status, { ...HEADERS, ...headers });
}

/** Compares hashes, so that the time it takes tells nothing of the token. */
function isBearer(header: string | undefined, token: string): boolean {
  const hash = (value: string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(hash(header ?? ""), hash(`Bearer ${token}`));
}

async function checkAll(
  checks: Readonly<Record<string, () => Promise<Readiness>>>,
): Promise<readonly (readonly [string, Readiness])[]> {
  return await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, Readiness]> => {
      try {
        return [name, await check()];
      } catch (error) {
        return [name, { ready: false, reason: error instanceof Error ? error.message : "It could not be checked." }];
      }
    }),
  );
}

async function listen(app: Hono<ServerEnv>, host: string, port: number): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host.replace(/[[\]]/g, ""), port }, () => {
      server.removeListener("error", refuse);
      resolve(server);
    }) as Server;
    // Uploads of slow networks take longer than Node's five minutes for a whole request.
    server.requestTimeout = 0;
    const refuse = (error: Error): void => {
      const inUse = "code" in error && error.code === "EADDRINUSE";
      const remedy = inUse
        ? `Another program uses it; stop that, or set PORT to another number: PORT=${port < MAX_PORT ? port + 1 : port - 1} npm start`
        : "Check HOST and PORT.";
      reject(new DocentError("internal", `Can't listen on ${host}:${port}. ${remedy}`, { cause: error }));
    };
    server.once("error", refuse);
  });
}
