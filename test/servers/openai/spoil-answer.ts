import type { ServerResponse } from "node:http";
import { toApiFault, type Fault } from "./faults.ts";
import { send, toErrorReply } from "./http.ts";
import { newId } from "./state.ts";

/** Loses the answer to a request that has taken effect, as the fault says. Returns whether it did. */
export function spoilAnswer(out: ServerResponse, fault: Fault | undefined): boolean {
  switch (fault?.kind) {
    case "timeout-after":
      return true;
    case "reset-after":
      out.destroy();
      return true;
    case "error-after":
      send(out, toErrorReply(toApiFault(fault.code)), newId("req_"));
      return true;
    case "malformed-after":
      out.writeHead(200, { "content-type": "application/json" }).end('{"id": "resp_');
      return true;
    case "cut-after":
      out.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      out.write('{"id": "', () => out.destroy());
      return true;
    case "stall-after":
      out.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      out.write('{"id": "');
      return true;
    default:
      return false;
  }
}
