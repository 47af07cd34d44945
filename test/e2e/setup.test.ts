import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startVendors } from "../set-up/vendors.ts";
import { startProgram, visit, type Program } from "./program.ts";

const post = (program: Program, at: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${program.url}/api/setup/${at}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: program.url, ...headers },
    body: JSON.stringify(body),
  });

it("leads a program with no settings to OpenAI, Slack and Discord, and tells no token to anybody", async () => {
  const vendors = await startVendors();
  const folder = temporaryFolder();
  const file = path.join(folder, ".env");
  const env = { LOG_LEVEL: "debug" };
  const addresses = Object.entries(vendors.addresses).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, `# Test servers.\n${addresses.join("")}`, { mode: 0o600 });
  const first = await startProgram(env, folder);
  await expect.poll(() => first.output()).toContain(`${first.url}/setup`);
  // Nothing is sent to an address without a key.
  expect(first.output()).toContain(
    "OPENAI_BASE_URL is set, but nothing uses it as long as OPENAI_API_KEY is not. To set it up: npm run setup -- openai",
  );
  expect(first.output()).toContain("npm run setup -- slack");
  expect(first.output()).toContain("npm run setup -- discord");

  const { OPENAI_API_KEY, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, DISCORD_TOKEN } = vendors.good;
  const answers: string[] = [];
  for (const body of [
    { service: "openai", values: { OPENAI_API_KEY } },
    { service: "slack", values: { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } },
    { service: "discord", values: { DISCORD_TOKEN } },
  ]) {
    const refused = { service: body.service, values: Object.fromEntries(Object.entries(body.values).map(spoil)) };
    const wrong = await post(first, "save", refused);
    const right = await post(first, "save", body);
    expect([wrong.status, right.status]).toEqual([422, 200]);
    answers.push(await wrong.text(), await right.text());
  }
  expect((await post(first, "save", {}, { origin: "http://localhost:1" })).status).toBe(403);
  expect((await post(first, "save", {}, { "x-forwarded-for": "10.0.0.1" })).status).toBe(403);
  answers.push(await (await fetch(`${first.url}/setup`)).text());
  expect(readFileSync(file, "utf8")).toContain(`# Test servers.\n${addresses.join("")}OPENAI_API_KEY=`);
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  await first.stop();

  const second = await startProgram(env, folder);
  const { ready, parts } = (await (await fetch(`${second.url}/readyz`)).json()) as { ready: boolean; parts: object };
  expect({ ready, parts: Object.keys(parts) }).toMatchObject({ ready: true });
  expect(Object.keys(parts)).toEqual(expect.arrayContaining(["openai", "slack", "discord"]));
  const setup = await (await fetch(`${second.url}/api/setup`)).text();
  const { restartNeeded, steps } = JSON.parse(setup) as { restartNeeded: boolean; steps: { state: string }[] };
  expect(restartNeeded).toBe(false);
  expect(steps.map(({ state }) => state)).toEqual(["connected", "connected", "connected"]);
  const answer = await visit(second, "general").ask("Are you there?");
  expect(answer.usage).not.toBe(null);
  await second.stop();
  const told = [first.output(), second.output(), setup, ...answers].join("\n");
  expect(told).toContain("Set-up: written to .env.");
  expect(told).not.toMatch(/planted-0123456789|0123456789-planted/);
});

it("is closed when others may reach the page", async () => {
  const WEB_TOKEN = "a-long-token-of-the-team";
  for (const env of [
    { WEB_TOKEN, HOST: "0.0.0.0" },
    { WEB_TOKEN, HOST: "127.0.0.1" },
  ]) {
    const folder = temporaryFolder();
    const program = await startProgram(env, folder);
    const url = program.url.replace("0.0.0.0", "127.0.0.1");
    const headers = { authorization: `Bearer ${WEB_TOKEN}`, origin: url };
    const body = { service: "discord", values: { DISCORD_TOKEN: "a.b.c" } };
    expect((await post({ ...program, url }, "save", body, headers)).status).toBe(403);
    expect((await fetch(`${url}/api/setup`, { headers })).status).toBe(403);
    expect(program.output()).not.toContain(`${program.url}/setup`);
    await program.stop();
  }
});

/** The same look, and another value. */
function spoil([name, value]: readonly [string, string]): readonly [string, string] {
  return [name, `${value}-x`];
}
