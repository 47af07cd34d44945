import { refuse, toText } from "./http.ts";
import type { Json } from "./world.ts";

const MAX_BLOCKS = 50;
const MAX_MARKDOWN = 12_000;
/** Observed, not documented (bolt-js#2509). */
const MAX_CHARACTERS = 13_200;

const KNOWN = ["actions", "context", "context_actions", "divider", "header", "input", "markdown", "section"];

/** Refuses blocks as Slack does: too many, too long, unknown, or with elements that their block does not take. */
export function checkBlocks(blocks: unknown, where: "message" | "modal" = "message"): readonly Json[] {
  if (blocks === undefined) return [];
  if (!Array.isArray(blocks)) return refuse("invalid_blocks_format");
  if (blocks.length > (where === "modal" ? 100 : MAX_BLOCKS)) refuse("invalid_blocks", why("too many blocks"));
  const all = blocks as readonly Json[];
  const actionIds = all.flatMap(elementsOf).map((element) => element["action_id"]);
  const named = actionIds.filter((id) => id !== undefined);
  if (new Set(named).size !== named.length) refuse("invalid_blocks", why("an action_id stands twice"));
  for (const block of all) checkBlock(block);
  const markdown = all.filter(({ type }) => type === "markdown").map(({ text }) => toText(text));
  if (markdown.join("").length > MAX_MARKDOWN) refuse("invalid_blocks", why("more than 12000 characters of markdown"));
  if (JSON.stringify(all).length > MAX_CHARACTERS * 2 || textLength(all) > MAX_CHARACTERS)
    refuse("msg_blocks_too_long");
  return all;
}

/** Everything that a person reads in blocks: texts and the labels of buttons, as a transcript shows them. */
export function readBlocks(blocks: readonly Json[]): string {
  return blocks
    .map((block) => {
      if (block["type"] === "markdown") return toText(block["text"]);
      if (block["type"] === "section" || block["type"] === "header") return plain(block["text"]);
      const labels = elementsOf(block).flatMap((element) =>
        element["type"] === "feedback_buttons"
          ? [plain((element["positive_button"] as Json)["text"]), plain((element["negative_button"] as Json)["text"])]
          : [plain(element["text"])],
      );
      return labels.map((label) => `[${label}]`).join(" ");
    })
    .filter(Boolean)
    .join("\n");
}

export function elementsOf(block: Json): readonly Json[] {
  const { elements, element } = block;
  if (Array.isArray(elements)) return elements as readonly Json[];
  return typeof element === "object" && element !== null ? [element as Json] : [];
}

function checkBlock(block: Json): void {
  const type = toText(block["type"]);
  if (!KNOWN.includes(type)) refuse("invalid_blocks", why(`unsupported type: ${type}`));
  const elements = elementsOf(block);
  if (type === "markdown" && toText(block["text"] ?? "") === "") refuse("invalid_blocks", why("empty markdown"));
  if (type === "section" && plain(block["text"]).length > 3_000) refuse("invalid_blocks", why("section over 3000"));
  if (type === "header" && plain(block["text"]).length > 150) refuse("invalid_blocks", why("header over 150"));
  if (type === "actions" && (elements.length === 0 || elements.length > 25)) refuse("invalid_blocks", why("actions"));
  if (type === "context_actions") {
    const fit = elements.every((one) => one["type"] === "feedback_buttons" || one["type"] === "icon_button");
    if (!fit || elements.length === 0 || elements.length > 5) refuse("invalid_blocks", why("context_actions"));
  }
  for (const element of elements) checkElement(element);
}

function checkElement(element: Json): void {
  if (toText(element["action_id"] ?? "").length > 255) refuse("invalid_blocks", why("action_id over 255"));
  if (element["type"] === "button") {
    const label = plain(element["text"]);
    if (label === "" || label.length > 75) refuse("invalid_blocks", why("a button's text has 1 to 75 characters"));
    if (toText(element["value"] ?? "").length > 2_000) refuse("invalid_blocks", why("value over 2000"));
    if (!["primary", "danger", undefined].includes(element["style"] as string)) refuse("invalid_blocks", why("style"));
  }
  if (element["type"] === "feedback_buttons") {
    for (const key of ["positive_button", "negative_button"]) {
      const { text, value } = element[key] as Json;
      if (plain(text) === "" || plain(text).length > 75 || toText(value ?? "") === "")
        refuse("invalid_blocks", why(key));
    }
  }
}

function plain(text: unknown): string {
  return typeof text === "object" && text !== null ? toText((text as Json)["text"] ?? "") : "";
}

function textLength(blocks: readonly Json[]): number {
  return readBlocks(blocks).length;
}

function why(message: string): Json {
  return { response_metadata: { messages: [`[ERROR] ${message}`] } };
}
