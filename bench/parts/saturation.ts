import type { Contestant } from "../contestant.ts";
import { load } from "../load.ts";
import type { Saturation } from "../results.ts";
import { openScene } from "../scene.ts";

/** So many that no limit for one channel is met. */
const CONVERSATIONS = 300;
const WARM_UP = 300;

/**
 * Measures questions a second, and processor time a question, when the model answers at once and everybody asks again
 * at once. Contestants take turns in each round; a round stands for itself.
 */
export async function measureSaturation(
  contestants: readonly Contestant[],
  options: { readonly isQuick: boolean; readonly rounds: number; readonly say: (text: string) => void },
): Promise<readonly Saturation[]> {
  const results: Saturation[] = [];
  for (let round = 0; round < options.rounds; round++) {
    for (const contestant of contestants) {
      if (contestant.isPolling && round > 0) continue;
      const questions = options.isQuick || contestant.isPolling ? 300 : 1_500;
      const scene = await openScene(contestant);
      scene.model.takesTime(false);
      try {
        for (const platform of [scene.slack, scene.discord]) {
          const common = { conversations: CONVERSATIONS, pauseMs: 0 };
          if (!contestant.isPolling)
            await load(platform, scene.model, { ...common, questions: WARM_UP, firstQuestion: 1 });
          const before = scene.running.processorMs();
          const result = await load(platform, scene.model, { ...common, questions, firstQuestion: 10_000 });
          const answered = result.addedMs.length;
          const measured = {
            contestant: contestant.name,
            platform: platform.name,
            questions: answered,
            lost: result.lost,
            questionsPerSecond: answered / result.seconds,
            processorMsPerQuestion: (scene.running.processorMs() - before) / answered,
          };
          options.say(
            `${contestant.name}, ${platform.name}: ${measured.questionsPerSecond.toFixed(0)} questions a second, ${measured.processorMsPerQuestion.toFixed(1)} ms of processor each, lost ${result.lost}`,
          );
          results.push(measured);
        }
      } finally {
        await scene.close();
      }
    }
  }
  return results;
}
