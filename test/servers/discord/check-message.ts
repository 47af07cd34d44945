import { ApiFault, invalidField, type Json } from "./fault.ts";

const FLAGS = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, suppressNotifications: 1 << 12 };
const MENTION_KINDS = ["roles", "users", "everyone"];

export interface CheckedMessage {
  readonly content: string;
  readonly flags: number;
  readonly components: readonly Json[];
  readonly mentions: { readonly parse: readonly string[]; readonly users: readonly string[]; repliedUser: boolean };
}

/** Refuses what Discord refuses in a message (resources/message.mdx). @throws ApiFault 50035, 50006 */
export function checkMessage(
  body: Json,
  options: { isInteraction?: boolean; mayBeEmpty?: boolean } = {},
): CheckedMessage {
  const content = body["content"] ?? "";
  if (typeof content !== "string") throw invalidField("content", "STRING_TYPE_CONVERT", "Could not interpret.");
  if (content.length > 2000) {
    throw invalidField("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.");
  }
  const components = checkComponents(body["components"] ?? []);
  const embeds = Array.isArray(body["embeds"]) ? body["embeds"] : [];
  if (embeds.length > 10) throw invalidField("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
  if (content.trim() === "" && embeds.length === 0 && components.length === 0 && options.mayBeEmpty !== true) {
    throw new ApiFault(50006);
  }
  const flags = Number(body["flags"] ?? 0);
  const allowed = FLAGS.suppressEmbeds | FLAGS.suppressNotifications | (options.isInteraction ? FLAGS.ephemeral : 0);
  if ((flags & ~allowed) !== 0) throw invalidField("flags", "MESSAGE_INVALID_FLAGS", "Flags are not allowed here.");
  return { content, flags, components, mentions: checkAllowedMentions(body["allowed_mentions"]) };
}

/** The nonce of a message, if it may be used to tell repeats. @throws ApiFault 50035 */
export function checkNonce(body: Json): string | null {
  const nonce = body["nonce"];
  if (nonce === undefined || nonce === null) return null;
  if (typeof nonce !== "string" && typeof nonce !== "number") {
    throw invalidField("nonce", "NONCE_TYPE_CONVERT", "Could not interpret.");
  }
  if (String(nonce).length > 25) {
    throw invalidField("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  }
  return body["enforce_nonce"] === true ? String(nonce) : null;
}

function checkAllowedMentions(value: unknown): CheckedMessage["mentions"] {
  if (value === undefined || value === null) return { parse: MENTION_KINDS, users: [], repliedUser: true };
  const { parse = [], users = [], replied_user: repliedUser = false } = value as Json;
  if (!isStrings(parse) || parse.some((kind) => !MENTION_KINDS.includes(kind))) {
    throw invalidField("allowed_mentions.parse", "BASE_TYPE_CHOICES", `Value must be one of ${MENTION_KINDS.join()}.`);
  }
  if (!isStrings(users) || (users.length > 0 && parse.includes("users"))) {
    throw invalidField("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse and users exclude.");
  }
  return { parse, users, repliedUser: repliedUser === true };
}

/** Rows of buttons: 5 rows of 5, ids of 100 characters that differ, labels of 80. @throws ApiFault 50035 */
export function checkComponents(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) throw invalidField("components", "LIST_TYPE_CONVERT", "Only iterables may be used.");
  const rows = value as readonly Json[];
  const wrong = (message: string): ApiFault => invalidField("components", "COMPONENT_INVALID", message);
  if (rows.length > 5) throw wrong("Must be 5 or fewer rows.");
  const ids = new Set<string>();
  for (const row of rows) {
    const buttons = row["components"];
    if (row["type"] !== 1 || !Array.isArray(buttons)) throw wrong("Only rows of buttons are known here.");
    if (buttons.length === 0 || buttons.length > 5) throw wrong("A row holds 1 to 5 buttons.");
    for (const button of buttons as readonly Json[]) {
      const { type, style, label, custom_id: id, emoji } = button;
      if (type !== 2) throw wrong("Only buttons are known here.");
      if (typeof label === "string" ? label.length > 80 : emoji === undefined)
        throw wrong("Label: 1 to 80 characters.");
      if (![1, 2, 3, 4].includes(Number(style))) throw wrong("Style of a button with custom_id: 1 to 4.");
      if (typeof id !== "string" || id.length === 0 || id.length > 100) throw wrong("custom_id: 1 to 100 characters.");
      if (ids.has(id)) throw wrong("COMPONENT_CUSTOM_ID_DUPLICATED");
      ids.add(id);
    }
  }
  return rows;
}

/** A modal: title of 45, 1 to 5 labelled inputs. @throws ApiFault 50035 */
export function checkModal(modal: Json): void {
  const { title, custom_id: id, components } = modal;
  const wrong = (message: string): ApiFault => invalidField("data", "MODAL_INVALID", message);
  if (typeof title !== "string" || title.length === 0 || title.length > 45) throw wrong("Title: 1 to 45 characters.");
  if (typeof id !== "string" || id.length === 0 || id.length > 100) throw wrong("custom_id: 1 to 100 characters.");
  if (!Array.isArray(components) || components.length === 0 || components.length > 5) throw wrong("1 to 5 components.");
  for (const label of components as readonly Json[]) {
    const input = label["component"] as Json | undefined;
    if (label["type"] !== 18 || input?.["type"] !== 4) throw wrong("Only labels with text inputs are known here.");
    const text = label["label"];
    if (typeof text !== "string" || text.length === 0 || text.length > 45) throw wrong("Label: 1 to 45 characters.");
    if (![1, 2].includes(Number(input["style"]))) throw wrong("Style: 1 or 2.");
    if (Number(input["max_length"] ?? 4000) > 4000) throw wrong("max_length: at most 4000.");
    if (typeof input["placeholder"] === "string" && input["placeholder"].length > 100)
      throw wrong("placeholder: at most 100 characters.");
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
