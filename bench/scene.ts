import { startContestant, type Contestant, type Running } from "./contestant.ts";
import { startDiscordPlatform } from "./discord-platform.ts";
import { startModel, type Model } from "./model.ts";
import type { Platform } from "./platform.ts";
import { startSlackPlatform } from "./slack-platform.ts";

/** One contestant between fresh servers: both platforms and the model. */
export interface Scene {
  readonly model: Model;
  readonly slack: Platform;
  readonly discord: Platform;
  readonly running: Running;
  /** Milliseconds from the start of the process until both platforms had a connection and it said it is ready. */
  readonly readyMs: number;
  close(): Promise<void>;
}

interface SceneOptions {
  /** The platforms hold their limits. */
  readonly isLimited?: boolean;
  readonly isInspected?: boolean;
  readonly nodeArgs?: readonly string[];
}

/** Starts the servers, then the contestant, and waits until both platforms see it. */
export async function openScene(contestant: Contestant, options: SceneOptions = {}): Promise<Scene> {
  const { isLimited = false } = options;
  const [model, slack, discord] = await Promise.all([
    startModel(),
    startSlackPlatform({ isLimited }),
    startDiscordPlatform({ isLimited }),
  ]);
  const startedAt = performance.now();
  const env = { ...slack.env, ...discord.env, OPENAI_BASE_URL: model.server.url };
  const running = await startContestant(contestant, env, options);
  while (!slack.isConnected() || !discord.isConnected()) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    model,
    slack,
    discord,
    running,
    readyMs: performance.now() - startedAt,
    async close() {
      await running.stop();
      await Promise.all([slack.close(), discord.close(), model.server.close()]);
    },
  };
}
