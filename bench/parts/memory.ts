import type { Contestant } from "../contestant.ts";
import { load } from "../load.ts";
import type { Memory } from "../results.ts";
import { openScene } from "../scene.ts";

const SETTLE_MS = 4_000;
/** So few that none waits long enough to be repeated by its platform. */
const AT_ONCE = 50;
/** With fresh conversations each. */
const ROUNDS = 3;
const FRESH_FROM = 10_000;

const settle = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

/** Measures memory idle, after many questions in few channels, and what conversations that rest take. */
export async function measureMemory(
  contestants: readonly Contestant[],
  options: { readonly isQuick: boolean; readonly say: (text: string) => void },
): Promise<readonly Memory[]> {
  const results: Memory[] = [];
  for (const contestant of contestants) {
    const plain = await measureResident(contestant, options.isQuick ? 500 : 10_000);
    const kbPerConversation = await measureConversations(contestant, options.isQuick ? 400 : 1_000);
    const result = { contestant: contestant.name, ...plain, kbPerConversation };
    options.say(
      `${contestant.name}: idle ${plain.idleMb.toFixed(0)} MB, after ${plain.questions} questions ${plain.afterQuestionsMb.toFixed(0)} MB, ${kbPerConversation.toFixed(1)} kB a conversation`,
    );
    results.push(result);
  }
  return results;
}

async function measureResident(
  contestant: Contestant,
  wanted: number,
): Promise<Pick<Memory, "idleMb" | "questions" | "afterQuestionsMb">> {
  const scene = await openScene(contestant);
  scene.model.takesTime(false);
  try {
    await settle();
    const idleMb = scene.running.residentMb();
    // A poller sleeps for each question: all of them sleep together.
    const questions = contestant.isPolling ? Math.min(wanted, 1_000) : wanted;
    const conversations = contestant.isPolling ? questions : AT_ONCE;
    await load(scene.slack, scene.model, { conversations, questions, pauseMs: 0, firstQuestion: 1 });
    await settle();
    return { idleMb, questions, afterQuestionsMb: scene.running.residentMb() };
  } finally {
    await scene.close();
  }
}

/** What is left after a collection, with so many more conversations: the most of some rounds, as V8 frees code meanwhile. */
async function measureConversations(contestant: Contestant, idle: number): Promise<number> {
  const scene = await openScene(contestant, { isInspected: true });
  scene.model.takesTime(false);
  const conversations = contestant.isPolling ? idle : AT_ONCE;
  const common = { questions: idle, conversations, pauseMs: 0 };
  const kbOfRounds: number[] = [];
  try {
    // Code does not count.
    await load(scene.slack, scene.model, { ...common, firstQuestion: 1 });
    await settle();
    let before = await scene.running.usedBytes();
    for (let round = 1; round <= ROUNDS; round++) {
      const first = round * FRESH_FROM;
      const fresh = { channels: idle, firstConversation: first, firstQuestion: first };
      const { lost } = await load(scene.slack, scene.model, { ...common, ...fresh });
      if (lost > 0) throw new Error(`${contestant.name} left ${lost} of ${idle} questions open: that is not memory.`);
      await settle();
      const after = await scene.running.usedBytes();
      kbOfRounds.push((after - before) / 1024 / idle);
      before = after;
    }
    return Math.max(...kbOfRounds);
  } finally {
    await scene.close();
  }
}
