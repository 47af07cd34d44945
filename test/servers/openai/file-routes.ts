import { param, type Call, type Handler, type ServerContext } from "./context.ts";
import { ApiFault, notFound, toPage } from "./http.ts";
import { readMultipart } from "./multipart.ts";
import { newId, seconds, type Json, type StoredFile } from "./state.ts";

const PURPOSES = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"];
const MAX_FILE_BYTES = 512 * 1024 * 1024;
const IMAGE_EXTENSIONS = ["png", "jpg", "jpeg", "webp", "gif"];

export const createFile: Handler = async ({ state }, call) => {
  const { fields, file } = await readMultipart(call.request);
  const purpose = fields["purpose"] ?? "";
  if (!PURPOSES.includes(purpose))
    throw new ApiFault(400, `'${purpose}' is not one of ${PURPOSES.join(", ")}`, { param: "purpose" });
  if (file === null) throw new ApiFault(400, "'file' is a required property", { param: "file" });
  if (file.bytes.length === 0) throw new ApiFault(400, "File is empty.", { param: "file" });
  if (file.bytes.length > MAX_FILE_BYTES) throw new ApiFault(413, "File is too large.", { param: "file" });
  const extension = extensionOf(file.name);
  if (purpose === "vision" && !IMAGE_EXTENSIONS.includes(extension)) {
    throw new ApiFault(400, `Invalid file format .${extension} for vision.`, { param: "file" });
  }
  const stored: StoredFile = {
    id: newId("file-"),
    filename: file.name,
    purpose,
    bytes: file.bytes,
    createdAt: seconds(),
  };
  state.files.set(stored.id, stored);
  return { status: 200, json: toFileJson(stored) };
};

export const listFiles: Handler = ({ state }, { query }) => {
  const purpose = query.get("purpose");
  const files = [...state.files.values()].filter((file) => purpose === null || file.purpose === purpose);
  return { status: 200, json: toPage(files, query, { idOf: (file) => file.id, toJson: toFileJson }) };
};

export const retrieveFile: Handler = (context, call) => ({ status: 200, json: toFileJson(fileOf(context, call)) });

export const fileContent: Handler = (context, call) => {
  const file = fileOf(context, call);
  if (file.purpose === "user_data" || file.purpose === "vision") {
    throw new ApiFault(400, `Not allowed to download files of purpose: ${file.purpose}`);
  }
  return { status: 200, bytes: file.bytes };
};

/** Deletes a file, and takes it out of every vector store, as the vendor says it does. */
export const deleteFile: Handler = (context, call) => {
  const file = fileOf(context, call);
  context.state.files.delete(file.id);
  for (const store of context.state.vectorStores.values()) store.files.delete(file.id);
  return { status: 200, json: { id: file.id, object: "file", deleted: true } };
};

export function extensionOf(filename: string): string {
  const dot = filename.lastIndexOf(".");
  return dot < 0 ? "" : filename.slice(dot + 1).toLowerCase();
}

export function isImage(file: StoredFile): boolean {
  return IMAGE_EXTENSIONS.includes(extensionOf(file.filename));
}

function fileOf({ state }: ServerContext, call: Call): StoredFile {
  const id = param(call, 0);
  const file = state.files.get(id);
  if (file === undefined) throw notFound("File object", id);
  return file;
}

function toFileJson(file: StoredFile): Json {
  return {
    id: file.id,
    object: "file",
    bytes: file.bytes.length,
    created_at: file.createdAt,
    filename: file.filename,
    purpose: file.purpose,
    status: "processed",
  };
}
