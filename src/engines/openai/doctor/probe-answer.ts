import { found, type Diagnosis } from "../../../core/ports/diagnosis.ts";
import type { Clock } from "../../../core/ports/system.ts";
import { toRunError } from "../errors.ts";
import { askOnce, type Question } from "./ask-once.ts";
import { explainLeftovers, explainRefusal, type Asked } from "./explain-refusal.ts";
import type { OpenAIClient } from "../openai-client.ts";
import { deleteTraces } from "./probe-traces.ts";
import type { CreatedRun } from "../runs/create-response.ts";
import { isEnded, type RunResponse } from "../runs/run-stream.ts";
import { toUsage } from "../runs/to-result.ts";

const POLL_MS = 1_000;
const POLLS = 60;

/** Asks one question of a few words in a conversation of its own, as Docent asks every question. */
export async function* probeAnswer(asked: Asked, options: Omit<Question, "conversation">): Diagnosis {
  const { client } = asked;
  const { sdk, model } = client;
  let conversation: string | undefined;
  let runId: string | undefined;
  try {
    conversation = (await sdk.conversations.create({ metadata: { docent: "doctor" } })).id;
    yield found("ok", "openai.conversations", "doctor.openai.conversations_ok");
  } catch (error) {
    yield await explainRefusal(error, { ...asked, subject: "openai.conversations", path: "/conversations" });
  }
  try {
    const { run, lacking } = await askOnce(client, { ...options, conversation });
    runId = run.runId;
    const ended = await waitForEnd(client, run, options.clock);
    run.stream?.close();
    if (ended === undefined) {
      yield found("problem", "openai.answer", "doctor.openai.no_answer", "doctor.openai.status_remedy");
      return;
    }
    if (ended.status === "failed") throw toRunError(ended.error?.code ?? null, ended.id);
    const cost = toUsage(ended)?.costUsd ?? null;
    yield cost === null
      ? found("ok", "openai.answer", ["doctor.openai.answer_ok", { model }])
      : found("ok", "openai.answer", ["doctor.openai.answer_cost", { model, cost }]);
    yield !lacking.has("background") && ended.background === true
      ? found("ok", "openai.background", "doctor.openai.background_ok")
      : found("problem", "openai.background", "doctor.openai.no_background", "doctor.openai.server_remedy");
    yield found(
      "ok",
      "openai.streams",
      run.stream === undefined ? "doctor.openai.no_streams" : "doctor.openai.streams_ok",
    );
    if (options.vectorStore === undefined) return;
    yield lacking.has("search")
      ? found("problem", "openai.file_search", "doctor.openai.no_search", "doctor.openai.server_remedy")
      : found("ok", "openai.file_search", "doctor.openai.search_ok");
  } catch (error) {
    yield await explainRefusal(error, { ...asked, subject: "openai.answer", path: "/responses" });
  } finally {
    const left = await deleteTraces(client, { runId, conversation });
    if (left.length > 0) yield explainLeftovers(left);
  }
}

async function waitForEnd(client: OpenAIClient, run: CreatedRun, clock: Clock): Promise<RunResponse | undefined> {
  if (run.response !== undefined && isEnded(run.response)) return run.response;
  for (let poll = 0; poll < POLLS; poll += 1) {
    // Asked for also where it streams: after a restart Docent knows nothing but the id.
    const seen = await client.sdk.responses.retrieve(run.runId);
    if (isEnded(seen)) return seen;
    await clock.sleep(POLL_MS);
  }
  return undefined;
}
