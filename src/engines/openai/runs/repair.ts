import type { Question } from "../../../core/ports/engine.ts";
import type { EngineContext } from "../context.ts";
import { unlessGone } from "../openai-client.ts";
import type { Parts, PreparedRun } from "./prepare-run.ts";

/**
 * After OpenAI refused a request because something in it does not exist (any more): finds what it is by asking for each
 * thing, and forgets it, so that the next preparation makes it anew. It does not read the message of the error: its
 * words are not documented. Returns whether anything was missing.
 */
export async function repair(
  question: Question,
  prepared: PreparedRun,
  context: EngineContext,
  options: Parts & { readonly signal: AbortSignal; readonly thorough: boolean },
): Promise<boolean> {
  const { client, log } = context;
  const { conversations, documents, vectorStores, signal } = options;
  const key = question.conversation;

  if (await conversations.replaceIfGone(key)) return true;

  const scopes = [
    { kind: "channel", key: question.channel },
    { kind: "workspace", key: question.workspace },
  ] as const;
  if (prepared.body.tools !== undefined && (await vectorStores.forgetMissing(scopes))) return true;

  let found = false;
  const inside = (await conversations.ensure(key, signal)).inside;
  for (const { document } of [...question.attached, ...question.available]) {
    const isUsed = prepared.inlined[document.id] !== undefined || inside[document.id] !== undefined;
    if (isUsed && (await documents.forgetIfGone(document))) found = true;
  }

  // A file that an earlier message holds cannot be replaced in it: the conversation goes on without it.
  let isDead = false;
  for (const { fileId } of Object.values(inside)) {
    const file = await unlessGone(client.patiently("Looking for a file", () => client.sdk.files.retrieve(fileId)));
    if (file === undefined) isDead = true;
  }
  if (isDead || (options.thorough && !found)) {
    log.warn("A conversation holds a file that OpenAI no longer has; it goes on in a fresh one.");
    await conversations.rollOver(key, signal);
    return true;
  }
  return found;
}
