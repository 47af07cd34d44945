import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeCertificate } from "../fixtures/make-certificate.ts";
import { examine, expectOnly } from "./examine.ts";

const OPENAI_API_KEY = "sk-planted-0123456789";
const answer: RequestListener = (_, out) => void out.end("{}");
const circle: RequestListener = ({ url = "/" }, out) => void out.writeHead(302, { location: url }).end();

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("the doctor at an address of OpenAI where no connection comes about", () => {
  it.for([
    [
      "a certificate that this machine does not trust",
      () => createTlsServer(makeCertificate(), answer),
      "https",
      /not one that Docent trusts \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      /NODE_EXTRA_CA_CERTS=FILE .*NODE_USE_SYSTEM_CA=1/,
    ],
    [
      "https at a port of http",
      () => createServer(answer),
      "https",
      /does not speak TLS/,
      /http:\/\/ for https:\/\/ in OPENAI_BASE_URL/,
    ],
    [
      "a page that sends on to itself",
      () => createServer(circle),
      "http",
      /sent on without end/,
      /proxy .*OPENAI_BASE_URL/,
    ],
  ] as const)("names %s", async ([, create, protocol, seen, remedy]) => {
    const port = await listen(create());
    const OPENAI_BASE_URL = `${protocol}://127.0.0.1:${port}/v1`;
    expectOnly(await examine({ OPENAI_API_KEY, OPENAI_BASE_URL }), { subject: "openai.address", seen, remedy });
  });

  it("names a name that nobody knows", async () => {
    const OPENAI_BASE_URL = "https://docent.invalid/v1";
    expectOnly(await examine({ OPENAI_API_KEY, OPENAI_BASE_URL }), {
      subject: "openai.address",
      seen: /that name is not known \((?:ENOTFOUND|EAI_AGAIN)\)/,
      remedy: /the name in OPENAI_BASE_URL/,
    });
  });

  it("names a password in the address, with which nothing can be sent, and does not tell it", async () => {
    const findings = await examine({ OPENAI_API_KEY, OPENAI_BASE_URL: "http://me:planted@127.0.0.1:9/v1" });
    expectOnly(findings, {
      subject: "config.OPENAI_BASE_URL",
      seen: /must hold no user or password/,
      remedy: /Change OPENAI_BASE_URL/,
    });
    expect(JSON.stringify(findings)).not.toContain("planted");
  });
});
