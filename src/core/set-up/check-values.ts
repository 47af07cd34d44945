import type { FieldVerdict, Service, SetupEnvironment, SetupVariable } from "../ports/setup.ts";
import type { TokenChecks, TokenVerdict } from "../ports/token-checks.ts";
import { findOddity, valueOf } from "./find-oddity.ts";

/** Asks about the variables of a service that `env` holds; told of are those in `asked`, and with a key the model. */
export async function checkValues(
  service: Service,
  asked: readonly SetupVariable[],
  { env, checks, model }: { env: SetupEnvironment; checks: TokenChecks; model: string },
): Promise<readonly FieldVerdict[]> {
  const odd = asked.flatMap((variable): FieldVerdict[] => {
    const sentence = valueOf(env, variable) === "" ? null : findOddity(variable, env);
    return sentence === null ? [] : [{ variable, state: "problem", sentence }];
  });
  const isOdd = (variable: SetupVariable): boolean => odd.some((verdict) => verdict.variable === variable);
  const told = [...odd, ...(await ask())];
  // A key is of use with its model alone.
  const tellable = service === "openai" ? new Set<SetupVariable>([...asked, "OPENAI_MODEL"]) : asked;
  return [...tellable].flatMap((variable) => told.filter((verdict) => verdict.variable === variable));

  async function ask(): Promise<readonly FieldVerdict[]> {
    if (service === "openai") return await askOpenAI();
    const one = async (variable: SetupVariable, check: (token: string) => Promise<TokenVerdict>) => {
      const token = valueOf(env, variable);
      if (!asked.includes(variable) || token === "" || isOdd(variable)) return [];
      return [{ variable, ...(await check(token)) }];
    };
    if (service === "discord") return await one("DISCORD_TOKEN", (token) => checks.discord(token));
    const bot = valueOf(env, "SLACK_BOT_TOKEN");
    const askable = bot === "" || findOddity("SLACK_BOT_TOKEN", env) !== null ? null : bot;
    const both = await Promise.all([
      one("SLACK_BOT_TOKEN", (token) => checks.slackBot(token)),
      one("SLACK_APP_TOKEN", (token) => checks.slackApp(token, askable)),
    ]);
    return both.flat();
  }

  async function askOpenAI(): Promise<readonly FieldVerdict[]> {
    const apiKey = valueOf(env, "OPENAI_API_KEY");
    if (apiKey === "" || findOddity("OPENAI_API_KEY", env) !== null || isOdd("OPENAI_MODEL")) return [];
    const found = await checks.openai({ apiKey, model: valueOf(env, "OPENAI_MODEL") || model });
    const key: FieldVerdict = { variable: "OPENAI_API_KEY", ...found.key };
    return found.model === null ? [key] : [key, { variable: "OPENAI_MODEL", ...found.model }];
  }
}
