import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { connect, createServer as createTlsServer } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { explainConnection } from "../../src/core/explain-connection.ts";
import { makeCertificate } from "../fixtures/make-certificate.ts";

const PLACE = { service: "Slack", address: "https://slack.test/api/", variable: "SLACK_API_URL" };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => expect.unreachable("it worked"),
    (error: unknown) => error,
  );
}

/** As a client that trusts this certificate meets it. */
async function meet(certificate: ReturnType<typeof makeCertificate>): Promise<unknown> {
  const port = await listen(createTlsServer(certificate, (socket) => socket.end()));
  const socket = connect({ host: "127.0.0.1", port, ca: certificate.cert });
  return await errorOf(once(socket, "secureConnect"));
}

describe("why a service cannot be reached", () => {
  it.for([
    ["a certificate that is over", { days: -1 }, "out_of_date"],
    ["a certificate that is not good yet", { days: 100 }, "out_of_date"],
    ["a certificate for another name", { host: "docent.test" }, "other_name"],
  ] as const)("is told of %s", async ([, change, key]) => {
    const finding = explainConnection("slack.address", await meet(makeCertificate(change)), PLACE);
    expect(finding).toMatchObject({
      subject: "slack.address",
      status: "problem",
      seen: { key: `doctor.connection.${key}`, values: { address: PLACE.address } },
      remedy: { key: `doctor.connection.${key}_remedy`, values: { variable: "SLACK_API_URL" } },
    });
  });

  it("is told of a certificate that nobody vouches for, through fetch and an SDK that keeps the error as its original", async () => {
    const port = await listen(createTlsServer(makeCertificate(), (socket) => socket.end()));
    const error = await errorOf(fetch(`https://127.0.0.1:${port}`));
    const wrapped = Object.assign(new Error("A request error occurred"), { code: "slack_webapi", original: error });
    for (const each of [error, wrapped, new AggregateError([wrapped])]) {
      const { seen } = explainConnection("slack.address", each, PLACE);
      expect(seen).toMatchObject({
        key: "doctor.connection.untrusted",
        values: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      });
    }
  });

  it("is told of a port without TLS", async () => {
    const port = await listen(createServer((_, out) => out.end()));
    const error = await errorOf(fetch(`https://127.0.0.1:${port}`));
    expect(explainConnection("slack.address", error, PLACE).seen.key).toBe("doctor.connection.no_tls");
  });

  it.for([
    ["a connection that is closed", Object.assign(new Error("closed"), { code: "ECONNRESET" })],
    ["a code that is a property of every object", Object.assign(new Error("odd"), { code: "constructor" })],
    ["no error at all", "closed"],
  ] as const)("is left open at %s", ([, error]) => {
    expect(explainConnection("slack.address", error, PLACE)).toMatchObject({
      seen: { key: "doctor.unreachable" },
      remedy: { key: "doctor.unreachable_remedy" },
    });
  });
});
