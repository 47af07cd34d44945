import { DiscordAPIError, HTTPError, REST } from "@discordjs/rest";
import { ApplicationFlags, Routes } from "discord-api-types/v10";
import type { APIApplication } from "discord-api-types/v10";
import type { TokenVerdict } from "../../core/ports/token-checks.ts";
import { tokenVerdict } from "../../core/set-up/token-verdict.ts";
import { toInviteUrl } from "./invite.ts";

const TIMEOUT_MS = 10_000;

/** Either stands for Message Content: the second for applications in fewer than 100 servers. */
export const SEES_CONTENT = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;

/** Whether a bot's token that is not in use yet works, which application it is of, and what that may see. */
export async function checkToken(token: string, apiUrl: string | undefined): Promise<TokenVerdict> {
  const rest = new REST({
    version: "10",
    retries: 0,
    timeout: TIMEOUT_MS,
    rejectOnRateLimit: () => true,
    ...(apiUrl === undefined ? {} : { api: apiUrl.replace(/\/+$/, "") }),
  }).setToken(token);
  try {
    const { id, name, flags } = (await rest.get(Routes.currentApplication())) as APIApplication;
    const seesContent = ((flags ?? 0) & SEES_CONTENT) !== 0;
    const found = seesContent
      ? tokenVerdict("good", "setup.discord.good", { bot: name })
      : tokenVerdict("warning", "setup.discord.no_content", { bot: name });
    const text = { key: "setup.discord.invite", values: { bot: name } } as const;
    return { ...found, link: { text, url: toInviteUrl(id) } };
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): TokenVerdict {
  if (error instanceof DiscordAPIError && error.status === 401) return tokenVerdict("problem", "setup.discord.refused");
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    return tokenVerdict("problem", "setup.discord.failed", { reason: String(error.status) });
  }
  if (error instanceof Error && error.name.startsWith("RateLimitError")) {
    return tokenVerdict("problem", "setup.discord.failed", { reason: "429" });
  }
  return tokenVerdict("problem", "setup.unreachable", { service: "Discord" });
}
