import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { text as readAll } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { JsonFinding } from "../../scripts/doctor/render.ts";
import { toCommandDefinitions } from "../../src/bots/discord/commands/command-definitions.ts";
import { startProgram, visit } from "../e2e/program.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startVendors, type Vendors } from "../set-up/vendors.ts";

const SECRETS = /planted-0123456789|0123456789-planted/;

interface Told {
  readonly healthy: boolean;
  readonly findings: readonly JsonFinding[];
}

/** `npm run doctor` in a folder of its own. */
async function run(
  env: Readonly<Record<string, string>>,
  options: { readonly args?: readonly string[]; readonly cwd?: string } = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [path.resolve("scripts/doctor.ts"), ...(options.args ?? [])], {
    cwd: options.cwd ?? temporaryFolder(),
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [code, out, err] = await Promise.all([ended, readAll(child.stdout), readAll(child.stderr)]);
  return { code, output: out + err };
}

async function startHealthy(): Promise<Vendors> {
  const vendors = await startVendors();
  const { slack, discord } = vendors;
  slack.addUser({ id: "U1" });
  slack.addChannel({ id: "C0GENERAL", name: "general", members: ["U1"] });
  const guild = discord.people.guild("Acme");
  discord.people.channel(guild, "general");
  discord.state.app.commands = toCommandDefinitions().map(({ name }, index) => ({
    name,
    id: String(index),
    version: "1",
  }));
  return vendors;
}

describe("npm run doctor", () => {
  it("finds nothing wrong with a healthy installation, and ends with 0", async () => {
    const { good, addresses } = await startHealthy();
    const { code, output } = await run({ ...good, ...addresses });
    expect(output).not.toMatch(/^[✗!]/m);
    expect(output).toMatch(/^✓ openai\.answer: gpt-6-luna answers; this question cost \$0\.0+\d+\.$/m);
    expect(output).toMatch(/^✓ slack\.events\.message\.channels: A message in #general came back/m);
    expect(output).toMatch(/^✓ discord\.gateway: /m);
    expect(output).toMatch(/\n\nNo problem was found\. 0 warnings, \d+ not looked at\.\n$/);
    expect(output).not.toMatch(SECRETS);
    expect(code).toBe(0);
  });

  it("reads .env, shows the remedy below what is wrong, ends with 1 and tells no secret", async () => {
    const { good, addresses } = await startHealthy();
    const cwd = temporaryFolder();
    const wrong = { ...good, ...addresses, SLACK_APP_TOKEN: "xapp-wrong-planted-0123456789" };
    const lines = Object.entries(wrong).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(path.join(cwd, ".env"), lines.join(""), { mode: 0o600 });
    const { code, output } = await run({}, { cwd });
    expect(output).toMatch(/^✗ slack\.socket: Slack refuses the app-level token\.\n {4}→ At api\.slack\.com\/apps/m);
    expect(output).toMatch(/\n1 problem, 0 warnings, \d+ not looked at\. Each line with →/);
    expect(output).not.toMatch(SECRETS);
    expect(code).toBe(1);
  });

  it("ends with 0 when there are warnings only", async () => {
    const { good, addresses, discord } = await startHealthy();
    discord.state.app.commands = [];
    const { DISCORD_TOKEN } = good;
    const { code, output } = await run({ DISCORD_TOKEN, DISCORD_API_URL: addresses.DISCORD_API_URL });
    expect(output).toMatch(/^! discord\.commands: /m);
    expect(code).toBe(0);
  });

  it.for([
    ["healthy", {}, true, 0],
    ["not healthy", { OPENAI_API_KEY: "sk-wrong-planted-0123456789" }, false, 1],
  ] as const)("gives JSON of the same shape when it is %s", async ([, change, healthy, exitCode]) => {
    const { good, addresses } = await startHealthy();
    const { code, output } = await run({ ...good, ...addresses, ...change }, { args: ["--json"] });
    const told = JSON.parse(output) as Told;
    expect(Object.keys(told)).toEqual(["healthy", "findings"]);
    expect([told.healthy, code]).toEqual([healthy, exitCode]);
    for (const finding of told.findings) {
      expect(Object.keys(finding)).toEqual(["subject", "status", "code", "seen", "remedy"]);
      expect(finding.subject).toMatch(/^[A-Za-z0-9_.:]+$/);
      expect(["ok", "warning", "problem", "skipped"]).toContain(finding.status);
      expect(finding.code).toMatch(/^doctor\./);
      expect(finding.seen).not.toMatch(/[{}]|\*\*/);
      expect(finding.remedy ?? "").not.toMatch(/[{}]|\*\*/);
    }
    expect(output).not.toMatch(SECRETS);
  });

  it.for([
    [{ LANG: "ko_KR.UTF-8" }, "잔액이 없거나", "Slack이 설정되지 않았습니다."],
    [{ LANG: "ja_JP.UTF-8" }, "残高がないか", "Slack は未設定です。"],
    [{ LANG: "ko_KR.UTF-8", LANGUAGE: "en" }, "no credit left", "Slack is not set up."],
    [{ LANG: "de_DE.UTF-8" }, "no credit left", "Slack is not set up."],
  ] as const)("speaks the language of whoever runs it: %s", async ([env, credit, slack]) => {
    const { good, addresses, openai } = await startHealthy();
    openai.faults.add("responses.create", { kind: "error", code: "credit_balance_exhausted" }, { rate: 1 });
    const { OPENAI_API_KEY } = good;
    const { output } = await run({ OPENAI_API_KEY, OPENAI_BASE_URL: addresses.OPENAI_BASE_URL, ...env });
    expect(output).toContain(credit);
    expect(output).toContain(slack);
  });

  it.for([
    ["an unknown option", ["--verbose"], /^Unknown option '--verbose'/, 2],
    ["an unknown service", ["slack", "teams"], /^There is no teams to look at\./, 2],
    ["--help", ["--help"], /^npm run doctor -- \[openai\]/, 0],
    ["-h beside others", ["slack", "-h"], /^npm run doctor -- \[openai\]/, 0],
  ] as const)("tells how it is called, without asking anybody: %s", async ([, args, begin, exitCode]) => {
    const { good, addresses, openai, slack } = await startHealthy();
    const { code, output } = await run({ ...good, ...addresses }, { args });
    expect(output).toMatch(begin);
    expect(output).toContain("npm run doctor -- [openai] [slack] [discord] [--json] [--no-posts] [--help]\n");
    expect(code).toBe(exitCode);
    expect([...openai.requests, ...slack.world.calls]).toEqual([]);
  });

  it("looks at the settings and one service alone, where it is named", async () => {
    const { good, addresses, openai } = await startHealthy();
    const env = { ...good, ...addresses, OPENAI_API_KEY: "sk-wrong-planted-0123456789", LOG_LEVEL: "loud" };
    const { code, output } = await run(env, { args: ["slack", "--json"] });
    const { findings } = JSON.parse(output) as Told;
    const parts = new Set(findings.map(({ subject }) => subject.split(".")[0]));
    expect([...parts]).toEqual(["config", "slack"]);
    expect(findings[0]).toMatchObject({ subject: "config.LOG_LEVEL", status: "problem" });
    expect(findings.filter(({ subject }) => subject.startsWith("slack.events."))).not.toEqual([]);
    expect(openai.requests).toEqual([]);
    expect(code).toBe(1);
  });

  it("says what the Docent that runs says of that service, and where to look for what mends it", async () => {
    const { addresses } = await startVendors();
    const OPENAI_API_KEY = "sk-wrong-planted-0123456789";
    const env = { OPENAI_API_KEY, OPENAI_BASE_URL: addresses.OPENAI_BASE_URL, DATA_DIR: temporaryFolder() };
    const program = await startProgram(env);
    const { output } = await run({ ...env, PORT: new URL(program.url).port }, { args: ["openai"] });
    expect(output).toContain(
      "! web.openai: The Docent that runs says of openai: OpenAI refuses the key: check OPENAI_API_KEY.\n" +
        "    → See the lines below that begin with openai. Where all of them are ok, restart Docent: it still runs with older settings.\n" +
        "✗ openai.key: The server at http://127.0.0.1:",
    );
  });

  it("works beside a Docent on the same data, which goes on answering", async () => {
    const { good, addresses, slack } = await startHealthy();
    const env = { ...good, ...addresses, DATA_DIR: temporaryFolder() };
    const program = await startProgram(env);
    await slack.until(() => slack.sockets.connections.length === 2);
    const { code, output } = await run({ ...env, PORT: new URL(program.url).port });
    expect(output).toMatch(
      new RegExp(`^✓ store\\.holder: Docent runs on this folder \\(process ${program.pid}\\)`, "m"),
    );
    expect(output).toMatch(/^✓ web\.port: Docent runs at http/m);
    expect(output).toMatch(/^✓ slack\.events\.message\.channels: /m);
    expect(output).not.toMatch(/^✗/m);
    expect(code).toBe(0);
    const other = await run({ ...env, PORT: new URL(program.url).port, DATA_DIR: temporaryFolder() });
    expect(other.output).toMatch(/^! web\.other: The Docent at .* does not run on .*\n {4}→ Run the doctor where/m);
    const page = visit(program, "after");
    expect((await page.ask("Are you there?")).author).toBe("docent");
    expect(slack.sockets.connections).toHaveLength(2);
  });
});
