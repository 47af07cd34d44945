import type { Clock } from "../../../core/ports/system.ts";
import { mayRefuseStream, readFailure } from "../errors.ts";
import type { OpenAIClient } from "../openai-client.ts";
import { withEffort, type ReasoningEffort } from "../reasoning-effort.ts";
import { createResponse, type CreatedRun } from "../runs/create-response.ts";

/** The least that OpenAI takes; with reasoning the answer may well be cut short, which proves as much. */
const MAX_OUTPUT_TOKENS = 16;

/** What a server may lack and still answer. */
export type Ability = "background" | "stream" | "search";

const PARAMETERS: readonly (readonly [Ability, RegExp])[] = [
  ["background", /^background$/],
  ["stream", /^stream$/],
  ["search", /^(?:tools|tool_choice|include)\b/],
];

/** Where a refusal does not say what it is about: what is left out, one after the other. */
const GUESSES: readonly (readonly Ability[])[] = [
  [],
  ["search"],
  ["stream"],
  ["background"],
  ["search", "stream"],
  ["search", "stream", "background"],
];

export interface Question {
  readonly conversation: string | undefined;
  /** What the model is allowed to search in. It is told not to: a search costs more than the answer. */
  readonly vectorStore: string | undefined;
  readonly reasoningEffort: ReasoningEffort | undefined;
  readonly clock: Clock;
}

/**
 * Asks with everything that Docent uses, and again without what the server refuses. A refused request costs nothing.
 * @throws what the SDK throws, when it is refused whatever is left out
 */
export async function askOnce(
  client: OpenAIClient,
  question: Question,
): Promise<{ readonly run: CreatedRun; readonly lacking: ReadonlySet<Ability> }> {
  const named = new Set<Ability>();
  let refusal: unknown;
  let guess = 0;
  while (guess < GUESSES.length) {
    const lacking = new Set([...named, ...(GUESSES[guess] ?? [])]);
    try {
      const stream = !lacking.has("stream");
      const run = await createResponse(toBody(client.model, question, lacking), {
        client,
        clock: question.clock,
        stream,
      });
      return { run, lacking };
    } catch (error) {
      refusal = error;
      const ability = toAbility(error);
      if (ability !== undefined && !lacking.has(ability)) named.add(ability);
      else if (mayRefuseStream(error)) guess += 1;
      else throw error;
    }
  }
  throw refusal;
}

function toBody(model: string, question: Question, lacking: ReadonlySet<Ability>) {
  const { conversation, vectorStore, reasoningEffort } = question;
  const isSearching = vectorStore !== undefined && !lacking.has("search");
  return {
    model,
    input: "Say: ok",
    instructions: "Answer with one word.",
    store: true,
    max_output_tokens: MAX_OUTPUT_TOKENS,
    ...(lacking.has("background") ? {} : { background: true }),
    ...(conversation === undefined ? {} : { conversation }),
    ...(reasoningEffort === undefined ? {} : withEffort(model, reasoningEffort)),
    ...(isSearching ? toSearch(vectorStore) : {}),
  };
}

function toSearch(vectorStore: string) {
  return {
    tools: [{ type: "file_search" as const, vector_store_ids: [vectorStore] }],
    tool_choice: "none" as const,
    include: ["file_search_call.results" as const],
  };
}

function toAbility(error: unknown): Ability | undefined {
  const param = readFailure(error)?.param ?? "";
  return PARAMETERS.find(([, pattern]) => pattern.test(param))?.[0];
}
