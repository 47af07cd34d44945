import { createRandom } from "../../test/world/random.ts";
import type { Assumptions } from "./assumptions.ts";
import { createLognormal, drawNormal } from "./lognormal.ts";

export type Platform = "slack" | "discord" | "page";

/** One question; times in seconds since midnight UTC. */
export interface Question {
  readonly at: number;
  readonly platform: Platform;
  readonly workspace: number;
  /** Unique over all workspaces; a channel is a conversation. */
  readonly channel: number;
  readonly runSeconds: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const DAY_SECONDS = 86_400;
const DAY_MINUTES = 1_440;

/** Where people are: Korea and Japan, central Europe, the east of America. */
const TIME_ZONES = [
  { share: 0.35, hours: 9 },
  { share: 0.3, hours: 1 },
  { share: 0.35, hours: -5 },
];
/** A working day has two crests. */
const CREST_HOURS = [10.5, 15];
const CREST_WIDTH_HOURS = 1.8;
const LEAST = 0.02;

/** The questions of a day in the order of their arrival: exactly `questions-per-day` of them. */
export function createArrivals(assumptions: Assumptions): readonly Question[] {
  const random = createRandom(assumptions.seed);
  const workspaces = createWorkspaces(assumptions, random);
  const pick = createPicker(
    workspaces.map(({ weight }) => weight),
    random,
  );
  const times = TIME_ZONES.map(({ hours }) => createPicker(localCurve(assumptions["local-peak"], hours), random));
  const draw = {
    run: createLognormal(random, { p50: assumptions["run-p50-seconds"], p95: assumptions["run-p95-seconds"] }),
    input: createLognormal(random, { p50: assumptions["input-tokens-p50"], p95: assumptions["input-tokens-p95"] }),
    output: createLognormal(random, { p50: assumptions["output-tokens-p50"], p95: assumptions["output-tokens-p95"] }),
  };
  const channels = assumptions["channels-per-workspace"];
  const { "burst-size": size, "burst-share": share, "questions-per-day": count } = assumptions;
  const burstChance = share / (size + share - size * share);
  const questions: Question[] = [];
  while (questions.length < count) {
    const workspace = pick();
    const { platform, zone } = workspaces[workspace] ?? { platform: "page", zone: 0 };
    const at = ((times[zone]?.() ?? 0) + random()) * 60;
    const together = random() < burstChance ? Math.min(size, count - questions.length) : 1;
    for (let index = 0; index < together; index++) {
      const later = together === 1 ? 0 : random() * assumptions["burst-seconds"];
      questions.push({
        at: (at + later) % DAY_SECONDS,
        platform,
        workspace,
        // Some channels are busier than others.
        channel: workspace * channels + Math.floor(channels * random() ** 2),
        runSeconds: draw.run(),
        inputTokens: draw.input(),
        outputTokens: draw.output(),
      });
    }
  }
  return questions.toSorted((one, other) => one.at - other.at);
}

/** How busy each minute of the day (UTC) is in a time zone; the mean is about 1, the greatest about `peak`. */
export function localCurve(peak: number, zoneHours: number): readonly number[] {
  const crest = Array.from({ length: DAY_MINUTES }, (_, minute) => {
    const hour = (minute / 60 + zoneHours + 24) % 24;
    return CREST_HOURS.reduce((sum, at) => sum + Math.exp(-(((hour - at) / CREST_WIDTH_HOURS) ** 2) / 2), 0);
  });
  const mean = crest.reduce((sum, value) => sum + value, 0) / DAY_MINUTES;
  const slope = (peak - 1) / (Math.max(...crest) - mean);
  return crest.map((value) => Math.max(LEAST, 1 + slope * (value - mean)));
}

function createWorkspaces(
  assumptions: Assumptions,
  random: () => number,
): readonly { readonly platform: Platform; readonly zone: number; readonly weight: number }[] {
  const pickZone = createPicker(
    TIME_ZONES.map(({ share }) => share),
    random,
  );
  return Array.from({ length: assumptions.workspaces }, () => {
    const place = random();
    const isSlack = place < assumptions["slack-share"];
    const isDiscord = !isSlack && place < assumptions["slack-share"] + assumptions["discord-share"];
    return {
      platform: isSlack ? "slack" : isDiscord ? "discord" : "page",
      zone: pickZone(),
      weight: Math.exp(assumptions["workspace-spread"] * drawNormal(random)),
    };
  });
}

/** Picks an index with a chance in proportion to its weight. */
function createPicker(weights: readonly number[], random: () => number): () => number {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (const [index, weight] of weights.entries()) sums[index] = sum += weight;
  return () => {
    const wanted = random() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
