import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { complaintsOf, examine } from "./examine.ts";

/** What stands in a vendor's place behind a wrong address, a proxy or a sign-in page. */
const ODD: readonly (readonly [name: string, listener: RequestListener])[] = [
  ["a page with 200", (_, out) => out.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>")],
  ["an empty object", (_, out) => out.writeHead(200, { "content-type": "application/json" }).end("{}")],
  ["a list", (_, out) => out.writeHead(200, { "content-type": "application/json" }).end("[]")],
  ["nothing but 404", (_, out) => out.writeHead(404, { "content-type": "application/json" }).end("{}")],
  ["nothing but 500", (_, out) => out.writeHead(500, { "content-type": "text/plain" }).end("Oh")],
  ["a connection that is closed at once", ({ socket }) => void socket.destroy()],
];

describe("the doctor at servers that are not the vendors’", () => {
  it.for(ODD)("names each that gives %s, and goes on to the next", async ([, listener]) => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const findings = await examine({
      OPENAI_API_KEY: "sk-planted-0123456789",
      OPENAI_BASE_URL: `${url}/v1`,
      SLACK_BOT_TOKEN: "xoxb-planted-0123456789",
      SLACK_APP_TOKEN: "xapp-planted-0123456789",
      SLACK_API_URL: `${url}/api/`,
      DISCORD_TOKEN: "cGxhbnRlZA.planted.0123456789",
      DISCORD_API_URL: `${url}/api`,
    });
    const problems = complaintsOf(findings).filter(({ status }) => status === "problem");
    const parts = problems.map(({ subject }) => subject.split(".")[0]);
    expect([...new Set(parts)]).toEqual(["openai", "slack", "discord"]);
    for (const { seen, remedy } of problems) {
      expect(seen).not.toMatch(/undefined|null|<html|planted/);
      expect(remedy).not.toBeNull();
    }
  });
});
