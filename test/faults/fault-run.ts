import { createRandom } from "../world/random.ts";
import type { RouteName } from "../servers/openai/faults.ts";
import { ANY, FAULT_CASES, isOfAccount, SPECIAL, type FaultCase } from "./fault-cases.ts";
import { openFaultyWorld, type FaultyWorld, type Outcome } from "./faulty-world.ts";

export interface CaseReport extends Outcome {
  readonly label: string;
  readonly route: RouteName;
  /** How the next question of the conversation ended, on a server that is well again. */
  readonly next: Outcome["end"];
  /** Whether the fault happened at all. */
  readonly met: boolean;
}

export interface MixedReport {
  readonly questions: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly requests: number;
  readonly problems: readonly string[];
  /** Turns whose run failed at OpenAI before anybody could know of it, and that were asked again. */
  readonly askedAgain: number;
}

const SHORT = { name: "short.txt", text: "The notice period is three months. The deposit is 2,400 euros." };
const LONG = {
  name: "long.txt",
  text: `${"Nothing is said here about it. ".repeat(80)} The notice period is three months.`,
};
const QUESTION = "How long is the notice period?";
const CONVERSATIONS = 12;
/** Questions that are open at once. */
const OPEN = 24;
const FAULT_RATE = 0.2;
/** Long enough for a stream to break and be opened again. */
const RUN_MS = 40;
const MIXED_RUN_MS = 12;

/** Each fault on each route alone: a question that meets it, and one behind it that does not. */
export async function runCases(options: {
  cases: readonly FaultCase[];
  seed: number;
  sideBySide: number;
}): Promise<readonly CaseReport[]> {
  const { cases, seed, sideBySide } = options;
  const reports: CaseReport[] = [];
  const queue = cases.entries();
  const lane = async (): Promise<void> => {
    for (const [index, each] of queue) reports[index] = await runCase(each, seed + index);
  };
  await Promise.all(Array.from({ length: sideBySide }, lane));
  return reports;
}

async function runCase(each: FaultCase, seed: number): Promise<CaseReport> {
  const world = await openFaultyWorld(createRandom(seed), RUN_MS);
  const { server } = world;
  try {
    const isLater = each.lose !== undefined;
    if (isLater) {
      await world.ask("general", QUESTION, each.lose === "store" ? LONG : SHORT);
      await world.settle(1);
      lose(world, each.lose);
    }
    for (const [route, fault] of each.before) server.faults.add(route, fault);
    server.faults.add(each.route, each.fault);
    const isIndexed = each.route.startsWith("vector_stores");
    const turnId = await world.ask("general", QUESTION, isLater ? undefined : isIndexed ? LONG : SHORT);
    await world.settle(isLater ? 2 : 1);
    const met = server.faults.pending() === 0;
    server.faults.clear();
    const nextId = await world.ask("other", QUESTION, SHORT);
    const sameId = await world.ask("general", QUESTION);
    await world.settle(isLater ? 4 : 3);
    const [outcome, next, same] = [
      await world.outcome(turnId),
      await world.outcome(nextId),
      await world.outcome(sameId),
    ];
    const { label, route } = each;
    return { ...outcome, label, route, met, next: next.end === "answer" ? same.end : next.end };
  } finally {
    await world.close();
  }
}

function lose({ server }: FaultyWorld, what: FaultCase["lose"]): void {
  if (what === "conversation") server.state.conversations.clear();
  if (what === "file") server.state.files.clear();
  if (what === "store") server.state.vectorStores.clear();
}

/** What is wrong with a case: its question's outcome, or that of the questions behind it. */
export function findCaseProblem(report: CaseReport): string | undefined {
  const { next, end } = report;
  // An account that was refused is not asked again for ten seconds.
  if (end === "files refused" && !/^(?:files|vector_stores)\./.test(report.route)) return "its file was refused";
  const isFine = next === "answer" || (next === end && (end === "out_of_credit" || end === "invalid_key"));
  return findProblem(report) ?? (isFine ? undefined : `the next question ended as ${next}`);
}

/** What is wrong with an outcome, whatever the fault was: nothing may be. */
export function findProblem({ messages, end, useful }: Outcome): string | undefined {
  if (messages !== 1) return `${messages} messages`;
  if (end === "nothing" || end === "internal") return `ended as ${end}`;
  return useful > 1 ? `the model was asked ${useful} times` : undefined;
}

/**
 * Every fault of the server, mixed, at a fifth of all calls, while people ask on several conversations. Without
 * `account`, none says that there is no credit or that the key is bad: each of those keeps questions back for ten
 * seconds, and what they would have met is not seen.
 */
export async function runMixed(options: {
  questions: number;
  seed: number;
  account: boolean;
  onProgress?: (line: string) => void;
}): Promise<MixedReport> {
  const random = createRandom(options.seed);
  const world = await openFaultyWorld(random, MIXED_RUN_MS);
  const { server } = world;
  try {
    for (const route of new Set(FAULT_CASES.map((each) => each.route))) {
      const faults = [...ANY, ...(SPECIAL[route] ?? [])].filter((each) => options.account || !isOfAccount(each));
      const rate = 1 - (1 - FAULT_RATE) ** (1 / faults.length);
      for (const fault of faults) server.faults.add(route, fault, { rate });
    }
    const asked: { channel: string; turnId: string }[] = [];
    for (let number = 0; number < options.questions; number += 1) {
      const channel = `channel-${Math.floor(random() * CONVERSATIONS)}`;
      const dice = random();
      const file = dice < 0.3 ? SHORT : dice < 0.4 ? LONG : undefined;
      const named = file === undefined ? undefined : { ...file, name: `${number}-${file.name}` };
      asked.push({ channel, turnId: await world.ask(channel, QUESTION, named) });
      await world.settle(number + 1 - OPEN);
      if (number % 50 === 49) options.onProgress?.(`${number + 1} questions, ${server.requests.length} requests`);
    }
    await world.settle(options.questions);
    const problems: string[] = [];
    const ends: Record<string, number> = {};
    let askedAgain = 0;
    for (const { turnId, channel } of asked) {
      const outcome = await world.outcome(turnId);
      ends[outcome.end] = (ends[outcome.end] ?? 0) + 1;
      if (outcome.runs > 1 && outcome.useful <= 1) askedAgain += 1;
      const problem = findProblem(outcome);
      if (problem !== undefined) problems.push(`${channel} ${turnId}: ${problem}`);
    }
    for (const channel of new Set(asked.map((each) => each.channel))) {
      const wanted = asked.filter((each) => each.channel === channel).map(({ turnId }) => turnId);
      if (world.order(channel).join() !== wanted.join()) problems.push(`${channel}: out of order`);
    }
    const { requests } = server;
    const faults = server.faults.taken();
    return { questions: asked.length, ends, faults, requests: requests.length, problems, askedAgain };
  } finally {
    await world.close();
  }
}
