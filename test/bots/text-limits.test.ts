import { describe, expect, it } from "vitest";
import type { TextKey } from "../../src/core/texts/language.ts";
import { LANGUAGE_TAGS } from "../../src/core/texts/languages.ts";
import { text } from "../../src/core/texts/text.ts";
import { texts as english } from "../../src/core/texts/en.ts";

const ALL = Object.keys(english) as TextKey[];
const describesCommand = (key: TextKey): boolean => /^discord\.(?:command|option)(?:_|$)/.test(key);

/** Characters that a field takes, and the texts that go into it; a name of a document on a button has 40 at most. */
const FIELDS: readonly { readonly field: string; readonly limit: number; readonly keys: readonly TextKey[] }[] = [
  {
    field: "a button on Slack (block-kit/block-elements/button-element)",
    limit: 75,
    keys: ["slack.helpful", "slack.not_helpful", "slack.retry", "slack.stop"],
  },
  { field: "a button of a command on Slack", limit: 75, keys: ["command.remove.button", "command.forget.button"] },
  {
    field: "a modal's title and buttons on Slack (surfaces/modals)",
    limit: 24,
    keys: ["slack.modal_title", "slack.modal_submit", "slack.modal_close"],
  },
  { field: "a label or hint in a modal on Slack", limit: 2000, keys: ["slack.modal_label", "slack.modal_hint"] },
  {
    field: "a button on Discord",
    limit: 80,
    keys: [
      "discord.helpful",
      "discord.not_helpful",
      "discord.retry",
      "discord.stop",
      "command.remove.button",
      "command.forget.button",
    ],
  },
  { field: "a description of a command or option on Discord", limit: 100, keys: ALL.filter(describesCommand) },
  {
    field: "the name of a message command on Discord",
    limit: 32,
    keys: ["discord.message_command_ask", "discord.message_command_knowledge"],
  },
  {
    field: "the title of a modal and its label on Discord",
    limit: 45,
    keys: ["discord.modal_title", "discord.modal_question"],
  },
  { field: "a message on Discord", limit: 2000, keys: ALL },
];

const VALUES = { name: "x".repeat(40) };

describe.for(LANGUAGE_TAGS)("texts in %s", (tag) => {
  it.for(FIELDS)("fit $field: $limit characters", ({ limit, keys }) => {
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => text(key, tag, VALUES).length > limit)).toEqual([]);
  });

  it("fit a message on Discord together where two become one: the help with what cannot be seen", () => {
    const help = `${text("command.help", tag)}\n\n${text("discord.help_no_content", tag)}`;
    expect(help.length).toBeLessThanOrEqual(2000);
  });

  it("name the menu of a message as the client shows it", () => {
    const ask = text("discord.message_command_ask", tag);
    expect(text("discord.cannot_read", tag)).toContain(ask);
    expect(text("discord.help_no_content", tag)).toContain(ask);
    const add = text("discord.message_command_knowledge", tag);
    for (const key of ["command.knowledge.none", "command.knowledge.add"] as const) {
      expect(text(key, tag)).toContain(add);
      // Slack does not translate the names of shortcuts.
      expect(text(key, tag)).toContain("Add to team knowledge");
    }
    expect(text("slack.modal_failed", tag)).toContain("Ask Docent about this");
  });
});
