import type { Contestant } from "../contestant.ts";
import { load } from "../load.ts";
import { quantile } from "../quantile.ts";
import type { AddedTime } from "../results.ts";
import { openScene } from "../scene.ts";

/** Questions a second that all conversations together ask at most. Discord takes 50 requests a second from a bot. */
const MOST_PER_SECOND = { Slack: 40, Discord: 12 } as const;
/** Mean pause of a conversation that is not held back by that. */
const PAUSE_MS = 1_500;
const WARM_UP = 30;

/** How many conversations, and how many questions in all. */
type Size = readonly [conversations: number, questions: number];

function sizesOf({ isPolling }: Contestant, isQuick: boolean): readonly Size[] {
  // A poller's time is its sleep: few questions show it.
  if (isPolling && isQuick) return [[50, 50]];
  if (isPolling) return [1, 50, 200].map((count) => [count, count === 1 ? 3 : count]);
  return isQuick
    ? [
        [1, 6],
        [50, 100],
        [200, 200],
      ]
    : [
        [1, 20],
        [50, 300],
        [200, 400],
      ];
}

interface Samples {
  readonly addedMs: number[];
  lost: number;
}

/** Measures what each contestant adds to the model's time. Contestants take turns in each round. */
export async function measureAddedTime(
  contestants: readonly Contestant[],
  options: { readonly isQuick: boolean; readonly rounds: number; readonly say: (text: string) => void },
): Promise<readonly AddedTime[]> {
  const samples = new Map<string, Samples>();
  for (let round = 0; round < options.rounds; round++) {
    for (const contestant of contestants) {
      if (contestant.isPolling && round > 0) continue;
      await measureOne(contestant, round, options, samples);
    }
  }
  return [...samples].map(([key, { addedMs, lost }]) => {
    const [contestant, platform, conversations] = JSON.parse(key) as [
      Contestant["name"],
      AddedTime["platform"],
      number,
    ];
    const [p50 = Number.NaN, p95 = Number.NaN, p99 = Number.NaN] = [0.5, 0.95, 0.99].map((share) =>
      quantile(addedMs, share),
    );
    return { contestant, platform, conversations, questions: addedMs.length, lost, p50, p95, p99 };
  });
}

async function measureOne(
  contestant: Contestant,
  round: number,
  options: { readonly isQuick: boolean; readonly say: (text: string) => void },
  samples: Map<string, Samples>,
): Promise<void> {
  const scene = await openScene(contestant, { isLimited: true });
  let firstQuestion = 1 + round * 100_000;
  try {
    for (const platform of [scene.slack, scene.discord]) {
      if (!contestant.isPolling) {
        const warmUp = { conversations: WARM_UP, questions: WARM_UP, pauseMs: PAUSE_MS, firstConversation: 900 };
        await load(platform, scene.model, { ...warmUp, firstQuestion });
        firstQuestion += WARM_UP;
      }
      for (const [conversations, questions] of sizesOf(contestant, options.isQuick)) {
        const pauseMs = Math.max(PAUSE_MS, (conversations / MOST_PER_SECOND[platform.name]) * 1000 - 300);
        const result = await load(platform, scene.model, { conversations, questions, pauseMs, firstQuestion });
        firstQuestion += questions;
        const key = JSON.stringify([contestant.name, platform.name, conversations]);
        const known = samples.get(key) ?? { addedMs: [], lost: 0 };
        known.addedMs.push(...result.addedMs);
        known.lost += result.lost;
        samples.set(key, known);
        options.say(
          `${contestant.name}, ${platform.name}, ${conversations} at once: p50 ${quantile(result.addedMs, 0.5).toFixed(0)} ms, p99 ${quantile(result.addedMs, 0.99).toFixed(0)} ms, lost ${result.lost}`,
        );
      }
    }
  } finally {
    await scene.close();
  }
}
