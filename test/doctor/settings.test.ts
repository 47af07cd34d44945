import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startVendors } from "../set-up/vendors.ts";
import { examine, expectOnly } from "./examine.ts";

const OPENAI = { OPENAI_API_KEY: "sk-planted-0123456789" };
const SLACK = { SLACK_BOT_TOKEN: "xoxb-planted-0123456789", SLACK_APP_TOKEN: "xapp-planted-0123456789" };
const DISCORD = { DISCORD_TOKEN: "cGxhbnRlZA.planted.0123456789-planted" };

describe("the doctor at settings that are wrong", () => {
  it.for([
    [
      "OPENAI_BASE_URL without its protocol",
      "openai",
      "OPENAI_BASE_URL",
      { ...OPENAI, OPENAI_BASE_URL: "llm:8000/v1" },
    ],
    [
      "SLACK_API_URL without its slash",
      "slack",
      "SLACK_API_URL",
      { ...SLACK, SLACK_API_URL: "http://127.0.0.1:9/api" },
    ],
    ["DISCORD_API_URL without its protocol", "discord", "DISCORD_API_URL", { ...DISCORD, DISCORD_API_URL: "local:9" }],
  ] as const)(
    "asks nobody in its place: %s, which used to send the key to the vendor",
    async ([, service, name, env]) => {
      const findings = await examine(env);
      expectOnly(findings, {
        subject: `config.${name}`,
        seen: /would not start/,
        remedy: new RegExp(`Change ${name}`),
      });
      const about = findings.filter(({ subject }) => subject.split(".")[0] === service);
      expect(about.map(({ subject, status, seen }) => [subject, status, seen])).toEqual([
        [service, "skipped", "Not looked at before its settings are mended."],
      ]);
      // The clock is compared with that of a service that is asked anyway.
      expect(findings.find(({ subject }) => subject === "clock")?.status).toBe("skipped");
    },
  );

  it.for([
    ["an effort that it does not take", { REASONING_EFFORT: "none" }, "config.OPENAI_MODEL", /REASONING_EFFORT=none/],
    [
      "a budget without its price",
      { OPENAI_MODEL: "gpt-unpriced", BUDGET_USD_PER_DAY: "5" },
      "config.OPENAI_MODEL",
      /no budget/,
    ],
  ] as const)("asks the model that was chosen, and used to ask another: %s", async ([, change, subject, seen]) => {
    const models = ["gpt-6.1-sol", "gpt-unpriced"];
    const { openai, good, addresses } = await startVendors({ openai: { models } });
    const { OPENAI_API_KEY } = good;
    const { OPENAI_BASE_URL } = addresses;
    const findings = await examine({ OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL: "gpt-6.1-sol", ...change });
    expectOnly(findings, { subject, seen, remedy: /Change .*OPENAI_MODEL/ });
    expect(openai.to("responses.create").map(({ body }) => models.includes(String(body?.["model"])))).toEqual([true]);
  });

  it("says that a password of Postgres is not encoded, and used to show a part of it as the host", async () => {
    const findings = await examine({ DATABASE_URL: "postgres://docent:abc@planted/xyz@127.0.0.1/docent" });
    expectOnly(findings, {
      subject: "config.DATABASE_URL",
      seen: /not percent-encoded\. Write @ as %40/,
      remedy: /Change DATABASE_URL/,
    });
    expect(JSON.stringify(findings)).not.toMatch(/abc|planted|xyz/i);
    expect(findings.filter(({ subject }) => /^store\.(?:postgres|database)/.test(subject))).toMatchObject([
      { subject: "store.postgres", status: "skipped" },
    ]);
  });

  it("says that .env is UTF-16, and used to find its settings valid", async () => {
    const dotenvFile = path.join(temporaryFolder(), ".env");
    writeFileSync(dotenvFile, Buffer.from("\uFEFFOPENAI_API_KEY=sk-planted-0123456789\r\n", "utf16le"), {
      mode: 0o600,
    });
    const findings = await examine({}, { dotenvFile });
    expectOnly(findings, {
      subject: "config.file",
      seen: /\.env is encoded as UTF-16/,
      remedy: /Save \.env as UTF-8, in PowerShell: \(Get-Content \.env\) \| Set-Content -Encoding utf8/,
    });
    expect(findings.filter(({ subject }) => subject === "config")).toEqual([]);
  });

  it.for([
    ["OPENAI_KEY=x", "OPENAI_KEY", /Rename OPENAI_KEY to OPENAI_API_KEY in \.env/],
    ["DISCORD_BOT_TOKEN=x", "DISCORD_BOT_TOKEN", /Rename DISCORD_BOT_TOKEN to DISCORD_TOKEN in \.env/],
    ["SLACK_BOT_USER_OAUTH_TOKEN=x", "SLACK_BOT_USER_OAUTH_TOKEN", /Rename .* to SLACK_BOT_TOKEN in \.env/],
    ["OPENAI_MODEL_NAME=x", "OPENAI_MODEL_NAME", /Rename OPENAI_MODEL_NAME to OPENAI_MODEL in \.env/],
    // Which of two, nobody knows; nor what to do with a second one.
    ["SLACK_TOKEN=x", "SLACK_TOKEN", /Remove SLACK_TOKEN, or look up its right name in \.env\.example/],
    ["OPENAI_MODEL=gpt-6-luna\nOPENAI_MODEL_NAME=x", "OPENAI_MODEL_NAME", /Remove OPENAI_MODEL_NAME, or look up/],
  ] as const)("knows which setting is meant where one has a word more or less: %s", async ([text, name, remedy]) => {
    const dotenvFile = path.join(temporaryFolder(), ".env");
    writeFileSync(dotenvFile, text, { mode: 0o600 });
    expectOnly(await examine({}, { dotenvFile }), {
      subject: `config.${name}`,
      status: "warning",
      seen: new RegExp(`${name}, which Docent does not read`),
      remedy,
    });
  });

  it("says that “~” is not a home, and used to look at a folder of that name", async () => {
    const findings = await examine({ DATA_DIR: "~/docent" });
    expectOnly(findings, { subject: "config.DATA_DIR", seen: /begins with “~”/, remedy: /Change DATA_DIR/ });
    const stores = findings.filter(({ subject }) => subject.startsWith("store"));
    expect(stores).toMatchObject([{ subject: "store", status: "skipped" }]);
  });
});
