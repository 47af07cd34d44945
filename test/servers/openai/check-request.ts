import type { ServerContext } from "./context.ts";
import { extensionOf, isImage } from "./file-routes.ts";
import { ApiFault } from "./http.ts";
import { contentParts, isJson, newId, textOf, type Item, type Json } from "./state.ts";

const PARAMETERS = new Set(
  `background context_management conversation include input instructions max_output_tokens max_tool_calls metadata model
  moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention
  reasoning safety_identifier service_tier store stream stream_options temperature text tool_choice tools top_logprobs
  top_p truncation user`.split(/\s+/),
);

const INCLUDABLE = new Set([
  "file_search_call.results",
  "web_search_call.results",
  "web_search_call.action.sources",
  "message.input_image.image_url",
  "computer_call_output.output.image_url",
  "code_interpreter_call.outputs",
  "reasoning.encrypted_content",
  "message.output_text.logprobs",
]);

const TOOLS = new Set([
  "file_search",
  "web_search",
  "function",
  "code_interpreter",
  "image_generation",
  "mcp",
  "custom",
]);

const INPUT_FILE_EXTENSIONS = new Set(
  `pdf xla xlb xlc xlm xls xlsx xlt xlw csv tsv iif doc docx dot odt rtf pot ppa pps ppt pptx pwz wiz
  asm bat c cc conf cpp css cxx def dic eml h hh htm html ics ifb in js json ksh list log markdown md mht mhtml mime mjs
  nws pl py rst s sql srt text txt vcf vtt xml`.split(/\s+/),
);

const MAX_INLINE_BYTES = 50 * 1024 * 1024;

/** Refuses what the vendor refuses in the body of `POST /responses`. */
export function checkResponseRequest({ state, behaviour }: ServerContext, body: Json): void {
  for (const name of Object.keys(body)) {
    if (!PARAMETERS.has(name)) {
      throw new ApiFault(400, `Unknown parameter: '${name}'.`, { param: name, code: "unknown_parameter" });
    }
  }
  const model = textOf(body["model"]);
  if (model === "")
    throw new ApiFault(400, "Missing required parameter: 'model'.", {
      param: "model",
      code: "missing_required_parameter",
    });
  if (!behaviour.models.includes(model)) {
    throw new ApiFault(404, `The model '${model}' does not exist or you do not have access to it.`, {
      code: "model_not_found",
    });
  }
  if (body["conversation"] !== undefined && body["previous_response_id"] !== undefined) {
    throw invalid("previous_response_id", "Mutually exclusive parameters: 'conversation' and 'previous_response_id'.");
  }
  if (body["background"] === true && !behaviour.supportsBackground)
    throw invalid("background", "Background is not supported.");
  if (body["stream"] === true && behaviour.supportsStream === false)
    throw invalid("stream", "Streams are not supported.");
  const maxTokens = body["max_output_tokens"];
  if (maxTokens !== undefined && (typeof maxTokens !== "number" || maxTokens < 16)) {
    throw new ApiFault(400, "Expected a value >= 16.", { param: "max_output_tokens", code: "integer_below_min_value" });
  }
  if (textOf(body["safety_identifier"]).length > 64) throw invalid("safety_identifier", "At most 64 characters.");
  if (textOf(body["prompt_cache_key"]).length > 64) throw invalid("prompt_cache_key", "At most 64 characters.");
  checkMetadata(body["metadata"]);
  for (const entry of asList(body["include"])) {
    if (!INCLUDABLE.has(textOf(entry))) throw invalid("include", `Invalid value: '${textOf(entry)}'.`);
  }
  for (const tool of asList(body["tools"]).filter(isJson)) {
    if (!TOOLS.has(textOf(tool["type"]))) throw invalid("tools", `Invalid tool type '${textOf(tool["type"])}'.`);
    if (tool["type"] !== "file_search") continue;
    if (behaviour.supportsFileSearch !== true) {
      const param = behaviour.supportsFileSearch === "unnamed" ? null : "tools[0].type";
      throw new ApiFault(400, "Tools of the type 'file_search' are not supported.", { param });
    }
    const ids = asList(tool["vector_store_ids"]);
    if (ids.length === 0) throw invalid("tools", "'vector_store_ids' must not be empty.");
    if (ids.length > 2) throw new ApiFault(400, "maximum of 2 vector stores allowed", { param: "tools" });
    for (const id of ids) {
      if (!state.vectorStores.has(textOf(id)))
        throw new ApiFault(404, `Vector store with id ['${textOf(id)}'] not found.`);
    }
    const limit = tool["max_num_results"];
    if (limit !== undefined && (typeof limit !== "number" || limit < 1 || limit > 50)) {
      throw invalid("tools", "'max_num_results' must be between 1 and 50.");
    }
  }
}

export function checkMetadata(value: unknown): void {
  if (value === undefined || value === null) return;
  if (!isJson(value)) throw invalid("metadata", "Metadata must be an object.");
  const entries = Object.entries(value);
  if (entries.length > 16) throw invalid("metadata", "At most 16 pairs.");
  for (const [key, entry] of entries) {
    if (key.length > 64) throw invalid("metadata", "A key has at most 64 characters.");
    if (typeof entry === "string" && entry.length > 512)
      throw invalid("metadata", "A value has at most 512 characters.");
  }
}

/** The items of a request's `input` as they are kept, checked part by part. */
export function toInputItems(context: ServerContext, input: unknown): Item[] {
  if (typeof input === "string") return [toMessage("user", [{ type: "input_text", text: input }])];
  const items = asList(input)
    .filter(isJson)
    .map((item) => {
      const role = textOf(item["role"]);
      if (!["user", "assistant", "system", "developer"].includes(role))
        throw invalid("input", `Invalid role '${role}'.`);
      if (item["file_ids"] !== undefined) throw invalid("input", "Unknown parameter: 'input[0].file_ids'.");
      const content = item["content"];
      const partType = role === "assistant" ? "output_text" : "input_text";
      const parts = typeof content === "string" ? [{ type: partType, text: content }] : contentParts(item);
      if (parts.length === 0) throw invalid("input", "'content' must not be empty.");
      for (const part of parts) checkPart(context, part, role);
      return toMessage(
        role,
        parts.map((part) => withFilename(context, part)),
      );
    });
  if (items.length === 0 && !Array.isArray(input)) {
    throw new ApiFault(400, "Missing required parameter: 'input'.", {
      param: "input",
      code: "missing_required_parameter",
    });
  }
  const bytes = items
    .flatMap(contentParts)
    .filter((part) => part["type"] === "input_file")
    .reduce((sum, part) => sum + (context.state.files.get(textOf(part["file_id"]))?.bytes.length ?? 0), 0);
  if (bytes >= MAX_INLINE_BYTES) throw invalid("input", "Files in one request must be under 50 MB in total.");
  return items;
}

function checkPart({ state, behaviour }: ServerContext, part: Json, role: string): void {
  const type = textOf(part["type"]);
  const allowed = role === "assistant" ? ["output_text", "refusal"] : ["input_text", "input_file", "input_image"];
  if (!allowed.includes(type)) throw invalid("input", `Invalid content type '${type}' for the role '${role}'.`);
  if (type === "input_image" && part["detail"] === undefined) throw invalid("input", "'detail' is required.");
  if (type !== "input_file" && type !== "input_image") return;
  const id = textOf(part["file_id"]);
  const file = state.files.get(id);
  if (file === undefined) throw missingFile(id, behaviour.missingFileStatus);
  if (type === "input_image" && !isImage(file)) throw invalid("input", "The file is not an image.");
  if (type === "input_file" && !INPUT_FILE_EXTENSIONS.has(extensionOf(file.filename))) {
    throw new ApiFault(400, `Invalid input: .${extensionOf(file.filename)} files are not supported.`, {
      param: "input",
      code: "unsupported_file",
    });
  }
}

export function missingFile(id: string, status: 400 | 404): ApiFault {
  return new ApiFault(status, `The file with id '${id}' was not found.`, { param: "input" });
}

function withFilename({ state }: ServerContext, part: Json): Json {
  const file = state.files.get(textOf(part["file_id"]));
  return part["type"] === "input_file" && file !== undefined ? { ...part, filename: file.filename } : part;
}

function toMessage(role: string, parts: readonly Json[]): Item {
  const content = parts.map((part) =>
    part["type"] === "output_text" ? { annotations: [], logprobs: [], ...part } : part,
  );
  return { id: newId("msg_"), type: "message", status: "completed", role, content };
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function invalid(param: string, message: string): ApiFault {
  return new ApiFault(400, message, { param, code: "invalid_value" });
}
