import { describe, expect, it } from "vitest";
import { createRedact } from "../src/redact.ts";

const redact = createRedact([]);

describe("what looks like a secret", () => {
  it.for([
    ["an OpenAI key", "refused sk-proj-PLANTED_1234 today", "refused [secret] today"],
    ["a Slack bot token", "with xoxb-1234-PLANTED", "with [secret]"],
    ["a rotated Slack token", "with xoxe.xoxp-1-PLANTED", "with [secret]"],
    ["a Slack app token", "with xapp-1-A1-PLANTED", "with [secret]"],
    [
      "a response_url",
      "POST https://hooks.slack.com/commands/T1/2/PLANTED failed",
      "POST https://hooks.slack.com/[secret] failed",
    ],
    [
      "the address of a socket",
      "wss://wss-primary.slack.com/link/?ticket=PLANTED-1&app_id=a",
      "wss://wss-primary.slack.com/link/?ticket=[secret]&app_id=a",
    ],
    [
      "a Discord token",
      "MTIzNDU2Nzg5MDEyMzQ1Njc4.GPLANT.PLANTED-PLANTED-PLANTED-PLANTED was refused",
      "[secret] was refused",
    ],
    [
      "the token of an interaction",
      "/interactions/1234567890123456/aW50ZXJhY3Rpb246UExBTlRFRA/callback",
      "/interactions/1234567890123456/[secret]/callback",
    ],
    [
      "the address of a file of Discord",
      "https://cdn.discordapp.com/a/b/f.pdf?ex=1&is=2&hm=PLANTED&",
      "https://cdn.discordapp.com/a/b/f.pdf?ex=1&is=2&hm=[secret]&",
    ],
    [
      "a signed address of S3",
      "https://b.s3.amazonaws.com/k?X-Amz-Credential=PLANTED%2F1&X-Amz-Date=2026&X-Amz-Signature=PLANTED",
      "https://b.s3.amazonaws.com/k?X-Amz-Credential=[secret]&X-Amz-Date=2026&X-Amz-Signature=[secret]",
    ],
    [
      "a signature of S3",
      "AWS4-HMAC-SHA256 Credential=PLANTED/2026/s3, SignedHeaders=host, Signature=PLANTED",
      "AWS4-HMAC-SHA256 Credential=[secret], SignedHeaders=host, Signature=[secret]",
    ],
    ["a bearer token", "sent Bearer PLANTED.1234", "sent Bearer [secret]"],
    ["a user and password", "sent Basic UExBTlRFRDE6UExBTlRFRA==", "sent Basic [secret]"],
    ["a header", "Authorization: Digest PLANTED\nnext", "Authorization: [secret]\nnext"],
    ["a header in JSON", '{"authorization":"Bot PLANTED","x":1}', '{"authorization":"[secret]","x":1}'],
    ["a cookie", "Cookie: theme=dark; docent_session=1.PLANTED", "Cookie: [secret]"],
    ["a session alone", "docent_session=1.PLANTED; Path=/", "docent_session=[secret]; Path=/"],
    ["a password in an address", "postgres://docent:PLANTED@db/docent", "postgres://[secret]@db/docent"],
    [
      "a key in an address",
      "https://gateway.example/v1?api-key=PLANTED",
      "https://gateway.example/v1?api-key=[secret]",
    ],
  ] as const)("is blacked out: %s", ([, line, expected]) => {
    expect(redact(line)).toBe(expected);
  });

  it.for([
    "Open api.slack.com/apps → your app → Basic Information → App-Level Tokens.",
    "Send WEB_TOKEN as a bearer token.",
    "Slack refused files.info: the app lacks the scope files:read.",
    "A question of web:general took 3 s; see https://example.com/page?page=2&sort=name.",
    "DISCORD_TOKEN is not valid any more: set a new one.",
  ])("is not found in our own words: %s", (line) => {
    expect(redact(line)).toBe(line);
  });
});

describe("a known secret", () => {
  it.for([
    ["as it is", 'x p"a\\ss%/1 y'],
    ["within JSON", `x ${JSON.stringify('p"a\\ss%/1').slice(1, -1)} y`],
    ["within an address", `x ${encodeURIComponent('p"a\\ss%/1')} y`],
  ] as const)("is blacked out %s", ([, line]) => {
    expect(createRedact(['p"a\\ss%/1'])(line)).toBe("x [secret] y");
  });

  it("that came out of an address is blacked out as it reads", () => {
    expect(createRedact(["p%40ss-word"])("the password p@ss-word")).toBe("the password [secret]");
  });

  it("is blacked out whole when another one is its beginning", () => {
    expect(createRedact(["hunter", "hunter2-more"])("hunter2-more, hunter")).toBe("[secret], [secret]");
  });
});
