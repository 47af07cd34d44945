import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import type { FieldVerdict, Service, SetupValues } from "../../src/core/ports/setup.ts";
import { refusalText } from "../../src/core/set-up/refusal-text.ts";
import { text } from "../../src/core/texts/text.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { createInstallation } from "./installation.ts";
import { startVendors, type Vendors } from "./vendors.ts";

const say = (verdicts: readonly FieldVerdict[]): string[] =>
  verdicts.map(({ variable, state, sentence: { key, values } }) => `${variable} ${state}: ${text(key, "en", values)}`);

describe("a check", () => {
  it.for([
    ["a good key", "openai", { OPENAI_API_KEY: "good" }, ["good: The key works.", "good: gpt-6-luna is available."]],
    ["a wrong key", "openai", { OPENAI_API_KEY: "sk-wrong" }, ["problem: OpenAI refuses this key"]],
    [
      "a model that the key may not use",
      "openai",
      { OPENAI_API_KEY: "good", OPENAI_MODEL: "gpt-9" },
      ["good: The key works.", "problem: The model gpt-9 is not available to this key. Available are: gpt-6-luna"],
    ],
    ["a key with a space", "openai", { OPENAI_API_KEY: "sk-a b" }, ["problem: It holds a space"]],
    ["a key cut short with dots", "openai", { OPENAI_API_KEY: "sk-a…" }, ["problem: It holds a space or a character"]],
    [
      "good tokens of Slack",
      "slack",
      { SLACK_BOT_TOKEN: "good", SLACK_APP_TOKEN: "good" },
      ["good: It works, in the workspace Team as @docent.", "good: Socket Mode works."],
    ],
    [
      "tokens of Slack in each other's place",
      "slack",
      { SLACK_BOT_TOKEN: "xapp-1", SLACK_APP_TOKEN: "xoxb-1" },
      ["problem: The two tokens are swapped", "problem: The two tokens are swapped"],
    ],
    [
      "Slack’s app token for the bot’s",
      "slack",
      { SLACK_BOT_TOKEN: "xapp-1" },
      ["problem: This is the app-level token"],
    ],
    ["Slack’s bot token for the app’s", "slack", { SLACK_APP_TOKEN: "xoxb-1" }, ["problem: This is the bot’s token"]],
    [
      "a key of OpenAI for Slack’s token",
      "slack",
      { SLACK_BOT_TOKEN: "sk-1" },
      ["problem: The bot’s token begins with"],
    ],
    [
      "a token of Slack that rotates",
      "slack",
      { SLACK_BOT_TOKEN: "xoxe.xoxb-1" },
      ["problem: This token is of an app with token rotation and lasts twelve hours"],
    ],
    [
      "wrong tokens of Slack",
      "slack",
      { SLACK_BOT_TOKEN: "xoxb-wrong", SLACK_APP_TOKEN: "xapp-wrong" },
      [
        "problem: Slack refuses this token. Please copy it again from **OAuth",
        "problem: Slack refuses this token. Please copy it again from **Basic",
      ],
    ],
    ["a good token of Discord", "discord", { DISCORD_TOKEN: "good" }, ["good: It works, as Docent."]],
    ["a wrong token of Discord", "discord", { DISCORD_TOKEN: "a.b.c" }, ["problem: Discord refuses this token"]],
    ["Discord's application id", "discord", { DISCORD_TOKEN: "1575672103510736896" }, ["problem: A bot’s token has"]],
  ] as const)("says what the vendor says of %s", async ([, service, values, sentences]) => {
    const vendors = await startVendors();
    const { setup, text: written } = createInstallation(vendors.addresses);
    const verdicts = say(await setup.check(service, fill(values, vendors)));
    expect(verdicts).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
    expect(written()).toBe(null);
  });

  it("names the scopes that the app lacks, and those it can do without", async () => {
    const vendors = await startVendors({ slack: { withoutScopes: ["files:read", "users:read"] } });
    const { setup } = createInstallation(vendors.addresses);
    const values = fill({ SLACK_BOT_TOKEN: "good" }, vendors);
    expect(say(await setup.check("slack", values))).toEqual([
      expect.stringContaining("problem: The app lacks files:read, users:read. Add that under"),
    ]);
    vendors.slack.world.scopes.add("files:read").add("users:read").delete("reactions:write");
    expect(say(await setup.check("slack", values))).toEqual([
      expect.stringMatching(/warning: It works, in the workspace Team as @docent, but the app lacks reactions:write\./),
    ]);
  });

  it("refuses tokens of two apps of Slack", async () => {
    const vendors = await startVendors({ slack: { socketAppId: "A0OTHER" } });
    const { setup, text: written } = createInstallation(vendors.addresses);
    const values = fill({ SLACK_BOT_TOKEN: "good", SLACK_APP_TOKEN: "good" }, vendors);
    expect(say(await setup.check("slack", values))).toEqual([
      expect.stringContaining("SLACK_BOT_TOKEN good"),
      expect.stringContaining("SLACK_APP_TOKEN problem: This token is of the app A0OTHER, the bot’s token of A0DOCENT"),
    ]);
    expect((await setup.save("slack", values)).saved).toBe(false);
    expect(written()).toBe(null);
  });

  it("refuses an app of Slack whose Socket Mode is switched off", async () => {
    const vendors = await startVendors({ slack: { isSocketModeOn: false } });
    const { setup, text: written } = createInstallation(vendors.addresses);
    const values = fill({ SLACK_BOT_TOKEN: "good", SLACK_APP_TOKEN: "good" }, vendors);
    expect(say(await setup.check("slack", values))).toContainEqual(
      expect.stringMatching(/SLACK_APP_TOKEN problem: Socket Mode is switched off.*Enable Socket Mode/),
    );
    expect((await setup.save("slack", values)).saved).toBe(false);
    expect(written()).toBe(null);
  });

  it("takes Slack’s tokens with a warning where no WebSocket comes through, and leaves none open", async () => {
    const vendors = await startVendors();
    const { setup } = createInstallation(vendors.addresses);
    const values = fill({ SLACK_APP_TOKEN: "good" }, vendors);
    expect(say(await setup.check("slack", values))).toEqual(["SLACK_APP_TOKEN good: Socket Mode works."]);
    await vendors.slack.until(() => vendors.slack.sockets.connections.length === 0);
    vendors.slack.sockets.refuseLinks(502);
    expect(say(await setup.check("slack", values))).toEqual([
      expect.stringContaining("SLACK_APP_TOKEN warning: Slack takes this token, but no WebSocket"),
    ]);
  });

  it("gives Discord's invite, and tells of the intent that is off", async () => {
    const vendors = await startVendors({ discord: { hasMessageContent: false } });
    const { setup } = createInstallation(vendors.addresses);
    const [verdict] = await setup.check("discord", fill({ DISCORD_TOKEN: "good" }, vendors));
    expect(verdict).toMatchObject({ state: "warning", sentence: { key: "setup.discord.no_content" } });
    const invite = new URL(verdict?.link?.url ?? "");
    expect(invite.origin + invite.pathname).toBe("https://discord.com/oauth2/authorize");
    expect(Object.fromEntries(invite.searchParams)).toEqual({
      client_id: vendors.discord.bot.id,
      scope: "bot applications.commands",
      permissions: String((1n << 6n) | (1n << 10n) | (1n << 11n) | (1n << 16n) | (1n << 38n)),
    });
  });

  it("does not send to Discord what cannot be a token", async () => {
    const vendors = await startVendors();
    await createInstallation(vendors.addresses).setup.check("discord", { DISCORD_TOKEN: "not a token" });
    expect(vendors.discord.requests).toEqual([]);
  });

  it.for([
    ["Slack", "xoxb-planted-0123456789"],
    ["Slack", "xapp-planted-0123456789"],
    ["Discord", `${"A".repeat(26)}.Gabcde.${"x".repeat(38)}`],
  ] as const)("sends OpenAI no token of %s", async ([service, token]) => {
    const vendors = await startVendors();
    const { setup, text: written } = createInstallation(vendors.addresses);
    const [told, ...others] = say(await setup.check("openai", { OPENAI_API_KEY: token }));
    expect(told).toContain(`OPENAI_API_KEY problem: This is a token of ${service}, so it was not sent to OpenAI.`);
    expect(others).toEqual([]);
    const result = await setup.save("openai", { OPENAI_API_KEY: token });
    expect(result).toMatchObject({ saved: false, reason: { key: "setup.openai.not_its_own" } });
    expect(vendors.openai.requests).toEqual([]);
    expect(written()).toBe(null);
  });

  it.for(['"KEY"', "'KEY'", "`KEY`", "“KEY”", " \tKEY\r\n", ' "KEY" ', "\u200BKEY\uFEFF"])(
    "takes a key without what was copied with it: %j",
    async (pasted) => {
      const vendors = await startVendors();
      const { setup, text: written } = createInstallation(vendors.addresses);
      const { OPENAI_API_KEY } = vendors.good;
      const values = { OPENAI_API_KEY: pasted.replace("KEY", OPENAI_API_KEY) };
      expect(say(await setup.check("openai", values))).toContain("OPENAI_API_KEY good: The key works.");
      expect((await setup.save("openai", values)).saved).toBe(true);
      expect(written()).toBe(`OPENAI_API_KEY=${OPENAI_API_KEY}\n`);
    },
  );

  it("says who cannot be reached", async () => {
    const nowhere = "http://127.0.0.1:1/";
    const addresses = { OPENAI_BASE_URL: nowhere, SLACK_API_URL: nowhere, DISCORD_API_URL: nowhere };
    const { setup } = createInstallation(addresses);
    const verdicts = await Promise.all([
      setup.check("openai", { OPENAI_API_KEY: "sk-a" }),
      setup.check("slack", { SLACK_BOT_TOKEN: "xoxb-a", SLACK_APP_TOKEN: "xapp-a" }),
      setup.check("discord", { DISCORD_TOKEN: "a.b.c" }),
    ]);
    expect(say(verdicts.flat())).toEqual(
      [
        "OPENAI_API_KEY problem: OpenAI",
        "SLACK_BOT_TOKEN problem: Slack",
        "SLACK_APP_TOKEN problem: Slack",
        "DISCORD_TOKEN problem: Discord",
      ].map((begin) => expect.stringContaining(`${begin} cannot be reached`)),
    );
  });
});

describe("saving", () => {
  it("writes what was checked, and keeps every other line", async () => {
    const vendors = await startVendors();
    const { setup, file, text: written, mode } = createInstallation(vendors.addresses);
    writeFileSync(file, "# Ours.\nPORT=4000 # the usual one\nOPENAI_API_KEY=\n\nLOG_LEVEL=debug\n");
    chmodSync(file, 0o644);
    const result = await setup.save("openai", fill({ OPENAI_API_KEY: "good", OPENAI_MODEL: "gpt-6-luna" }, vendors));
    expect(result.saved).toBe(true);
    // The model is the default: nothing has to be written for it.
    expect(written()).toBe(
      `# Ours.\nPORT=4000 # the usual one\nOPENAI_API_KEY=${vendors.good.OPENAI_API_KEY}\n\nLOG_LEVEL=debug\n`,
    );
    expect(mode()).toBe("600");
  });

  it.for([
    ["a wrong key", "openai", { OPENAI_API_KEY: "sk-wrong" }, "setup.openai.refused"],
    ["half of Slack", "slack", { SLACK_BOT_TOKEN: "good" }, "setup.incomplete"],
    [
      "one wrong half of Slack",
      "slack",
      { SLACK_BOT_TOKEN: "good", SLACK_APP_TOKEN: "xapp-no" },
      "setup.slack.app_refused",
    ],
    ["nothing", "discord", { DISCORD_TOKEN: " " }, "setup.incomplete"],
    ["a token of another service", "discord", { OPENAI_API_KEY: "good" }, "setup.incomplete"],
  ] as const)("writes nothing for %s", async ([, service, values, reason]) => {
    const vendors = await startVendors();
    const { setup, text: written } = createInstallation(vendors.addresses);
    const result = await setup.save(service, fill(values, vendors));
    expect(result).toMatchObject({ saved: false, reason: { key: reason } });
    expect(written()).toBe(null);
  });

  it.for([
    ["en", "Still missing: App-level token (xapp-…)."],
    ["ko", "아직 없는 값: 앱 수준 토큰(xapp-…)."],
    ["ja", "まだ入力されていません: アプリレベルトークン（xapp-…）。"],
  ] as const)("names what is missing as its field does: %s", async ([locale, sentence]) => {
    const vendors = await startVendors();
    const { setup } = createInstallation(vendors.addresses);
    const result = await setup.save("slack", fill({ SLACK_BOT_TOKEN: "good" }, vendors));
    if (result.saved) throw new Error("Half of Slack was saved.");
    expect(refusalText(result, locale)).toBe(sentence);
  });

  it("takes an app that lacks what it can do without, and names that", async () => {
    const vendors = await startVendors({ slack: { withoutScopes: ["reactions:write"] } });
    const { setup } = createInstallation(vendors.addresses);
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = vendors.good;
    const result = await setup.save("slack", { SLACK_BOT_TOKEN, SLACK_APP_TOKEN });
    expect([result.saved, ...say(result.verdicts)]).toEqual([
      true,
      expect.stringMatching(/SLACK_BOT_TOKEN warning: .* but the app lacks reactions:write\. To have everything/),
      "SLACK_APP_TOKEN good: Socket Mode works.",
    ]);
    const [, slack] = await setup.steps();
    expect(slack).toMatchObject({ state: "connected", fields: [{ verdict: { state: "warning" } }, {}] });
  });

  it("writes nothing with which Docent would not start", async () => {
    const vendors = await startVendors();
    const { setup, file, text: written } = createInstallation({ OPENAI_BASE_URL: vendors.openai.url });
    writeFileSync(file, "BUDGET_USD_PER_DAY=5\n");
    const values = fill({ OPENAI_API_KEY: "good", OPENAI_MODEL: "gpt-unpriced" }, vendors);
    const result = await setup.save("openai", values);
    expect(result).toMatchObject({ saved: false, reason: { key: "setup.settings" } });
    expect(JSON.stringify(result)).toContain("the price of OPENAI_MODEL=gpt-unpriced is not known");
    expect(written()).toBe("BUDGET_USD_PER_DAY=5\n");
  });

  it("does not write what the environment would overrule", async () => {
    const vendors = await startVendors();
    const { setup, text: written } = createInstallation({ ...vendors.addresses, OPENAI_API_KEY: "" });
    const result = await setup.save("openai", fill({ OPENAI_API_KEY: "good" }, vendors));
    expect(result).toMatchObject({ saved: false, reason: { key: "setup.shadowed" } });
    expect(written()).toBe(null);
  });

  it("says so when the file cannot be written", async () => {
    const vendors = await startVendors();
    const { setup } = createInstallation(vendors.addresses, path.join(temporaryFolder(), "gone"));
    const result = await setup.save("discord", fill({ DISCORD_TOKEN: "good" }, vendors));
    expect(result).toMatchObject({
      saved: false,
      reason: { key: "setup.not_written", values: { reason: "ENOENT" } },
    });
  });

  it("replaces one token and keeps the other", async () => {
    const vendors = await startVendors();
    const { setup, file, text: written } = createInstallation(vendors.addresses);
    writeFileSync(file, `SLACK_BOT_TOKEN=${vendors.good.SLACK_BOT_TOKEN}\nSLACK_APP_TOKEN=xapp-old\n`);
    expect((await setup.save("slack", fill({ SLACK_APP_TOKEN: "good" }, vendors))).saved).toBe(true);
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = vendors.good;
    expect(parse(written() ?? "")).toEqual({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN });
  });

  it("asks for no app-level token where Slack comes by HTTP", async () => {
    const vendors = await startVendors();
    const { setup, file, text: written } = createInstallation(vendors.addresses);
    writeFileSync(file, "SLACK_SIGNING_SECRET=0123456789\nSLACK_BOT_TOKEN=xoxb-old\n");
    const result = await setup.save("slack", fill({ SLACK_BOT_TOKEN: "good", SLACK_APP_TOKEN: "good" }, vendors));
    expect(result.saved).toBe(true);
    expect(Object.keys(parse(written() ?? ""))).toEqual(["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"]);
  });

  it("never tells or logs a value", async () => {
    const vendors = await startVendors();
    const { setup, logged } = createInstallation(vendors.addresses);
    const told: unknown[] = [];
    for (const [service, values] of everything(vendors)) {
      told.push(await setup.check(service, values), await setup.save(service, values));
    }
    told.push(await setup.steps());
    expect(logged).toHaveLength(3);
    expect(JSON.stringify(told)).toContain("gpt-6-luna");
    expect(JSON.stringify([told, logged])).not.toMatch(/planted-0123456789|0123456789-planted/);
  });
});

describe("what is set up", () => {
  it("is nothing at first, with what to do for each", async () => {
    const vendors = await startVendors();
    const { setup } = createInstallation(vendors.addresses);
    const steps = await setup.steps();
    expect(steps.map(({ service, state }) => [service, state])).toEqual([
      ["openai", "missing"],
      ["slack", "missing"],
      ["discord", "missing"],
    ]);
    const [, slack] = steps;
    const link = new URL(slack?.guide[0]?.link ?? "");
    expect(link.origin + link.pathname).toBe("https://api.slack.com/apps");
    expect(link.searchParams.get("new_app")).toBe("1");
    expect(JSON.parse(link.searchParams.get("manifest_json") ?? "")).toEqual(JSON.parse(slack?.manifest ?? ""));
    expect(vendors.openai.requests).toEqual([]);
  });

  it("is connected once it is saved, and used after a restart", async () => {
    const vendors = await startVendors();
    const { setup, file } = createInstallation(vendors.addresses);
    expect(setup.isRestartNeeded()).toBe(false);
    for (const [service, values] of everything(vendors)) await setup.save(service, values);
    const saved = await setup.steps();
    const states = saved.map(({ state, isRunning }) => `${state} ${isRunning}`);
    expect(states).toEqual(["connected false", "connected false", "connected false"]);
    const nexts = ["setup.slack.next_after_restart", "setup.discord.next_after_restart"];
    expect(saved.map(({ next }) => next)).toEqual([null, ...nexts]);
    expect(setup.isRestartNeeded()).toBe(true);
    const restarted = createInstallation(vendors.addresses, path.dirname(file)).setup;
    expect(restarted.isRestartNeeded()).toBe(false);
    expect((await restarted.steps()).map(({ isRunning, next }) => [isRunning, next])).toEqual([
      [true, null],
      [true, "setup.slack.next"],
      [true, "setup.discord.next"],
    ]);
  });

  it("is broken when a vendor no longer takes it, or a half is missing", async () => {
    const vendors = await startVendors();
    const { setup, file } = createInstallation(vendors.addresses);
    writeFileSync(file, `OPENAI_API_KEY=sk-old\nSLACK_BOT_TOKEN=${vendors.good.SLACK_BOT_TOKEN}\n`);
    const steps = await setup.steps();
    expect(steps.map(({ state }) => state)).toEqual(["broken", "broken", "missing"]);
  });
});

/** Values in which `good` stands for what the vendor takes. */
function fill(values: SetupValues, { good }: Vendors): SetupValues {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    value === "good" ? good[name as keyof typeof good] : value,
  ]);
  return Object.fromEntries(entries) as SetupValues;
}

function everything({ good }: Vendors): readonly (readonly [Service, SetupValues])[] {
  const { OPENAI_API_KEY, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, DISCORD_TOKEN } = good;
  return [
    ["openai", { OPENAI_API_KEY }],
    ["slack", { SLACK_BOT_TOKEN, SLACK_APP_TOKEN }],
    ["discord", { DISCORD_TOKEN }],
  ];
}
