import { onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { createRememberingBrain } from "../servers/openai/remembering-brain.ts";
import { contentParts, textOf } from "../servers/openai/state.ts";
import { startOpenAIServer, type OpenAIServer } from "../servers/openai-server.ts";
import { startPostgresServer } from "../servers/postgres-server.ts";

export type Store = Readonly<{ DATA_DIR: string; DATABASE_URL?: string }>;

/** A vendor whose model says what stands in the conversation, and else this. */
export const NOTHING = "Nobody said that here, and no document does.";

export async function startOpenAI(): Promise<OpenAIServer> {
  const server = await startOpenAIServer({ answer: createRememberingBrain() });
  onTestFinished(() => server.close());
  return server;
}

export function toEnv(server: OpenAIServer, store: Store = { DATA_DIR: temporaryFolder() }) {
  return { ...store, OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.url };
}

export async function storeOn(place: "a file" | "Postgres"): Promise<Store> {
  if (place === "a file") return { DATA_DIR: temporaryFolder() };
  const postgres = await startPostgresServer();
  onTestFinished(() => postgres.remove());
  return { DATA_DIR: temporaryFolder(), DATABASE_URL: await postgres.createDatabase() };
}

/** The texts of each conversation that the vendor holds. */
export function conversationsAt({ state }: OpenAIServer): string[][] {
  return [...state.conversations.values()].map(({ items }) =>
    items.map((item) =>
      contentParts(item)
        .map((part) => textOf(part["text"]))
        .join("\n"),
    ),
  );
}
