import type { Config } from "./config.ts";

/** The values that must never be printed. */
export function secretsOf(config: Config): readonly string[] {
  const { openai, slack, discord, webToken, databaseUrl, blobs } = config;
  const slackSecrets =
    slack === null ? [] : [slack.botToken, slack.mode === "socket" ? slack.appToken : slack.signingSecret];
  const addresses = [databaseUrl, openai?.baseUrl, slack?.apiUrl, discord?.apiUrl];
  const passwords = addresses.map((address) => (address === undefined ? undefined : new URL(address).password));
  const bucketSecrets = blobs.kind === "bucket" ? [blobs.secretAccessKey, blobs.sessionToken] : [];
  return [
    openai?.apiKey,
    ...slackSecrets,
    discord?.token,
    webToken,
    databaseUrl,
    ...passwords,
    ...bucketSecrets,
  ].filter((secret) => secret !== undefined && secret !== "") as string[];
}
