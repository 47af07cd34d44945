import type { Document } from "../../../core/document.ts";
import { createKeyedLock } from "../../../core/keyed-lock.ts";
import { react } from "./react.ts";
import { isFileReference } from "../reply-to.ts";
import type { Room } from "../room.ts";

const NOTED = "page_facing_up";
const REFUSED = "warning";

/** Shows what became of a file that was posted without a question, as a reaction on its message. */
export interface NoteMarks {
  showDocument(document: Document, event: "changed" | "removed"): Promise<void>;
}

export function createNoteMarks(room: Room): NoteMarks {
  const lock = createKeyedLock();
  /** The reaction that a message with noted files has. */
  const noted = new Map<string, string>();

  return {
    showDocument({ reference, state, id }, event) {
      if (!isFileReference(reference) || !reference.isNote) return Promise.resolve();
      const wanted = event === "removed" ? null : state === "failed" ? REFUSED : NOTED;
      room.background("show a document", () => lock(id, () => mark(reference, wanted)));
      return Promise.resolve();
    },
  };

  async function mark(message: { channel: string; ts: string }, wanted: string | null): Promise<void> {
    const key = `${message.channel}:${message.ts}`;
    const has = noted.get(key);
    if (has === wanted) return;
    // After a restart it is not known which reaction stands there.
    const others = [NOTED, REFUSED].filter(
      (name) => name !== wanted && (has === undefined ? wanted !== NOTED : name === has),
    );
    for (const name of others) await react(room, "reactions.remove", message, name);
    if (wanted === null) noted.delete(key);
    else {
      await react(room, "reactions.add", message, wanted);
      noted.set(key, wanted);
    }
  }
}
