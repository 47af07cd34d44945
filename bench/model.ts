import { startOpenAIServer, type OpenAIServer } from "../test/servers/openai-server.ts";
import { lognormal, seeded } from "./draw.ts";

/** Real models take seconds; a tenth of that keeps a run short and changes nothing in what a bot adds. */
const MEDIAN_MS = 300;
const SIGMA = 0.5;
const MAX_KEPT = 2_000;

export interface Model {
  readonly server: OpenAIServer;
  /** What a question's answer takes: the same for every contestant. Milliseconds. */
  timeOf(question: number): number;
  /** With false the model answers at once. */
  takesTime(value: boolean): void;
  /** Forgets old requests, so that a long run does not slow the server down. */
  trim(): void;
}

/** The text of a question, which the model recognises. */
export function toQuestion(question: number): string {
  return `Question ${question}: how many days of leave does somebody have in the second year?`;
}

/** The number of the question whose whole answer stands in a text; null for none. */
export function answeredIn(text: string): number | null {
  const match = /finished(\d+)x/.exec(text);
  return match === null ? null : Number(match[1]);
}

/** Starts OpenAI's server with a time for each question that is drawn from a lognormal distribution of median 300 ms. */
export async function startModel(): Promise<Model> {
  let takesTime = true;
  const times = new Map<number, number>();
  const timeOf = (question: number): number => {
    if (!takesTime) return 0;
    const known = times.get(question) ?? lognormal(seeded(question * 7919), { median: MEDIAN_MS, sigma: SIGMA });
    times.set(question, known);
    return known;
  };
  const server = await startOpenAIServer({
    async answer(_request, { rawQuestion }) {
      const question = Number(/Question (\d+)/.exec(rawQuestion)?.[1] ?? Number.NaN);
      if (Number.isNaN(question)) return { text: "There was no question." };
      const ms = timeOf(question);
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      return {
        text: `In the second year it is twenty-five days, and five more after ten years. Unused days go over into the next year until March. finished${question}x`,
      };
    },
  });
  return {
    server,
    timeOf,
    takesTime(value) {
      takesTime = value;
    },
    trim() {
      (server.requests as unknown[]).length = 0;
      const { responses } = server.state;
      let surplus = responses.size - MAX_KEPT;
      for (const [id, { ended }] of responses) {
        if (surplus-- <= 0) break;
        if (ended) responses.delete(id);
      }
    },
  };
}
