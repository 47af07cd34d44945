import { DocentError } from "../../../core/errors.ts";
import type { Question } from "../../../core/ports/engine.ts";
import type { EngineContext } from "../context.ts";

/** The error of a question whose time is over. People are told how many seconds it had. */
export function toDeadlineError(
  what: string,
  question: Pick<Question, "deadlineAt">,
  startedAt: number,
  { deadlineSeconds }: Pick<EngineContext, "deadlineSeconds">,
): DocentError {
  const seconds = deadlineSeconds ?? Math.max(1, Math.round((question.deadlineAt - startedAt) / 1000));
  return new DocentError("run_deadline", what, { details: { seconds } });
}
