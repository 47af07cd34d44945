import type { ServerResponse } from "node:http";
import { toApiFault, type Fault } from "./faults.ts";
import { send, toErrorReply } from "./http.ts";
import { newId } from "./state.ts";

/** Loses the answer to a request that has taken effect, as the fault says. Returns whether it did. */
export function spoilAnswer(out: ServerResponse, fault: Fault | undefined): boolean {
  if (fault?.kind === "timeout-after") return true;
  if (fault?.kind === "reset-after") {
    out.destroy();
    return true;
  }
  if (fault?.kind === "error-after") {
    send(out, toErrorReply(toApiFault(fault.code)), newId("req_"));
    return true;
  }
  if (fault?.kind === "malformed-after") {
    out.writeHead(200, { "content-type": "application/json" }).end('{"id": "resp_');
    return true;
  }
  if (fault?.kind === "cut-after" || fault?.kind === "stall-after") {
    out.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    out.write('{"id": "', () => (fault.kind === "cut-after" ? out.destroy() : undefined));
    return true;
  }
  return false;
}
