import { describe, expect, it } from "vitest";
import { toDiscordMarkdown } from "../../../src/bots/discord/posting/discord-markdown.ts";
import { renderAnswer } from "../../../src/bots/discord/posting/render-answer.ts";
import { widthOf } from "../../../src/bots/discord/posting/render-table.ts";
import type { Answer } from "../../../src/core/turn.ts";
import { sampleDocument } from "../../fakes/sample-data.ts";

const GAP = "\u200b";

describe("Markdown for Discord", () => {
  it.for([
    { label: "headings", from: "# One\n## Two ##\n### Three\n#### Four", to: "### One\n### Two\n### Three\n**Four**" },
    { label: "emphasis", from: "**bold** *it* ~~no~~ __strong__", to: "**bold** *it* ~~no~~ **strong**" },
    { label: "names with underscores", from: "call my__init__ and snake_case", to: "call my__init__ and snake_case" },
    { label: "lists", from: "* a\n+ b\n  - c\n1. d", to: "* a\n- b\n  - c\n1. d" },
    { label: "tasks", from: "- [ ] open\n- [x] done", to: "- ☐ open\n- ☑ done" },
    { label: "rules", from: "a\n\n---\n\nb", to: "a\n\nb" },
    { label: "links", from: "[site](https://a.b/c) [mail](mailto:a@b.c)", to: "[site](https://a.b/c) mail" },
    { label: "titles of links", from: '[site](https://a.b "title")', to: "[site](https://a.b)" },
    {
      label: "images",
      from: "![a chart](https://a.b/c.png) ![](https://a.b)",
      to: "[a chart](https://a.b/c.png) [image](https://a.b)",
    },
    {
      label: "addresses",
      from: "see https://a.b/__init__?x=@here, <https://a.b/||>",
      to: "see https://a.b/__init__?x=@here, <https://a.b/||>",
    },
    { label: "links with marks in them", from: "[__a__](https://a.b/__c__)", to: "[**a**](https://a.b/__c__)" },
    { label: "spoilers", from: "a || b || c", to: "a \\|\\| b \\|\\| c" },
    { label: "subtext", from: "-# small\n>>> all", to: "\\-# small\n\\>>> all" },
    { label: "line breaks", from: "a<br>b", to: "a\nb" },
    { label: "fences", from: "~~~js\nx | y\n@everyone\n~~~\nafter", to: "```js\nx | y\n@everyone\n```\nafter" },
    { label: "a fence that is not closed", from: "```\ncode", to: "```\ncode\n```" },
    { label: "longer fences", from: "````md\n```\n````", to: "```md\n```\n```" },
    { label: "inline code", from: "use `a || b` and ``x ` @here``", to: "use `a || b` and ``x ` @here``" },
    { label: "marks of sources", from: "Two months [1][2].", to: "Two months [1][2]." },
  ])("shows $label", ({ from, to }) => {
    expect(toDiscordMarkdown(from)).toBe(to);
  });

  it.for([
    ["@everyone", `@${GAP}everyone`],
    ["@here!", `@${GAP}here!`],
    ["<@123> <@!123> <@&123> <#123>", `<${GAP}@123> <${GAP}@!123> <${GAP}@&123> <${GAP}#123>`],
    ["</docent forget:123>", `<${GAP}/docent forget:123>`],
    ["<id:customize> <t:123:R>", `<${GAP}id:customize> <${GAP}t:123:R>`],
    ["mail a@b.c, 3 < 4, <b>", "mail a@b.c, 3 < 4, <b>"],
    ["an odd ` and @everyone", `an odd \` and @${GAP}everyone`],
    ["**<@123>** [<@123>](https://a.b)", `**<${GAP}@123>** [<${GAP}@123>](https://a.b)`],
    ["| who |\n|---|\n| @everyone |", "```\nwho\n─────────\n@everyone\n```"],
  ] as const)("keeps %s from mentioning anybody", ([from, to]) => {
    expect(toDiscordMarkdown(from)).toBe(to);
  });

  it("shows a narrow table as a block of code with aligned columns, Korean and figures too", () => {
    const table =
      "Rents:\n\n| 이름 | Rent | Note |\n|:--|--:|---|\n| 김 | 1,200 | **new** |\n| Park | 90 | [a \\| b](https://a.b) |\n\nDone.";
    const rendered = toDiscordMarkdown(table);
    expect(rendered).toBe(
      [
        "Rents:",
        "",
        "```",
        "이름   Rent  Note",
        "────  ─────  ─────",
        "김    1,200  new",
        "Park     90  a | b",
        "```",
        "",
        "Done.",
      ].join("\n"),
    );
    const [header, , row] = rendered.split("\n").slice(3);
    expect(widthOf(header?.slice(0, header.indexOf("Rent")) ?? "")).toBe(7);
    expect(widthOf(row?.slice(0, row.indexOf("1,200")) ?? "")).toBe(6);
  });

  it("shows a wide table as a list with one entry a row", () => {
    const long = "a very long description that would not fit beside the others";
    expect(toDiscordMarkdown(`| Name | What | Empty |\n|---|---|---|\n| **A** | ${long} | |\n| B | \`x\` | y |`)).toBe(
      `- **A**\n  - What: ${long}\n- **B**\n  - What: \`x\`\n  - Empty: y`,
    );
  });

  it("takes a line with a bar for prose when no rule follows", () => {
    expect(toDiscordMarkdown("a | b\nc | d")).toBe("a | b\nc | d");
  });
});

describe("an answer for Discord", () => {
  const answer: Answer = {
    kind: "answer",
    text: "Two months [1], one for small ones [2].",
    citations: [
      { documentId: "d1", document: "lease [v2]_final.pdf", place: { unit: "page", number: 12 }, quote: null },
      { documentId: "d2", document: "notes @everyone.md", place: { unit: "line", number: 3 }, quote: null },
      { documentId: "d3", document: "gone.pdf", place: null, quote: null },
    ],
    usage: null,
  };
  const message = { guildId: "1", channelId: "2", messageId: "3", attachmentId: "4" };
  const documents = [
    sampleDocument({ id: "d1", reference: { message, url: null } }),
    sampleDocument({ id: "d2", reference: { message: { ...message, guildId: null }, url: null } }),
  ];

  it("lists its sources with their pages, each leading to the message that brought the file", () => {
    expect(renderAnswer(answer, documents, "en").split("\n")).toEqual([
      "Two months [1], one for small ones [2].",
      "",
      "-# [1] [lease (v2)\\_final.pdf, p. 12](https://discord.com/channels/1/2/3)",
      `-# [2] [notes @${GAP}everyone.md, line 3](https://discord.com/channels/@me/2/3)`,
      "-# [3] gone.pdf",
    ]);
  });

  it("names places in the person’s language", () => {
    expect(renderAnswer(answer, documents, "ko-KR")).toContain("12쪽");
  });

  it("adds nothing to an answer without sources", () => {
    expect(renderAnswer({ ...answer, citations: [] }, [], "en")).toBe("Two months [1], one for small ones [2].");
  });
});
