import { describe, expect, it } from "vitest";
import type { Citation } from "../../../src/core/document.ts";
import type { Answer } from "../../../src/core/turn.ts";
import { decodeText, speaksToSomebodyElse } from "../../../src/bots/slack/receiving/decode-text.ts";
import { neutraliseMentions } from "../../../src/bots/slack/posting/neutralise-mentions.ts";
import { renderAnswer } from "../../../src/bots/slack/posting/render-answer.ts";
import { mentionsIn } from "../../servers/slack/transcript.ts";
import { toDocument } from "./recording-docent.ts";

const REFERENCE = {
  fileId: "F1",
  channel: "C1",
  ts: "1.000001",
  permalink: "https://team.slack.com/archives/C1/p1000001",
  isNote: true,
};
const ATTACHMENT = { key: "slack:T1:F1", name: "lease.pdf", sizeBytes: 1, reference: REFERENCE };
const INCOMING = {
  key: "slack:T1:C1:1.000001",
  bot: "slack",
  kind: "note",
  channel: { key: "slack:T1:C1", workspace: "slack:T1", isDirect: false, isShared: false },
  conversation: "slack:T1:C1",
  author: { id: "U1", name: null },
  text: "",
  context: null,
  attachments: [ATTACHMENT],
  locale: null,
  replyTo: null,
  sentAt: 0,
} as const;
const DOCUMENT = toDocument("d1", { kind: "channel", key: "slack:T1:C1" }, ATTACHMENT, INCOMING);

const cite = (change: Partial<Citation> = {}): Citation => ({
  documentId: "d1",
  document: "lease.pdf",
  place: { unit: "page", number: 1_200 },
  quote: "x",
  ...change,
});
const answer = (text: string, citations: readonly Citation[] = []): Answer => ({
  kind: "answer",
  text,
  citations,
  usage: null,
});

describe("an answer as Slack shows it", () => {
  it("stays as it is, with its sources behind it and a link to the message of each file", () => {
    const citations = [
      cite(),
      cite({ document: "notes_[1].md", documentId: "d2", place: { unit: "line", number: 40 } }),
      cite({ place: null }),
    ];
    expect(renderAnswer(answer("The rent is **1,200** [1].", citations), [DOCUMENT], "en")).toBe(
      [
        "The rent is **1,200** [1].",
        "",
        "**Sources**",
        "- [1] [lease.pdf](https://team.slack.com/archives/C1/p1000001), p. 1200",
        "- [2] notes\\_\\[1\\].md, line 40",
        "- [3] [lease.pdf](https://team.slack.com/archives/C1/p1000001)",
      ].join("\n"),
    );
  });

  it("has its own words in the asker's language", () => {
    expect(renderAnswer(answer("답", [cite()]), [DOCUMENT], "ko-KR")).toContain("**출처**");
    expect(renderAnswer(answer("답", [cite()]), [DOCUMENT], "ko-KR")).toContain("1200쪽");
  });

  it("calls nobody, also by the name of a document", () => {
    const citations = [cite({ document: "<!channel> @here.pdf" })];
    expect(mentionsIn(renderAnswer(answer("ok", citations), [DOCUMENT], "en"))).toEqual([]);
  });
});

describe("mentions in what a model writes", () => {
  it.for([
    ["<!channel>", "&lt;!channel>"],
    ["<!here|here> and <!everyone>", "&lt;!here|here> and &lt;!everyone>"],
    ["<@U123> <@W1|ann>", "&lt;@U123> &lt;@W1|ann>"],
    ["<#C1|general>", "&lt;#C1|general>"],
    ["\\<!channel\\>", "&lt;!channel\\>"],
    ["<!subteam^S1|@legal>", "&lt;!subteam^S1|@legal>"],
    ["@channel @here @Everyone", "@\u2060channel @\u2060here @\u2060Everyone"],
    ["me@here.example and @herein", "me@here.example and @herein"],
    ["a < b, <https://a.example> and <b>", "a < b, <https://a.example> and <b>"],
    ["`<!channel>` and <!channel>", "`<\u2060!channel>` and &lt;!channel>"],
    ["`@here` and ``a ` <@U1>``", "`@here` and ``a ` <\u2060@U1>``"],
    ["```ts\nconst a = <@U1>;\n@here\n```\n<@U1>", "```ts\nconst a = <\u2060@U1>;\n@here\n```\n&lt;@U1>"],
    ["~~~\n<!here>\n~~~", "~~~\n<\u2060!here>\n~~~"],
    ["```\n<!here> never closed", "```\n<\u2060!here> never closed"],
    ["one ` backtick\n\n<!here> ` more", "one ` backtick\n\n&lt;!here> ` more"],
  ] as const)("%s are taken their force", ([given, expected]) => {
    expect(neutraliseMentions(given)).toBe(expected);
    expect(mentionsIn(neutraliseMentions(given))).toEqual([]);
  });

  it("are found in long texts without getting slow", () => {
    const text = `${"a ` b <!here> ".repeat(20_000)}\n\n${"``` ".repeat(5_000)}`;
    expect(mentionsIn(neutraliseMentions(text))).toEqual([]);
  });
});

describe("what people write", () => {
  const names = { person: () => Promise.resolve(undefined), channel: () => Promise.resolve(undefined) };

  it("keeps its ids where names are not known in time", async () => {
    expect(await decodeText("<@U1> in <#C2>, see <https://a.example|https://a.example>", "U0", names)).toBe(
      "@U1 in #C2, see https://a.example",
    );
  });

  it("is decoded once: what was escaped stays text", async () => {
    expect(await decodeText("&lt;@U1&gt; &amp;lt;", "U0", names)).toBe("<@U1> &lt;");
  });

  it.for([
    ["<@U2> look", true],
    [" <@U2|ben> look", true],
    ["<@U0> look", false],
    ["look <@U2>", false],
  ] as const)("%s speaks to somebody else: %s", ([text, expected]) => {
    expect(speaksToSomebodyElse(text, "U0")).toBe(expected);
  });
});
