import { setTimeout as sleep } from "node:timers/promises";
import type { RequestEntry } from "../servers/openai-server.ts";
import type { Place, PostedFile } from "./place.ts";

/** What was asked and what people saw of it. Entries are `place: question`. */
export interface Comparison {
  /** Questions that never got an answer. */
  readonly lost: readonly string[];
  /** Questions with more than one answer. */
  readonly doubled: readonly string[];
  /** Questions that were answered before one that had been accepted when they were asked. */
  readonly outOfOrder: readonly string[];
  /** Questions that were answered before one that was asked earlier, but accepted by nobody yet. */
  readonly overtaken: readonly string[];
  /** Questions that the model was asked more than once. */
  readonly askedTwice: readonly string[];
  /** Answers that are errors instead. */
  readonly errors: readonly string[];
}

export interface Asked {
  /** `question q12.`, and what was added to it. */
  readonly text: string;
  readonly askedAt: number;
  acceptedAt: number;
}

/** Counts the questions and keeps who asked them where and when. */
export interface Ledger {
  /** Asks the next question; `more` gets its number and may add words and a file. */
  ask(place: Place, more?: (number: number) => { readonly words?: string; readonly file?: PostedFile }): void;
  count(): number;
  /** The model has answered a question, `question q12.` */
  noteRun(question: string): void;
  /** Milliseconds from asking to the model's answer, the slowest first, by question. */
  waits(): readonly (readonly [question: string, ms: number])[];
  /** Waits until each question has an answer, for `withinMs` at most. */
  settle(withinMs: number): Promise<void>;
  /** Waits for what is doubled, which comes late, and looks. `runs`: what the model was asked, as text. */
  compare(runs: () => readonly string[]): Promise<Comparison>;
  /** Answers by their question, `question q12.` */
  answers(): Promise<ReadonlyMap<string, string>>;
}

const LATE_MS = 3_000;
const QUESTION = /question q\d+\./;
/** In place of an answer that may quote what somebody deleted meanwhile; it does not say which. */
const WITHHELD = /was deleted while I was answering\./;
const ECHO = /Echo: (question q\d+\.)/;

/**
 * What the model was asked, one text for each run. Requests without a conversation are for notes; notes may also come
 * with a question, in front of it. Both hold questions that were answered before.
 */
export function toAsked(requests: readonly RequestEntry[]): readonly string[] {
  return requests
    .filter(({ body }) => body?.["conversation"] !== undefined)
    .map(({ body }) => JSON.stringify((body?.["input"] as unknown[] | undefined)?.at(-1)));
}

/** The model has to answer `Echo: ` and the question. */
export function createLedger(onProgress: (line: string) => void): Ledger {
  const asked = new Map<Place, Asked[]>();
  const ranAt = new Map<string, number>();
  let number = 0;

  return {
    ask(place, more = () => ({})) {
      number += 1;
      const { words = "", file } = more(number);
      const entry = { text: `question q${number}.${words}`, askedAt: performance.now(), acceptedAt: Infinity };
      asked.set(place, [...(asked.get(place) ?? []), entry]);
      void place.ask(entry.text, file).accepted.then(() => (entry.acceptedAt = performance.now()));
    },
    count: () => number,
    noteRun: (question) => void ranAt.set(question, performance.now()),
    waits: () =>
      [...asked.values()]
        .flat()
        .map(({ text, askedAt }) => {
          const question = QUESTION.exec(text)?.[0] ?? text;
          return [question, (ranAt.get(question) ?? Infinity) - askedAt] as const;
        })
        .toSorted(([, one], [, other]) => other - one),
    async settle(withinMs) {
      const deadline = Date.now() + withinMs;
      for (;;) {
        const answers = (await Promise.all([...asked.keys()].map((place) => place.answers()))).flat();
        // Each question once, and each error.
        const answered = new Set(answers.map((answer) => ECHO.exec(answer)?.[1] ?? answer)).size;
        if (answered >= number || Date.now() > deadline) {
          onProgress(`${answered} answers for ${number} questions`);
          return;
        }
        await sleep(200);
      }
    },
    async compare(runs) {
      await sleep(LATE_MS);
      const seen = runs();
      const all = await Promise.all([...asked].map(([place, entries]) => compareIn(place, entries, seen)));
      return {
        lost: all.flatMap(({ lost }) => lost),
        doubled: all.flatMap(({ doubled }) => doubled),
        outOfOrder: all.flatMap(({ outOfOrder }) => outOfOrder),
        overtaken: all.flatMap(({ overtaken }) => overtaken),
        askedTwice: all.flatMap(({ askedTwice }) => askedTwice),
        errors: all.flatMap(({ errors }) => errors),
      };
    },
    async answers() {
      const answers = (await Promise.all([...asked.keys()].map((place) => place.answers()))).flat();
      return new Map(answers.map((answer) => [ECHO.exec(answer)?.[1] ?? answer, answer]));
    },
  };
}

async function compareIn(place: Place, entries: readonly Asked[], runs: readonly string[]): Promise<Comparison> {
  const answers = await place.answers();
  const echoes = answers.flatMap((answer) => ECHO.exec(answer)?.[1] ?? []);
  const label = (text: string): string => `${place.name}: ${text}`;
  const questions = entries.map(({ text }) => QUESTION.exec(text)?.[0] ?? text);
  const count = (question: string): number => echoes.filter((echo) => echo === question).length;
  const lost = questions.filter((question) => count(question) === 0);
  const withheld = answers.filter((answer) => WITHHELD.test(answer));
  const outOfOrder: string[] = [];
  const overtaken: string[] = [];
  for (const [index, later] of entries.entries()) {
    const at = echoes.indexOf(questions[index] ?? "");
    const before = entries
      .slice(0, index)
      .filter((_, other) => at !== -1 && echoes.indexOf(questions[other] ?? "") > at);
    for (const earlier of before) {
      const list = earlier.acceptedAt <= later.askedAt ? outOfOrder : overtaken;
      list.push(label(`${questions[index]} before ${earlier.text}`));
    }
  }
  return {
    lost: lost.length <= withheld.length ? [] : lost.map(label),
    doubled: questions.filter((question) => count(question) > 1).map(label),
    outOfOrder,
    overtaken,
    askedTwice: questions.filter((question) => runs.filter((run) => run.includes(question)).length > 1).map(label),
    errors: answers
      .filter((answer) => !answer.includes("Echo: ") && !WITHHELD.test(answer))
      .map((answer) => label(answer.slice(0, 200))),
  };
}
