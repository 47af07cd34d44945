import { toFile } from "openai";
import { found, type Diagnosis } from "../../../core/ports/diagnosis.ts";
import { explainLeftovers, explainRefusal, type Asked } from "./explain-refusal.ts";
import { deleteTraces } from "./probe-traces.ts";

const NAME = "docent-doctor.txt";
const TEXT = "Docent checks whether files can be kept here.\n";

/** Keeps a file of a few bytes in a vector store for a moment. */
export async function* probeFiles(asked: Asked): Diagnosis {
  const { client } = asked;
  const { sdk } = client;
  let file: string | undefined;
  let vectorStore: string | undefined;
  try {
    try {
      const upload = await toFile(Buffer.from(TEXT), NAME);
      file = (await sdk.files.create({ file: upload, purpose: "user_data" })).id;
      yield found("ok", "openai.files", "doctor.openai.files_ok");
    } catch (error) {
      yield await explainRefusal(error, { ...asked, subject: "openai.files", path: "/files" });
    }
    try {
      vectorStore = (await sdk.vectorStores.create({ name: NAME })).id;
      if (file !== undefined) await sdk.vectorStores.files.create(vectorStore, { file_id: file });
      yield found("ok", "openai.vector_stores", "doctor.openai.stores_ok");
    } catch (error) {
      yield await explainRefusal(error, { ...asked, subject: "openai.vector_stores", path: "/vector_stores" });
    }
  } finally {
    const left = await deleteTraces(client, { vectorStore, file });
    if (left.length > 0) yield explainLeftovers(left);
  }
}
