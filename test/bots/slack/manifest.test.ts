import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CALLBACKS, COMMAND, EVENTS, METHODS, neededScopes } from "../../../src/bots/slack/app-contract.ts";
import { COMMAND_NAMES } from "../../../src/core/ports/command.ts";

interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly agent_view: { readonly suggested_prompts: readonly object[] };
    readonly slash_commands: readonly Readonly<Record<string, unknown>>[];
    readonly shortcuts: readonly { readonly name: string; readonly type: string; readonly callback_id: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[]; readonly request_url?: string };
    readonly interactivity: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly socket_mode_enabled: boolean;
  };
}

const read = (name: string): Manifest => JSON.parse(readFileSync(name, "utf8")) as Manifest;
const sources = globSync("src/bots/slack/**/*.ts").map((file) => readFileSync(file, "utf8"));

describe.each(["slack-manifest.json", "slack-manifest.http.json"])("%s", (name) => {
  const manifest = read(name);

  it("asks for exactly the scopes that the code's methods and events need", () => {
    expect([...manifest.oauth_config.scopes.bot].toSorted()).toEqual(neededScopes());
  });

  it("subscribes to exactly the events that the code listens to", () => {
    expect([...manifest.settings.event_subscriptions.bot_events].toSorted()).toEqual(Object.keys(EVENTS).toSorted());
  });

  it("has the command with core's words, and the shortcuts of the code", () => {
    expect(manifest.features.slash_commands).toMatchObject([{ command: COMMAND, should_escape: true }]);
    const hint = String(manifest.features.slash_commands[0]?.["usage_hint"]);
    for (const word of ["ask", ...COMMAND_NAMES]) expect(hint).toContain(word);
    const callbacks = manifest.features.shortcuts.map(({ callback_id: id }) => id);
    expect(callbacks.toSorted()).toEqual(Object.values(CALLBACKS).toSorted());
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
  });

  it("keeps Slack's limits for names", () => {
    const { features, display_information: display } = manifest;
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description.length).toBeLessThanOrEqual(140);
    for (const shortcut of features.shortcuts) expect(shortcut.name.length).toBeLessThanOrEqual(24);
    expect(features.agent_view.suggested_prompts.length).toBeLessThanOrEqual(4);
  });
});

describe("the two manifests", () => {
  it("differ only in how Slack reaches the app", () => {
    const socket = read("slack-manifest.json");
    const http = read("slack-manifest.http.json");
    expect(socket.settings.socket_mode_enabled).toBe(true);
    expect(http.settings.socket_mode_enabled).toBe(false);
    const { request_url: events } = http.settings.event_subscriptions;
    expect(events).toMatch(/^https:\/\/.*\/slack\/events$/);
    expect(http.settings.interactivity.request_url).toBe(events);
    expect(http.features.slash_commands[0]?.["url"]).toBe(events);
    const plain = (manifest: Manifest): string =>
      JSON.stringify(manifest)
        .replace(/"(?:request_)?url":"[^"]*",?/g, "")
        .replace(/,}/g, "}")
        .replace(/"socket_mode_enabled":\w+/, "");
    expect(plain(http)).toBe(plain(socket));
  });
});

describe("the code", () => {
  it("calls every method that the contract names", () => {
    const unused = Object.keys(METHODS).filter(
      (method) => !sources.some((text) => text.includes(`"${method}"`) && !text.includes("export const METHODS")),
    );
    expect(unused).toEqual([]);
  });

  it("handles every event that the contract names", () => {
    const names = Object.keys(EVENTS).map((name) => name.split(".")[0] ?? name);
    const dispatch = readFileSync("src/bots/slack/receiving/dispatch.ts", "utf8");
    expect(names.filter((name) => !dispatch.includes(`case "${name}"`))).toEqual([]);
  });
});
