import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { auth, findPlanted, listen, NOISE, OPENAI_KEY, startMirror } from "./planted-secrets.ts";
import { startProgram, visit } from "./program.ts";

const bucket = {
  BLOB_URL: "s3+MIRROR/files",
  S3_ACCESS_KEY_ID: "pl4nted-access-key",
  S3_SECRET_ACCESS_KEY: "pl4nted-secret-key",
  S3_SESSION_TOKEN: "pl4nted-session-token",
};
const byHttp = {
  SLACK_BOT_TOKEN: "xoxb-pl4nted-bot",
  SLACK_SIGNING_SECRET: "pl4nted-signing-secret",
  SLACK_API_URL: "MIRROR/",
};
const CASES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["an address of Postgres with nobody there", { DATABASE_URL: "postgres://docent:pl4nted%40pw@127.0.0.1:9/docent" }],
  ["an address of Postgres that is none", { DATABASE_URL: "postgres://docent:pl4nted@127.0.0.1:9:9/docent" }],
  ["a bucket that quotes every request", bucket],
  ["an address of OpenAI with a password in it", { OPENAI_BASE_URL: "http://user:pl4nted@127.0.0.1:9/v1" }],
  ["a signing secret of Slack, and forged requests", byHttp],
  ["malformed values", { SLACK_BOT_TOKEN: "pl4nted", SLACK_APP_TOKEN: "pl4nted", DISCORD_TOKEN: "pl4nted token" }],
];

/** All that a program with these settings tells, whether it starts or not. */
async function tellAll(change: Readonly<Record<string, string>>): Promise<string> {
  const mirror = await startMirror(403);
  const changes = Object.entries(change).map(([name, value]) => [name, value.replace("MIRROR", mirror.url)]);
  const env: Record<string, string> = {
    ...NOISE,
    LOG_FORMAT: "pretty",
    DATA_DIR: temporaryFolder(),
    OPENAI_API_KEY: OPENAI_KEY,
    OPENAI_BASE_URL: mirror.url,
    ...Object.fromEntries(changes),
  };
  const lines: string[] = [];
  try {
    const program = await startProgram(env);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", "another").update(`v0:${timestamp}:{}`).digest("hex");
    const headers = { "x-slack-signature": `v0=${signature}`, "x-slack-request-timestamp": timestamp };
    await fetch(`${program.url}/slack/events`, { method: "POST", headers, body: "{}" });
    const file = { name: "notes.txt", bytes: Buffer.from("A laptop may be borrowed for 14 days.") };
    const { body } = await visit(program, "general", auth).post("How long may a laptop be borrowed?", [file]);
    lines.push(JSON.stringify(body), await listen(program));
    await program.stop();
    lines.push(program.output());
  } catch (error) {
    // A program that does not start says why.
    lines.push(error instanceof Error ? error.message : String(error));
  }
  return lines.join("\n");
}

// All at once: one of them waits for a database as long as the program does.
it(
  "tells no secret of its settings, at the debug level, whatever is wrong with them",
  { timeout: 90_000 },
  async () => {
    const told = await Promise.all(CASES.map(async ([label, change]) => [label, await tellAll(change)] as const));
    expect(told.filter(([, text]) => text.length <= 100)).toEqual([]);
    const planted = told.map(([label, text]) => [label, findPlanted(text)]);
    expect(planted).toEqual(CASES.map(([label]) => [label, []]));
  },
);
