import type { Server, ServerResponse } from "node:http";
import { toApiFault } from "./faults.ts";
import { send, toErrorReply } from "./http.ts";
import { newId } from "./state.ts";

/** How the whole server is down: each connection is reset, each request is left without an answer, or answered so. */
export type OutageKind = "resetting" | "hanging" | "overloaded" | "failing";

export interface Outage {
  readonly kind: () => OutageKind | null;
  set(kind: OutageKind | null): void;
  /** Does to a request what the outage does. Returns whether it did. */
  take(out: ServerResponse): boolean;
  /** Requests that were left without an answer and that the client has not given up. */
  hanging(): number;
}

/** A switch for the whole server. `onContact` hears of each connection or request that an outage met. */
export function createOutage(server: Server, onContact: () => void): Outage {
  let current: OutageKind | null = null;
  let hanging = 0;

  server.on("connection", (socket) => {
    if (current !== "resetting") return;
    onContact();
    socket.resetAndDestroy();
  });

  return {
    kind: () => current,
    hanging: () => hanging,
    set(kind) {
      current = kind;
      if (kind === "resetting") server.closeAllConnections();
    },
    take(out) {
      if (current === null || current === "resetting") return false;
      onContact();
      if (current === "hanging") {
        hanging += 1;
        out.once("close", () => (hanging -= 1));
        return true;
      }
      const code = current === "overloaded" ? "server_is_overloaded" : "server_error";
      send(out, toErrorReply(toApiFault(code)), newId("req_"));
      return true;
    },
  };
}
