import type { Engine, Question } from "../../src/core/ports/engine.ts";
import { sampleUsage } from "./sample-data.ts";
import { createScriptedEngine, plainResult, type ScriptedEngine } from "./scripted-engine.ts";

export type PricedEngine = ScriptedEngine &
  Required<Pick<Engine, "estimate">> & {
    /** What it expects a question to cost, in USD. */
    expects: (question: Question) => number | null;
    /** What a question does cost. */
    costs: (question: Question) => number | null;
    /** What it has billed in all. */
    billed(): number;
  };

/** A scripted engine that costs money: a cent for a question, as it expects, unless the test says otherwise. */
export function createPricedEngine(name = "model"): PricedEngine {
  let billed = 0;
  const scripted = createScriptedEngine(name);
  const engine: PricedEngine = Object.assign(scripted, {
    expects: () => 0.01,
    costs: () => 0.01,
    billed: () => billed,
    estimate: (question: Question) => Promise.resolve(engine.expects(question)),
  });
  scripted.answer = (question) => {
    const costUsd = engine.costs(question);
    billed += costUsd ?? 0;
    return plainResult(`Answer to: ${question.text}`, { usage: sampleUsage({ costUsd }) });
  };
  return engine;
}
