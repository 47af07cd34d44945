import type { ConversationRecord } from "../../src/engines/openai/records.ts";
import type { Records } from "../open-records.ts";
import { MOVING, toMovedTurnId, type Moving, type Reason } from "./move-channel.ts";

/** What `moveChannel` would find: why it would leave a channel as it is, or null. Changes nothing. */
export async function foresee(
  conversation: string,
  records: Pick<Records, "get" | "turn"> | null,
  replace: boolean,
): Promise<Reason | null> {
  if (records === null) return null;
  const begun = await records.get<Moving>(MOVING, conversation);
  const isThere = (await records.get<ConversationRecord>("openai-conversations", conversation)) !== undefined;
  const turn = await records.turn(toMovedTurnId(conversation));
  if (begun?.step === "putting" && isThere) return "moved-before";
  if (replace) return null;
  if (isThere) return turn === "known" ? "moved-before" : "has-conversation";
  if (begun !== undefined || turn === undefined) return null;
  return turn === "known" ? "moved-before" : "forgotten-since";
}
