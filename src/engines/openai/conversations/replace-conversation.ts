import { crashPoint } from "../../../core/crash-point.ts";
import type { EngineContext } from "../context.ts";
import { deleteConversation } from "./conversation-items.ts";
import { changeRecord, toRecord } from "./conversation-records.ts";
import { toItems, toTraces, type TurnWords } from "./conversation-turns.ts";
import { createConversation, fillConversation } from "./fresh-conversation.ts";
import { toNotesText, type Chapter } from "./notes.ts";
import type { ConversationRecord, InsideFile } from "../records.ts";

/** What a fresh conversation begins with. */
export interface Beginning {
  readonly notes: readonly Chapter[];
  readonly turns: readonly TurnWords[];
  /** Files that stay inside with their turns, by our document id. */
  readonly inside: Readonly<Record<string, InsideFile>>;
}

/**
 * Puts a fresh conversation in the place of the present one, if `mayGoOn` is true of the record until the end. Returns
 * whether that was done. To be called under `lockPast`. Until it is complete the fresh one stands in the record as
 * `filling`: a crash leaves nothing that nobody knows of.
 */
export async function replaceConversation(
  key: string,
  { notes, turns, inside }: Beginning,
  context: EngineContext,
  { mayGoOn, signal }: { mayGoOn: (record: ConversationRecord) => boolean; signal: AbortSignal },
): Promise<boolean> {
  const id = await createConversation(context, key, signal);
  const before = await changeRecord(context, key, (record) =>
    mayGoOn(record) ? { ...record, retired: [...record.retired, ...leftOver(record)], filling: id } : record,
  );
  if (before === undefined || !mayGoOn(before)) {
    await deleteConversation(context, id);
    return false;
  }
  crashPoint("renewal: conversation noted");
  const keptFiles = new Set(Object.values(inside).map(({ fileId }) => fileId));
  const text = toNotesText(notes);
  const first = text === "" ? [] : [{ type: "message" as const, role: "user" as const, content: text }];
  const isFilled = await fillConversation(context, id, [...first, ...toItems(turns, keptFiles)], signal).catch(
    async (error: unknown) => {
      await changeRecord(context, key, (record) => withoutFilling(record, id));
      throw error;
    },
  );
  crashPoint("renewal: filled, not swapped");
  const isSame = (record: ConversationRecord): boolean =>
    isFilled && record.conversationId === before.conversationId && record.filling === id && mayGoOn(record);
  const last = await changeRecord(context, key, (record) => {
    if (!isSame(record)) return withoutFilling(record, id);
    const leaving = Object.keys(record.inside).filter((each) => inside[each] === undefined);
    return {
      ...toRecord(id),
      inside,
      left: [...new Set([...record.left, ...leaving])],
      retired: [...record.retired, record.conversationId],
      unfinished: record.unfinished,
      turns: turns.length,
      endedTurn: record.endedTurn,
      purges: record.purges,
      notes,
      traces: toTraces(turns),
    };
  });
  return last !== undefined && isSame(last);
}

/** One that a crash left behind half filled. */
function leftOver({ filling }: ConversationRecord): string[] {
  return filling === undefined ? [] : [filling];
}

function withoutFilling(record: ConversationRecord, id: string): ConversationRecord {
  return record.filling === id ? { ...record, filling: undefined, retired: [...record.retired, id] } : record;
}
