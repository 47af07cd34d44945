import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startVendors } from "../set-up/vendors.ts";
import { startProgram, type Program } from "./program.ts";

/** The end of what is shown once it is ready. */
const END = /  npm run doctor looks at all of it and says what is wrong and what mends it\.\n/;

/** What is shown, from the line with its address on. */
async function bannerOf(program: Program): Promise<string> {
  await expect.poll(() => program.output()).toMatch(END);
  const shown = program.output();
  return shown.slice(shown.indexOf("  Docent is ready"));
}

/** Messages of the log at a level. */
function logged(program: Program, level: string): readonly string[] {
  const lines = program.output().split("\n");
  const entries = lines
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, string>);
  return entries.filter((entry) => entry["level"] === level).map((entry) => entry["message"] ?? "");
}

describe("a start", () => {
  it("says of each part that it works", async () => {
    const { good, addresses } = await startVendors();
    const program = await startProgram({ ...good, ...addresses }, temporaryFolder());
    const banner = await bannerOf(program);
    expect(banner).toMatch(/^ {2}Answers {3}✓ OpenAI, model gpt-6-luna$/m);
    expect(banner).toMatch(/^ {2}Slack {5}✓ by Socket Mode$/m);
    expect(banner).toMatch(/^ {2}Discord {3}✓ by its gateway$/m);
    expect(banner).toMatch(/^ {2}Data {6}✓ \.\/data$/m);
    expect(banner).not.toMatch(/✗|Set-up|not all of it/);
    expect(logged(program, "warn")).toEqual([]);
  });

  it("says that Discord is about to be there where the Message Content Intent is off, and what to click", async () => {
    const { good, addresses } = await startVendors({ discord: { hasMessageContent: false } });
    const { DISCORD_TOKEN } = good;
    const { DISCORD_API_URL } = addresses;
    const program = await startProgram({ DISCORD_TOKEN, DISCORD_API_URL }, temporaryFolder());
    const banner = await bannerOf(program);
    expect(banner).toMatch(
      /^ {2}Discord {3}✗ connecting within seconds, without the Message Content Intent, which is off/m,
    );
    expect(banner).toContain("Developer Portal → your application → Bot → Message Content Intent");
  });

  it("says which keys and tokens are refused, as /readyz does, and what to run", async () => {
    const { addresses } = await startVendors();
    const program = await startProgram(
      {
        ...addresses,
        OPENAI_API_KEY: "sk-wrong-planted-0123456789",
        SLACK_BOT_TOKEN: "xoxb-wrong-planted-0123456789",
        SLACK_APP_TOKEN: "xapp-wrong-planted-0123456789",
        DISCORD_TOKEN: "wrong.planted.0123456789-planted",
      },
      temporaryFolder(),
    );
    const banner = await bannerOf(program);
    expect(banner).toMatch(/^ {2}Docent is ready: \S+ \(but not all of it works: see ✗\)$/m);
    const { parts } = (await (await fetch(`${program.url}/readyz`)).json()) as {
      parts: Readonly<Record<string, { readonly reason?: string }>>;
    };
    for (const [label, part] of Object.entries({ Answers: "openai", Slack: "slack", Discord: "discord" })) {
      const reason = parts[part]?.reason ?? "no reason";
      expect(banner).toMatch(new RegExp(`^ {2}${label} +✗ `, "m"));
      expect(banner).toContain(`✗ ${reason}\n              → npm run setup -- ${part}, or npm run doctor -- ${part}\n`);
    }
    expect(banner).toContain("OpenAI refuses the key");
    expect(banner).toContain(`  Set-up    ${program.url}/setup`);
    expect(logged(program, "warn")).toContain("OpenAI refuses the key: check OPENAI_API_KEY.");
    expect(program.output()).not.toMatch(/planted-0123456789|0123456789-planted/);
  });

  it("does not wait for a vendor that takes its time, and logs what comes of it", async () => {
    const waiting: ServerResponse[] = [];
    const vendor = createServer((_, response) => void waiting.push(response)).listen(0, "127.0.0.1");
    onTestFinished(() => void vendor.close());
    await new Promise((resolve) => vendor.once("listening", resolve));
    const address = vendor.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const env = { OPENAI_API_KEY: "sk-a", OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` };
    const program = await startProgram(env, temporaryFolder());
    const banner = await bannerOf(program);
    expect(banner).toMatch(/^ {2}Answers {3}… OpenAI, model gpt-6-luna; not checked yet, the log tells/m);
    expect(banner).not.toContain("✗");
    await expect.poll(() => waiting).not.toEqual([]);
    for (const response of waiting) {
      response.writeHead(401, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "no", code: "invalid_api_key", type: "x", param: null } }));
    }
    await expect.poll(() => logged(program, "warn")).toEqual(["OpenAI refuses the key: check OPENAI_API_KEY."]);
  });

  it("warns of names in .env that look mistyped, and of nothing that is of other programs", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, ".env"), "OPENAI_MODLE=gpt-6.1-sol\nLANGAUGE=ko\nOURS=1\n", { mode: 0o600 });
    const program = await startProgram({ SLACK_CHANNEL: "C1" }, folder);
    await bannerOf(program);
    expect(logged(program, "warn")).toEqual([
      ".env sets OPENAI_MODLE, which Docent does not read. Rename OPENAI_MODLE to OPENAI_MODEL in .env.",
      ".env sets LANGAUGE, which Docent does not read. Rename LANGAUGE to LANGUAGE in .env.",
    ]);
  });

  it("refuses a folder that cannot be made, and used to wait for it for ever", () => {
    const { status, stderr } = spawnSync(process.execPath, [path.resolve("src/main.ts")], {
      cwd: temporaryFolder(),
      env: { PATH: process.env["PATH"] ?? "", PORT: "0", DATA_DIR: "/proc/nope/deeper" },
      timeout: 20_000,
      encoding: "utf8",
    });
    expect(stderr).toMatch(
      /^DATA_DIR=\/proc\/nope\/deeper cannot be used \(.*\)\. Name a folder that this user may write to\.\n$/,
    );
    expect(status).toBe(1);
  });

  it("says that a password of Postgres is not encoded, and used to take a part of it for the host", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve("src/main.ts")], {
      cwd: temporaryFolder(),
      env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: "postgres://docent:abc@pl4nted/xyz@127.0.0.1:9/docent" },
      timeout: 20_000,
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^ {2}- DATABASE_URL holds a user or password that is not percent-encoded\. /m);
    expect(stdout + stderr).not.toMatch(/abc|pl4nted|xyz/i);
    expect(status).toBe(1);
  });

  it("says that .env is UTF-16, and used to start without what it sets", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, ".env"), Buffer.from("\uFEFFPORT=http\r\n", "utf16le"), { mode: 0o600 });
    const { status, stderr } = spawnSync(process.execPath, [path.resolve("src/main.ts")], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "" },
      timeout: 20_000,
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^ {2}- \.env is encoded as UTF-16, .*Set-Content -Encoding utf8 \.env$/m);
    expect(status).toBe(1);
  });

  it("names every setting that is wrong, and the ways to mend them", () => {
    const { status, stderr } = spawnSync(process.execPath, [path.resolve("src/main.ts")], {
      cwd: temporaryFolder(),
      env: { PATH: process.env["PATH"] ?? "", PORT: "http", SLACK_BOT_TOKEN: "xapp-1-A", SLACK_APP_TOKEN: "xoxb-1-B" },
      timeout: 20_000,
      encoding: "utf8",
    });
    expect(stderr.split("\n")).toEqual([
      "The configuration has 2 problems:",
      "  - SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: put each in the other’s place.",
      "  - PORT must be a whole number from 0 to 65535, without units; it is “http”.",
      "",
      "To go through it step by step: npm run setup. To have it checked: npm run doctor.",
      "",
    ]);
    expect(status).toBe(1);
  });
});
