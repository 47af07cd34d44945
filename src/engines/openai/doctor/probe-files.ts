import { toFile } from "openai";
import { found, type Finding } from "../../../core/ports/diagnosis.ts";
import type { Clock } from "../../../core/ports/system.ts";
import { explainRefusal, type Asked } from "./explain-refusal.ts";

const NAME = "docent-doctor.txt";
const TEXT = "Docent checks whether files can be kept here.\n";
const POLL_MS = 500;
const POLLS = 120;

/** What was made for the check, and is to be deleted again. */
export interface Shelf {
  readonly file: string | undefined;
  readonly vectorStore: string | undefined;
  readonly isFilled: boolean;
  readonly findings: readonly Finding[];
}

/** Puts a file of a few bytes into a vector store. Indexing goes on meanwhile. */
export async function fillShelf(asked: Asked): Promise<Shelf> {
  const { sdk } = asked.client;
  const findings: Finding[] = [];
  let file: string | undefined;
  let vectorStore: string | undefined;
  let isFilled = false;
  try {
    const upload = await toFile(Buffer.from(TEXT), NAME);
    file = (await sdk.files.create({ file: upload, purpose: "user_data" })).id;
    findings.push(found("ok", "openai.files", "doctor.openai.files_ok"));
  } catch (error) {
    findings.push(await explainRefusal(error, { ...asked, subject: "openai.files", path: "/files" }));
  }
  try {
    vectorStore = (await sdk.vectorStores.create({ name: NAME })).id;
    if (file !== undefined) {
      await sdk.vectorStores.files.create(vectorStore, { file_id: file });
      isFilled = true;
    }
  } catch (error) {
    findings.push(await explainRefusal(error, { ...asked, subject: "openai.vector_stores", path: "/vector_stores" }));
  }
  return { file, vectorStore, isFilled, findings };
}

/** Waits until the file can be searched, for up to a minute; null when there is nothing to wait for. */
export async function awaitIndex(asked: Asked, shelf: Shelf, clock: Clock): Promise<Finding | null> {
  const { file, vectorStore, isFilled } = shelf;
  if (!isFilled || file === undefined || vectorStore === undefined) return null;
  const subject = "openai.vector_stores";
  try {
    for (let poll = 0; poll < POLLS; poll += 1) {
      const { status, last_error } = await asked.client.sdk.vectorStores.files.retrieve(file, {
        vector_store_id: vectorStore,
      });
      if (status === "completed") return found("ok", subject, "doctor.openai.stores_ok");
      if (status !== "in_progress") {
        const reason = toReason(last_error?.code) ?? toReason(status) ?? "–";
        return found("problem", subject, ["doctor.openai.index_failed", { reason }], "doctor.openai.status_remedy");
      }
      await clock.sleep(POLL_MS);
    }
    return found("warning", subject, "doctor.openai.index_slow", "doctor.openai.status_remedy");
  } catch (error) {
    return await explainRefusal(error, { ...asked, subject, path: "/vector_stores" });
  }
}

/** A word: another server may send anything in its place. */
function toReason(code: unknown): string | null {
  return typeof code === "string" && /^[a-z_]{1,40}$/.test(code) ? code : null;
}
