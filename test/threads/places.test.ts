import { DatabaseSync } from "node:sqlite";
import path from "node:path";
import { expect, it } from "vitest";
import { openDiscord, openSlack } from "../e2e/chats.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { migrateThreads, tell, writeInput } from "./migrate-threads.ts";
import { conversationsAt, startOpenAI, toEnv } from "./world.ts";

const HISTORY = { messages: tell(["Ada signs."]) };

it("channels of Slack are asked for: what is not shown to Docent, or is of another workspace, is told", async () => {
  const server = await startOpenAI();
  const chat = await openSlack();
  chat.server.addChannel({ id: "C7", name: "secret", members: ["U1ANN"], kind: "group" });
  chat.server.world.channels.get("C7")?.members.delete(chat.server.world.botUserId);
  const file = writeInput([
    { channel: "C1", ...HISTORY },
    { channel: "C7", ...HISTORY },
    { channel: "C404", ...HISTORY },
    { channel: "C1", workspace: "TOTHER", ...HISTORY },
    { channel: "C1:1700000000.000100", ...HISTORY },
  ]);
  const moved = await migrateThreads({ ...toEnv(server), ...chat.env }, file);
  expect(moved.output.split("\n").slice(0, 6)).toEqual([
    "wrong  old.json, [1]: Slack does not show C7 to Docent: invite it there and run this again.",
    "wrong  old.json, [2]: Slack does not show C404 to Docent: invite it there and run this again.",
    expect.stringMatching(/^wrong {2}old.json, \[3\]: it is of the workspace TOTHER, and SLACK_BOT_TOKEN is of T/),
    "wrong  old.json, [4]: C1 1700000000.000100 is a thread of Slack; Docent remembers by channel here.",
    expect.stringMatching(/^C1 \(general\) {2}moved: 1 turn word by word; \d+ tokens\.$/),
    "1 moved, 0 left alone, 0 failed; 0 without history.",
  ]);
  expect(moved.code).toBe(1);
  expect(server.state.conversations.size).toBe(1);
});

it("with CONVERSATION_PER=thread the threads of Slack are moved, and channels are not", async () => {
  const server = await startOpenAI();
  const chat = await openSlack();
  const file = writeInput([
    { channel: "C1", ...HISTORY },
    { channel: "C1:1700000000.000100", ...HISTORY },
    { channel: chat.server.people.directOf("U1ANN").id, ...HISTORY },
  ]);
  const moved = await migrateThreads({ ...toEnv(server), ...chat.env, CONVERSATION_PER: "thread" }, file);
  expect(moved.output).toContain(
    "old.json, [0]: with CONVERSATION_PER=thread each thread of Slack remembers for itself",
  );
  expect(moved.output).toContain("2 moved, 0 left alone, 0 failed");
  const names = [...server.state.conversations.values()].map(({ metadata }) => String(metadata["docent"]));
  expect(names).toEqual([
    expect.stringMatching(/^slack:T\w+:C1:1700000000\.000100$/),
    expect.stringMatching(/^slack:T\w+:D\w+$/),
  ]);
});

it("channels of Discord are asked for: a public thread belongs to its channel, a private one is one of its own", async () => {
  const server = await startOpenAI();
  const { server: discord, env: chatEnv } = await openDiscord();
  const { people, state } = discord;
  const general = [...state.channels.values()].find(({ name }) => name === "general");
  const ann = [...state.users.values()].find(({ name }) => name === "Ann");
  if (general === undefined || ann === undefined) throw new Error("The world is empty.");
  const open = people.thread(ann, general, { name: "open" });
  const closed = people.thread(ann, general, { name: "closed", kind: "privateThread" });
  const channels = [general, open, closed].map(({ id }) => ({ channel: id, ...HISTORY }));
  const file = writeInput([
    ...channels,
    { channel: "112233445566778899", ...HISTORY },
    { ...channels[0], workspace: "1122" },
  ]);
  const moved = await migrateThreads({ ...toEnv(server), ...chatEnv }, file);
  expect(moved.output.split("\n").slice(0, 6)).toEqual([
    `wrong  old.json, [1]: ${open.id} is a thread of discord:${general.id}; Docent remembers by channel here.`,
    "wrong  old.json, [3]: Discord does not show 112233445566778899 to Docent: invite it there and run this again.",
    `wrong  old.json, [4]: it is said to be of the server 1122, and Discord says discord:${general.guildId}.`,
    expect.stringMatching(new RegExp(`^${general.id} \\(general\\) {2}moved`)),
    expect.stringMatching(new RegExp(`^${closed.id} \\(closed\\) {2}moved`)),
    "2 moved, 0 left alone, 0 failed; 0 without history.",
  ]);
  const names = [...server.state.conversations.values()].map(({ metadata }) => metadata["docent"]);
  expect(names).toEqual([`discord:${general.id}`, `discord:${closed.id}`]);
});

it.each([
  ["Slack", { SLACK_BOT_TOKEN: "xoxb-wrong" }, "C1", "SLACK_BOT_TOKEN is not valid."],
  ["Discord", { DISCORD_TOKEN: "wrong-token" }, "112233445566778899", "Discord does not take DISCORD_TOKEN"],
])(
  "a token that %s does not take ends it before anything is moved, and is not shown",
  async (name, tokens, channel, said) => {
    const server = await startOpenAI();
    const { env: right } = name === "Slack" ? await openSlack() : await openDiscord();
    const env: Readonly<Record<string, string>> = { ...toEnv(server), ...right, ...tokens };
    const ended = await migrateThreads(env, writeInput([{ channel, ...HISTORY }]));
    expect(ended.code).toBe(2);
    expect(ended.errors).toContain(said);
    expect(ended.errors + ended.output).not.toMatch(/xoxb-wrong|wrong-token/);
    expect(server.requests).toEqual([]);
  },
);

it("without tokens the workspace has to be said: in the file, in the key, or for all of a platform", async () => {
  const server = await startOpenAI();
  const file = writeInput([
    { channel: "C0001", ...HISTORY },
    { channel: "C0002", workspace: "T2", ...HISTORY },
    { channel: "T3:C0003", ...HISTORY },
    { channel: "112233445566778899", ...HISTORY },
  ]);
  const env = toEnv(server);
  const without = await migrateThreads(env, file);
  expect(without.output).toContain("old.json, [0]: of which workspace? Set SLACK_BOT_TOKEN, or say --workspace T….");
  expect(without.output).toContain("old.json, [3]: of which server? Set DISCORD_TOKEN, or say --workspace with");
  expect(without.output).toContain("2 moved");
  expect((await migrateThreads(env, file, "--workspace", "T1")).output).toContain("1 moved, 2 left alone");
  expect((await migrateThreads(env, file, "--workspace", "5566")).output).toContain("1 moved, 2 left alone");
  const names = [...server.state.conversations.values()].map(({ metadata }) => metadata["docent"]);
  expect(names).toEqual(["slack:T2:C0002", "slack:T3:C0003", "slack:T1:C0001", "discord:112233445566778899"]);
});

it("a database of keyv's names the channels, and exports of their threads what was said", async () => {
  const server = await startOpenAI();
  const keyv = path.join(temporaryFolder(), "old.sqlite");
  const db = new DatabaseSync(keyv);
  db.exec("CREATE TABLE keyv(key VARCHAR(255) PRIMARY KEY, value TEXT)");
  for (const [index, thread] of ["thread_a", "thread_b"].entries()) {
    db.prepare("INSERT INTO keyv VALUES (?, ?)").run(`keyv:C000${index}`, JSON.stringify({ value: thread }));
  }
  db.close();
  const page = (thread: string, said: string, at: number) => ({
    object: "list",
    data: [
      {
        role: "user",
        thread_id: thread,
        created_at: at,
        content: [{ type: "text", text: { value: said, annotations: [] } }],
      },
    ],
    has_more: false,
  });
  const [late, early, unknown] = [
    writeInput(page("thread_a", "Grace signs.", 20), "late.json"),
    writeInput(page("thread_a", "Ada signs.", 10), "early.json"),
    writeInput(page("thread_x", "Nobody signs.", 10), "unknown.json"),
  ];
  const env = toEnv(server);
  const moved = await migrateThreads(env, keyv, late, early, unknown, "--workspace", "T1");
  expect(moved.output).toContain("wrong  unknown.json: no channel is known for thread_x.");
  expect(moved.output).toContain("C0000  moved: 2 turns word by word");
  expect(moved.output).toContain(
    "C0001  nothing to move: no messages. Its first question begins a fresh conversation.",
  );
  expect(moved.output).toContain("1 moved, 0 left alone, 0 failed; 1 without history.");
  expect(conversationsAt(server)).toEqual([
    [expect.stringMatching(/Ada signs\.$/), expect.stringMatching(/Grace signs\.$/)],
  ]);
});
