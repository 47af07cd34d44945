import { toText } from "./http.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { World } from "./world.ts";

const LOGIN_PAGE =
  "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Team</body></html>";

/**
 * A file's bytes, for a token that may read files. For any other token Slack answers 200 with its sign-in page. A token
 * that arrives at another host is remembered as leaked.
 */
export function answerFile(world: World, request: IncomingMessage, out: ServerResponse): void {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const id = /^\/files-pri\/[^-/]+-([^/]+)\//.exec(path)?.[1] ?? "";
  const fault = world.faults.take("file");
  if (fault?.kind === "silent") return;
  if (fault?.kind === "reset") return void out.destroy();
  if (fault?.kind === "status") return void out.writeHead(fault.status).end();
  if (fault?.kind === "rate-limit") {
    return void out.writeHead(429, { "retry-after": toText(fault.retryAfterSeconds) }).end();
  }
  const mayRead =
    request.headers.authorization === `Bearer ${world.options.botToken}` && world.scopes.has("files:read");
  const file = world.files.get(id);
  if (!mayRead || !world.isInstalled) {
    out.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(LOGIN_PAGE);
    return;
  }
  if (file === undefined || file.isDeleted) {
    out.writeHead(404, { "content-type": "text/html" }).end("<html>Not found</html>");
    return;
  }
  if (file.redirectTo !== null && !path.endsWith("/moved")) {
    out.writeHead(302, { location: file.redirectTo === "here" ? `${path}/moved` : file.redirectTo }).end();
    return;
  }
  file.downloads += 1;
  out.writeHead(200, {
    "content-type": file.mimetype,
    "content-length": file.bytes.byteLength,
    "content-disposition": `attachment; filename="file"`,
  });
  if (fault?.kind !== "halt") return void out.end(file.bytes);
  out.write(file.bytes.subarray(0, 1));
  void fault.until.then(() => out.end(file.bytes.subarray(1)));
}
