import { onTestFinished } from "vitest";
import { startDiscordServer, type DiscordServer, type DiscordServerOptions } from "../servers/discord-server.ts";
import { startOpenAIServer, type OpenAIServer, type OpenAIServerOptions } from "../servers/openai-server.ts";
import { startSlackServer, type SlackServer } from "../servers/slack-server.ts";
import type { WorldOptions } from "../servers/slack/world.ts";

export interface Vendors {
  readonly openai: OpenAIServer;
  readonly slack: SlackServer;
  readonly discord: DiscordServer;
  /** Where they are, as settings. */
  readonly addresses: Readonly<Record<"OPENAI_BASE_URL" | "SLACK_API_URL" | "DISCORD_API_URL", string>>;
  /** Keys and tokens that they take. */
  readonly good: {
    readonly OPENAI_API_KEY: string;
    readonly SLACK_BOT_TOKEN: string;
    readonly SLACK_APP_TOKEN: string;
    readonly DISCORD_TOKEN: string;
  };
}

interface VendorChange {
  readonly slack?: WorldOptions;
  readonly discord?: DiscordServerOptions;
  readonly openai?: OpenAIServerOptions;
}

/** The three vendors on this machine, until the test is over. Their keys look like nothing else. */
export async function startVendors(change: VendorChange = {}): Promise<Vendors> {
  const vendors = await openVendors(change);
  onTestFinished(() => vendors.close());
  return vendors;
}

/** The same, until they are closed. */
export async function openVendors(change: VendorChange = {}): Promise<Vendors & { close(): Promise<void> }> {
  const good = {
    OPENAI_API_KEY: "sk-proj-planted-0123456789",
    SLACK_BOT_TOKEN: "xoxb-planted-0123456789",
    SLACK_APP_TOKEN: "xapp-planted-0123456789",
    DISCORD_TOKEN: "cGxhbnRlZA.planted.0123456789-planted",
  };
  const openai = await startOpenAIServer({ apiKeys: [good.OPENAI_API_KEY], ...change.openai });
  const tokens = { botToken: good.SLACK_BOT_TOKEN, appToken: good.SLACK_APP_TOKEN };
  const slack = await startSlackServer({ ...tokens, ...change.slack });
  const discord = await startDiscordServer({ token: good.DISCORD_TOKEN, ...change.discord });
  return {
    openai,
    slack,
    discord,
    good,
    addresses: { OPENAI_BASE_URL: openai.url, SLACK_API_URL: slack.apiUrl, DISCORD_API_URL: discord.apiUrl },
    async close() {
      await Promise.all([openai.close(), slack.close(), discord.close()]);
    },
  };
}
