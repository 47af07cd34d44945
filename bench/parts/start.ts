import type { Contestant } from "../contestant.ts";
import { median } from "../quantile.ts";
import type { Start } from "../results.ts";
import { openScene } from "../scene.ts";

/** Measures the time from the start of a process until both platforms are connected: the median of some starts. */
export async function measureStart(
  contestants: readonly Contestant[],
  options: { readonly isQuick: boolean; readonly say: (text: string) => void },
): Promise<readonly Start[]> {
  const times = new Map<Contestant["name"], number[]>();
  for (let round = 0; round < (options.isQuick ? 1 : 5); round++) {
    for (const contestant of contestants) {
      const scene = await openScene(contestant);
      times.set(contestant.name, [...(times.get(contestant.name) ?? []), scene.readyMs]);
      await scene.close();
    }
  }
  const results = [...times].map(([contestant, list]) => ({ contestant, readyMs: median(list) }));
  for (const { contestant, readyMs } of results) options.say(`${contestant}: ready after ${readyMs.toFixed(0)} ms`);
  return results;
}
