import { writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { parseInput } from "../../scripts/threads/parse-input.ts";
import { readFiles } from "../../scripts/threads/read-files.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const NOW = Date.parse("2026-11-27T00:00:00Z");

function parse(value: unknown) {
  return parseInput("old.json", typeof value === "string" ? value : JSON.stringify(value), NOW);
}

/** As `threads.messages.list` wrote them. */
function message(role: string, text: string, at: number, change: Readonly<Record<string, unknown>> = {}) {
  const content = [{ type: "text", text: { value: text, annotations: [] } }];
  return { id: `msg_${at}`, object: "thread.message", created_at: at, thread_id: "thread_a", role, content, ...change };
}

const SLACK = { platform: "slack", workspace: null, channel: "C0123", rootTs: null, thread: "thread_a" };
const DISCORD = { ...SLACK, platform: "discord", channel: "112233445566778899", thread: "thread_b" };

describe("the channel → thread ids of an old bot", () => {
  it.each([
    ["an object", { C0123: "thread_a", "112233445566778899": "thread_b" }],
    [
      "rows of keyv as a list",
      [
        { key: "keyv:C0123", value: '{"value":"thread_a","expires":null}' },
        { key: "keyv:112233445566778899", value: '{"value":{"threadId":"thread_b"}}' },
      ],
    ],
    [
      "rows of keyv, one a line",
      '{"key":"keyv:C0123","value":"{\\"value\\":\\"thread_a\\"}"}\r\n\n{"key":"bot:thread:112233445566778899","value":"thread_b"}\n',
    ],
    [
      "a list of channels",
      [
        { platform: "slack", channel: "C0123", thread: "thread_a" },
        { channel: "112233445566778899", thread: "thread_b" },
      ],
    ],
    ["channels by name", { "slack:C0123": { thread: "thread_a" }, "discord/112233445566778899": "thread_b" }],
    ["objects of one channel, one a line", '\uFEFF{"C0123":"thread_a"}\n{"112233445566778899":"thread_b"}'],
  ])("are read from %s", (_, value) => {
    const { entries, problems, remarks } = parse(value);
    expect(problems).toEqual([]);
    expect(remarks).toEqual([]);
    expect(entries).toMatchObject([SLACK, DISCORD]);
  });

  it("are read from a database of keyv's, beside whatever else the bot kept there", () => {
    const file = path.join(temporaryFolder(), "old.sqlite");
    const db = new DatabaseSync(file);
    db.exec("CREATE TABLE keyv(key VARCHAR(255) PRIMARY KEY, value TEXT)");
    const insert = db.prepare("INSERT INTO keyv VALUES (?, ?)");
    insert.run("keyv:C0123", '{"value":"thread_a","expires":null}');
    insert.run("keyv:C0456", `{"value":"thread_c","expires":${NOW - 1}}`);
    insert.run("keyv:assistant", '{"value":"asst_1","expires":null}');
    db.close();
    const { entries, problems, remarks } = readFiles([file], NOW);
    expect(problems).toEqual([]);
    expect(entries).toMatchObject([{ ...SLACK, place: "old.sqlite, row 1" }]);
    expect(remarks).toEqual([
      "old.sqlite, row 2: keyv:C0456 expired.",
      "old.sqlite, row 3: keyv:assistant holds no thread.",
    ]);
  });

  it.each([
    ["T0AB:C0123", { workspace: "T0AB", channel: "C0123" }],
    ["slack-C0123-1700000000.000100", { channel: "C0123", rootTs: "1700000000.000100" }],
    ["THREAD:CHANNEL:GABCDEFGH", { channel: "GABCDEFGH", workspace: null }],
    ["thread_D0123", { channel: "D0123" }],
  ])("may stand under %s", (name, expected) => {
    expect(parse({ [name]: "thread_a" }).entries).toMatchObject([expected]);
  });
});

describe("what was said", () => {
  const said = [
    { role: "user", text: "Who signs?", at: Date.parse("2026-05-03T09:30:00Z"), name: null, fileIds: ["file-1"] },
    { role: "assistant", text: "Ada signs.", at: Date.parse("2026-05-03T09:30:10Z"), name: null, fileIds: ["file-2"] },
  ];
  const asked = message("user", "Who signs?", 1_777_800_600, { attachments: [{ file_id: "file-1", tools: [] }] });
  const citation = { type: "file_citation", text: "【4:0†source】", file_citation: { file_id: "file-2" } };
  const text = { value: "Ada signs.【4:0†source】", annotations: [citation] };
  const answered = message("assistant", "", 1_777_800_610, { content: [{ type: "text", text }] });
  const newestFirst = [answered, asked];

  it.each([
    [
      "Docent's shape",
      [
        { role: "system", text: "Be kind." },
        { role: "user", text: "Who signs?", at: "2026-05-03T09:30:00Z", files: ["file-1"] },
        { role: "assistant", text: "Ada signs.", at: "2026-05-03T09:30:10Z", files: ["file-2"] },
      ],
    ],
    ["a page of threads.messages.list", { object: "list", data: newestFirst, has_more: false }],
    ["its messages", newestFirst],
  ])("is read from %s, oldest first, with the files that it names", (_, messages) => {
    const { entries, problems } = parse([{ channel: "C0123", thread: "thread_a", messages }]);
    expect(problems).toEqual([]);
    expect(entries[0]?.messages).toEqual(said);
  });

  it.each([
    ["a page by itself", { object: "list", data: newestFirst, has_more: false }],
    ["a list of messages", newestFirst],
    ["messages, one a line", newestFirst.map((each) => JSON.stringify(each)).join("\n")],
    ["pages by thread", { thread_a: { data: newestFirst } }],
  ])("is read from %s, without a channel", (_, value) => {
    const { histories, problems } = parse(value);
    expect(problems).toEqual([]);
    const messages = histories.flatMap((each) => each.messages).toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
    expect(messages).toEqual(said);
    expect(new Set(histories.map(({ thread }) => thread))).toEqual(new Set(["thread_a"]));
  });

  it("keeps the order of messages of one second, and of those without a time", () => {
    const texts = (messages: unknown) =>
      parse([{ channel: "C1", messages }]).entries[0]?.messages.map((each) => each.text);
    const sameSecond = [message("assistant", "three", 6), message("assistant", "two", 5), message("user", "one", 5)];
    expect(texts(sameSecond)).toEqual(["one", "two", "three"]);
    expect(
      texts([
        { role: "user", content: "one" },
        { role: "assistant", text: "two" },
      ]),
    ).toEqual(["one", "two"]);
  });

  it("of which there was more is told", () => {
    const { remarks } = parse({ data: newestFirst, has_more: true });
    expect(remarks).toEqual(["old.json: it says has_more: there were more messages than it holds."]);
  });
});

describe("what is wrong is told with its place, and the rest is read:", () => {
  const good = { channel: "C0123", thread: "thread_a" };
  it.each([
    ["no channel", [good, { channel: "general", thread: "thread_b" }], "old.json, [1]: “general” names no channel"],
    ["a person", [good, { channel: "U0123", thread: "thread_b" }], "old.json, [1]: “U0123” is a person."],
    ["two channels", [good, { channel: "C1:C2", thread: "thread_b" }], "old.json, [1]: “C1:C2” names more than one"],
    ["one person's memory", [good, { channel: "C1:U2", thread: "thread_b" }], "“C1:U2” is the memory of one person"],
    [
      "another platform",
      [good, { channel: "C1", platform: "discord", thread: "thread_b" }],
      "C1 is no channel of Discord",
    ],
    [
      "an unknown platform",
      [good, { channel: "C1", platform: "teams", thread: "thread_b" }],
      "[1].platform: the platform",
    ],
    ["no thread's id", [good, { channel: "C1", thread: "conv_1" }], "old.json, [1]: the thread has to be an id"],
    ["nothing but a channel", [good, { channel: "C1" }], "old.json, [1]: it has neither a thread nor messages."],
    [
      "a channel that is no text",
      [good, { channel: 12, thread: "thread_b" }],
      "old.json, [1].channel: the channel has",
    ],
    ["a workspace that is no text", [good, { channel: "C1", workspace: 1, thread: "thread_b" }], "[1].workspace: the"],
    ["no object", [good, "C1"], "old.json, [1]: it has to be an object."],
    ["something else", [good, { id: 5 }], "old.json, [1]: it names no channel."],
    ["no messages", [good, { channel: "C1", messages: 5 }], "old.json, [1].messages: messages have to be a list"],
    [
      "an unknown role",
      [
        good,
        {
          channel: "C1",
          messages: [
            { role: "user", text: "a" },
            { role: "bot", text: "b" },
          ],
        },
      ],
      "old.json, [1].messages[1].role: the role has to be user or assistant.",
    ],
    [
      "no text",
      [good, { channel: "C1", messages: [{ role: "user" }] }],
      "old.json, [1].messages[0]: a message needs a",
    ],
    [
      "no time",
      [good, { channel: "C1", messages: [{ role: "user", text: "a", at: "May" }] }],
      "old.json, [1].messages[0].at: a time has to look like",
    ],
    ["another name", { C0123: "thread_a", C1: 5 }, "old.json, “C1”: a channel needs the id of its thread"],
    ["a line", '{"C0123":"thread_a"}\n{"C1":\n', "old.json, line 2: it is no JSON"],
    [
      "a row",
      '{"key":"keyv:C0123","value":"thread_a"}\n{"key":"keyv:x","value":"thread_b"}',
      "old.json, line 2: “keyv:x” names",
    ],
  ])("%s", (_, value, problem) => {
    const { entries, problems } = parse(value);
    expect(entries).toMatchObject([good]);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ["an empty file", "", "old.json: there is nothing in it."],
    ["no JSON, without a word of it", '{"C1": secret}', "old.json: it is no JSON from line 1, column 8 on."],
    ["half a file", '{\n"C1": "thread_a",\n', "old.json: it is no JSON from line 3, column 1 on."],
    ["a comma too many", '{\n"C1": "thread_a",\n}', "old.json: it is no JSON from line 3, column 1 on."],
    ["a word that ends early", '["a", tru', "old.json: it is no JSON from line 1, column 10 on."],
    ["a number", "5", "old.json: it has to hold an object or a list."],
    [
      "messages that name no thread",
      { data: [{ role: "user", text: "a" }] },
      "old.json[0]: the message names no thread.",
    ],
  ])("%s", (_, value, problem) => {
    const { entries, problems } = parse(value);
    expect(entries).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it("a file that cannot be read, and a database without keyv's table", () => {
    const folder = temporaryFolder();
    const [missing, other] = [path.join(folder, "missing.json"), path.join(folder, "other.db")];
    const db = new DatabaseSync(other);
    db.exec("CREATE TABLE people (name TEXT)");
    db.close();
    const half = path.join(folder, "half.db");
    writeFileSync(half, "SQLite format 3\0 and then nothing");
    expect(readFiles([missing, other, half], NOW).problems).toEqual([
      expect.stringMatching(/^missing.json: it cannot be read \(ENOENT/),
      expect.stringMatching(/^other.db: it has no table of keyv's/),
      expect.stringMatching(/^half.db: it cannot be read/),
    ]);
  });
});
