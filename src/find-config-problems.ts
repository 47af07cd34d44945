import { ConfigError, parseConfig } from "./config.ts";
import type { SetupEnvironment } from "./core/ports/setup.ts";
import { requirePrice } from "./require-price.ts";

/** Why the program would not start with an environment; empty when it would. */
export async function findConfigProblems(env: SetupEnvironment): Promise<readonly string[]> {
  try {
    await requirePrice(parseConfig(env));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
