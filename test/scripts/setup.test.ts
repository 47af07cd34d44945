import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough, Writable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import { createPrompt } from "../../scripts/setup/prompt.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startVendors } from "../set-up/vendors.ts";

const SECRETS = /planted-0123456789|0123456789-planted/;

/** `npm run setup` with these lines piped into it. */
async function run(
  lines: readonly string[],
  options: { env?: Record<string, string>; args?: readonly string[]; cwd?: string } = {},
): Promise<{ code: number | null; output: string; env: () => Record<string, string>; file: string }> {
  const cwd = options.cwd ?? temporaryFolder();
  const child = spawn(process.execPath, [path.resolve("scripts/setup.ts"), ...(options.args ?? [])], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...options.env },
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  const [code, out, err] = await Promise.all([ended, readAll(child.stdout), readAll(child.stderr)]);
  const file = path.join(cwd, ".env");
  return { code, output: out + err, env: () => parse(readFileSync(file)), file };
}

describe("npm run setup", () => {
  it("asks for everything, checks it, and writes it", async () => {
    const { addresses, good, discord } = await startVendors();
    const { OPENAI_API_KEY, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, DISCORD_TOKEN } = good;
    const lines = [OPENAI_API_KEY, "", SLACK_BOT_TOKEN, SLACK_APP_TOKEN, DISCORD_TOKEN];
    const { code, output, env, file } = await run(lines, { env: addresses });
    expect(env()).toEqual(good);
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    expect(output).toContain("Press Install App → Install to Workspace");
    expect(output).toContain("https://discord.com/developers/applications");
    expect(output).toContain("✓ It works, in the workspace Team as @docent.");
    expect(output).toContain(`client_id=${discord.bot.id}`);
    expect(output).toContain("Ready. Start Docent, or start it again: npm start");
    expect(output).not.toMatch(SECRETS);
    expect(code).toBe(0);
  });

  it("asks again for what a vendor refuses", async () => {
    const { addresses, good } = await startVendors();
    const lines = ["xoxb-wrong", "not one at all", good.SLACK_BOT_TOKEN, "xapp-wrong", good.SLACK_APP_TOKEN];
    const { code, output, env } = await run(lines, { env: addresses, args: ["slack"] });
    expect(output).toContain("✗ Slack refuses this token. Please copy it again from OAuth & Permissions.");
    expect(output).toContain("✗ It holds a space");
    expect(env()).toEqual({ SLACK_BOT_TOKEN: good.SLACK_BOT_TOKEN, SLACK_APP_TOKEN: good.SLACK_APP_TOKEN });
    expect(output).not.toContain("OpenAI");
    expect(code).toBe(0);
  });

  it("says what was mistaken for what, names what the app can do without, and what comes next", async () => {
    const { addresses, good } = await startVendors({ slack: { withoutScopes: ["reactions:write"] } });
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = good;
    const lines = [SLACK_APP_TOKEN, `"${SLACK_BOT_TOKEN}"`, SLACK_BOT_TOKEN, ` '${SLACK_APP_TOKEN}' `];
    const { code, output, env } = await run(lines, { env: addresses, args: ["slack"] });
    expect(output).toMatch(
      /SLACK_BOT_TOKEN \[Bot User OAuth Token \(xoxb-…\)\]: \nChecking …\n✗ This is the app-level token\./,
    );
    expect(output).toMatch(/^! It works, .* but the app lacks reactions:write\./m);
    expect(output).toMatch(/SLACK_APP_TOKEN \[App-level token \(xapp-…\)\]: \nChecking …\n✗ This is the bot’s token\./);
    expect(output).toContain("Next: restart Docent, write /invite @docent in a channel, then mention it there.");
    expect(env()).toEqual({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN });
    expect(output).not.toMatch(SECRETS);
    expect(code).toBe(0);
  });

  it("writes nothing when nothing good came, and says so in its exit code", async () => {
    const { addresses } = await startVendors();
    const { code, output, env } = await run(["a.b.c"], { env: addresses, args: ["discord"] });
    expect(output).toContain("✗ Discord refuses this token.");
    expect(output).toContain("Nothing was changed.");
    expect(env).toThrow("ENOENT");
    expect(code).toBe(1);
  });

  it("leaves out what is skipped, and keeps what is set", async () => {
    const { addresses, good } = await startVendors();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, ".env"), `# Mine.\nDISCORD_TOKEN=${good.DISCORD_TOKEN}\n`);
    const { code, output, file } = await run(["", "", ""], { env: addresses, cwd });
    expect(output).toContain("OpenAI: not set up");
    expect(output).toContain("Discord: checked; Enter alone keeps it");
    expect(readFileSync(file, "utf8")).toBe(`# Mine.\nDISCORD_TOKEN=${good.DISCORD_TOKEN}\n`);
    expect(code).toBe(0);
  });

  it("replaces the second token alone", async () => {
    const { addresses, good } = await startVendors();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, ".env"), `SLACK_BOT_TOKEN=${good.SLACK_BOT_TOKEN}\nSLACK_APP_TOKEN=xapp-old\n`);
    const { code, env } = await run(["", good.SLACK_APP_TOKEN], { env: addresses, cwd, args: ["slack"] });
    expect(env()).toEqual({ SLACK_BOT_TOKEN: good.SLACK_BOT_TOKEN, SLACK_APP_TOKEN: good.SLACK_APP_TOKEN });
    expect(code).toBe(0);
  });

  it("takes another model where the usual one is not available", async () => {
    const { addresses, good } = await startVendors();
    const lines = [good.OPENAI_API_KEY, "gpt-9", "gpt-6.1-terra"];
    const { output, env } = await run(lines, { env: addresses, args: ["openai"] });
    expect(output).toContain("✗ The model gpt-9 is not available to this key. Available are: gpt-6-luna");
    expect(env()).toEqual({ OPENAI_API_KEY: good.OPENAI_API_KEY, OPENAI_MODEL: "gpt-6.1-terra" });
  });

  it("speaks Korean where the system does", async () => {
    const { output } = await run(["", "", ""], { env: { LANG: "ko_KR.UTF-8" } });
    expect(output).toContain("Slack: 설정 안 됨");
    expect(output).not.toContain("not set up");
  });

  it("knows no other services", async () => {
    const { code, output } = await run([], { args: ["teams"] });
    expect(output).toContain("There is no teams to set up. Name one of openai, slack, discord");
    expect(code).toBe(2);
  });
});

describe("a question on a terminal", () => {
  it("shows nothing of a secret, and what is typed of everything else", async () => {
    const input = new PassThrough();
    let shown = "";
    const output = new Writable({
      write(chunk: Buffer, _, done) {
        shown += chunk.toString();
        done();
      },
    });
    const prompt = createPrompt({ input, output, isTerminal: true, onInterrupt: () => undefined });
    // Pasted before it is asked for.
    input.write("too-early-secret");
    const secret = prompt.ask("Token: ", { isHidden: true });
    input.write("-and-the-rest\r");
    expect(await secret).toBe("too-early-secret-and-the-rest");
    const model = prompt.ask("Model: ");
    input.write("gpt-6.1\u007f-terra\r");
    expect(await model).toBe("gpt-6.-terra");
    expect(shown).toContain("Token: ");
    expect(shown).toContain("Model: ");
    expect(shown).toContain("terra");
    expect(shown).not.toMatch(/secret|rest/);
    prompt.close();
  });

  it("ends with the input, and tells of Ctrl+C", async () => {
    const input = new PassThrough();
    const output = new Writable({ write: (_chunk, _encoding, done) => done() });
    const interrupted = Promise.withResolvers<void>();
    const prompt = createPrompt({ input, output, isTerminal: true, onInterrupt: () => interrupted.resolve() });
    const answer = prompt.ask("Token: ", { isHidden: true });
    input.write("\u0003");
    await interrupted.promise;
    input.end();
    expect(await answer).toBe(null);
  });
});
