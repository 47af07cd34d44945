import { createHash, timingSafeEqual } from "node:crypto";
import type { Server } from "node:http";
import { serve, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { DocentError } from "../core/errors.ts";
import type { Readiness } from "../core/ports/readiness.ts";
import type { HttpMount, Log } from "../core/ports/system.ts";

export interface HttpServer {
  /** Where it can be opened, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** How long answers under way may take once the server stops. */
const STOP_GRACE_MS = 2_000;

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
  /** What `/metrics` asks for as a bearer token; undefined lets everybody read it. */
  token?: string | undefined;
  log: Log;
}): Promise<HttpServer> {
  const { host, port, mounts, checks, expose, token, log } = options;
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const states = await checkAll(checks);
    const ready = Object.values(states).every((state) => state.ready);
    return c.json({ ready, parts: states }, ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    if (token !== undefined && !isBearer(c.req.header("authorization"), token)) {
      return c.json({ error: { code: "unauthorized", message: "Send WEB_TOKEN as a bearer token." } }, 401);
    }
    const { contentType, body } = await expose();
    return c.body(body, 200, { "content-type": contentType });
  });
  app.all("*", async (c) => {
    const mount = mounts.find((candidate) => candidate.matches(c.req.path));
    if (mount === undefined) return c.json({ error: { code: "not_found", message: "There is nothing here." } }, 404);
    return await mount.handle(c.req.raw, c.env.incoming.socket.remoteAddress);
  });
  app.onError((error, c) => {
    log.error("A request failed.", { method: c.req.method, path: c.req.path, error });
    return c.json({ error: { code: "internal", message: "Something went wrong on the server." } }, 500);
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
}

/** Compares hashes, so that the time it takes tells nothing of the token. */
function isBearer(header: string | undefined, token: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(header ?? ""), hash(`Bearer ${token}`));
}

async function checkAll(
  checks: Readonly<Record<string, () => Promise<Readiness>>>,
): Promise<Record<string, Readiness>> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, Readiness]> => {
      try {
        return [name, await check()];
      } catch (error) {
        return [name, { ready: false, reason: error instanceof Error ? error.message : "It could not be checked." }];
      }
    }),
  );
  return Object.fromEntries(entries);
}

async function listen(app: Hono<{ Bindings: HttpBindings }>, host: string, port: number): Promise<Server> {
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
        ? "Another program uses it; stop that, or set PORT to another number."
        : "Check HOST and PORT.";
      reject(new DocentError("internal", `Can't listen on ${host}:${port}. ${remedy}`, { cause: error }));
    };
    server.once("error", refuse);
  });
}
