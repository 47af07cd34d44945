import { ConfigError, type Config } from "./config.ts";

/** @throws ConfigError for a budget that cannot be held: nobody knows what this model's answers cost. */
export async function requirePrice({ openai, model, budgets }: Config): Promise<void> {
  const isHeld = Object.values(budgets).some((limit) => limit !== null && limit > 0);
  if (openai === null || !isHeld) return;
  const { isPriced } = await import("./engines/openai/spending/estimate-cost.ts");
  if (isPriced(model)) return;
  throw new ConfigError([
    `A BUDGET_USD_… is set, but the price of OPENAI_MODEL=${model} is not known, so that no budget can be held. ` +
      "Choose a model that docs/costs.md lists, or remove the budgets and set a limit at the provider.",
  ]);
}
