import { createHash } from "node:crypto";
import { Routes } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import type { APIApplicationCommand } from "discord-api-types/v10";
import type { KeyValue } from "../../../core/ports/stores.ts";
import { toCommandDefinitions } from "./command-definitions.ts";
import type { Kept } from "../discord-bot-options.ts";

const KEY = "commands";

/**
 * Registers the commands when they differ from what Discord has. Discord gives each command a new version when it
 * changes, so ours are untouched as long as the definitions and the versions are those of our last registration.
 * Returns whether anything was written.
 */
export async function registerCommands(options: {
  readonly rest: REST;
  readonly applicationId: string;
  readonly seen: KeyValue<Kept>;
}): Promise<boolean> {
  const { rest, applicationId, seen } = options;
  const route = Routes.applicationCommands(applicationId);
  const definitions = toCommandDefinitions();
  const hash = createHash("sha256").update(JSON.stringify(definitions)).digest("hex");
  const existing = (await rest.get(route)) as APIApplicationCommand[];
  if ((await seen.get(KEY)) === stateOf(hash, existing)) return false;
  const written = (await rest.put(route, { body: definitions })) as APIApplicationCommand[];
  await seen.set(KEY, stateOf(hash, written));
  return true;
}

function stateOf(hash: string, commands: readonly APIApplicationCommand[]): string {
  const versions = commands.map(({ id, version }) => `${id}:${version}`).toSorted();
  return [hash, ...versions].join(" ");
}
