import { expect, it } from "vitest";
import { openSlack } from "../e2e/chats.ts";
import { openRooms } from "../e2e/rooms.ts";
import { startProgram, visit } from "../e2e/program.ts";
import { migrateThreads, tell, writeInput } from "./migrate-threads.ts";
import { conversationsAt, NOTHING, startOpenAI, storeOn, toEnv } from "./world.ts";

it(
  "each channel knows what was said in it before, and nothing of what was said elsewhere",
  { timeout: 120_000 },
  async () => {
    const server = await startOpenAI();
    const rooms = await openRooms();
    const env = { ...toEnv(server), ...rooms.env };
    const facts = new Map([
      ["gamma", "The gamma gate opens with 1111."],
      ["delta", "The delta gate opens with 2222."],
      ["epsilon", "The epsilon gate opens with 3333."],
      ["zeta", "The zeta gate opens with 4444."],
      ["partners", "The partners gate opens with 5555."],
    ]);
    const ids: Readonly<Record<string, string>> = await (async () => {
      const program = await startProgram(env);
      const all = Object.fromEntries((await rooms.connect(program)).map(({ name, id }) => [name, id]));
      await program.stop();
      return all;
    })();
    const input = [...facts].map(([name, fact], index) => ({
      channel: ids[name],
      thread: `thread_${index}`,
      messages: tell([fact]),
    }));
    const moved = await migrateThreads(env, writeInput(input));
    expect(moved.errors).toBe("");
    expect(moved.output).toContain("C1 (general)  moved: 1 turn word by word");
    expect(moved.output).toContain("5 moved, 0 left alone, 0 failed; 0 without history.");
    expect(moved.code).toBe(0);

    const program = await startProgram(env);
    const known: string[] = [];
    for (const room of await rooms.connect(program)) {
      for (const [name, fact] of facts) {
        const answer = await room.ask(`With what does the ${name} gate open?`);
        if (answer.includes(fact.slice(-5))) known.push(`${room.name} knows of ${name}`);
      }
    }
    expect(known).toEqual([...facts.keys()].map((name) => `${name} knows of ${name}`));
  },
);

it("of a long history the newest turns stand word by word, the others are noted, and all of it can be asked", async () => {
  const server = await startOpenAI();
  const chat = await openSlack();
  const env = { ...toEnv(server), ...chat.env, BUDGET_USD_PER_DAY: "1" };
  const facts = Array.from({ length: 40 }, (_, index) => `Locker ${index + 100} belongs to Person${index + 100}.`);
  const file = writeInput([{ channel: "C1", thread: "thread_a", messages: tell(facts) }]);
  const foreseen = await migrateThreads(env, file, "--dry-run");
  expect(foreseen.output).toMatch(
    /^C1 \(general\) {2}would be moved: 6 turns word by word, notes of 34 older ones; about \d+ tokens, at most \$0\.\d{5} more for a question\. Notes: about \$0\.00\d{3}, once\.\n1 of 1 channels would be moved; notes about \$0\.00\d{3}\. Nothing was changed\.\n$/,
  );
  expect(server.requests).toEqual([]);

  const moved = await migrateThreads(env, file);
  expect(moved.output).toMatch(
    /moved: 6 turns word by word, notes of 34 older ones; \d+ tokens\. Notes cost \$0\.00\d{3}\.\n/,
  );
  expect(server.to("responses.create")).toHaveLength(2);
  const [texts = []] = conversationsAt(server);
  expect(texts).toHaveLength(13);
  expect(texts[0]).toMatch(/^\[notes of the chat system/);
  expect(texts.at(-2)).toMatch(/^\[message t_\S+ from Ann\]\n\[written on 2026-05-03\]\nLocker 139 belongs/);
  expect(texts.at(-1)).toBe("Noted.");
  expect(server.to("conversations.items.create").every(({ status }) => status === 200)).toBe(true);

  const program = await startProgram(env);
  await chat.connected(program);
  const ask = async (question: string): Promise<string> => {
    const before = chat.answers().length;
    chat.ask(question);
    return await chat.until(() => chat.answers()[before]);
  };
  expect(await ask("To whom does locker 100 belong?")).toContain("Person100");
  expect(await ask("To whom does locker 139 belong?")).toContain("Person139");
});

it.each(["a file", "Postgres"] as const)("moves a channel once, and again only when told to, on %s", async (place) => {
  const server = await startOpenAI();
  const env = { ...toEnv(server, await storeOn(place)) };
  const first = [
    { channel: "112233445566778899", workspace: "9988", thread: "thread_a", messages: tell(["Ada signs."]) },
  ];
  const file = writeInput(first);
  expect((await migrateThreads(env, file)).output).toContain("1 moved, 0 left alone");
  const before = conversationsAt(server);
  const requests = server.requests.length;
  const again = await migrateThreads(env, file);
  expect(again.output).toContain("112233445566778899  left alone: it was moved before. --replace begins afresh.");
  expect(again.code).toBe(0);
  expect((await migrateThreads(env, file, "--dry-run")).output).toContain("left alone: it was moved before.");
  expect(server.requests).toHaveLength(requests);

  const other = writeInput([{ ...first[0], messages: tell(["Grace signs."]) }]);
  expect((await migrateThreads(env, other, "--replace")).output).toContain("1 moved");
  expect(conversationsAt(server)).toEqual([[expect.stringContaining("Grace signs."), "Noted."]]);
  expect(conversationsAt(server)).not.toEqual(before);
  expect(server.state.orphanItems).toEqual([]);
});

it("while Docent runs on the folder nothing is moved; what would be is told", async () => {
  const server = await startOpenAI();
  const env = toEnv(server);
  const program = await startProgram(env);
  expect((await visit(program, "general").ask("Who signs?")).text).toBe(NOTHING);
  const file = writeInput([{ channel: "C0123", workspace: "T1", messages: tell(["Ada signs."]) }]);
  const refused = await migrateThreads(env, file);
  expect(refused).toMatchObject({ code: 2, output: "" });
  expect(refused.errors).toContain(
    `Another Docent is already running on ${env.DATA_DIR} (process ${program.pid}). Stop it`,
  );
  expect(await migrateThreads(env, file, "--dry-run")).toMatchObject({
    code: 0,
    output: expect.stringContaining("1 of 1 channels would be moved"),
  });
  expect(server.state.conversations.size).toBe(1);
});

it("on Postgres it moves beside a running Docent, and leaves what people have begun", async () => {
  const server = await startOpenAI();
  const chat = await openSlack();
  chat.server.addChannel({ id: "C2", name: "doors", members: ["U1ANN"] });
  const env = { ...toEnv(server, await storeOn("Postgres")), ...chat.env };
  const program = await startProgram(env);
  await chat.connected(program);
  chat.server.people.post({ user: "U1ANN", channel: "C2", text: `<@${chat.server.world.botUserId}> Who signs?` });
  await chat.until(() => chat.server.botMessages("C2").length > 0);
  const file = writeInput([
    { channel: "C1", messages: tell(["Ada signs."]) },
    { channel: "C2", messages: tell(["Grace signs."]) },
  ]);
  const moved = await migrateThreads(env, file);
  expect(moved.output).toContain("C1 (general)  moved");
  expect(moved.output).toContain("C2 (doors)  left alone: it has a conversation of Docent's already.");
  chat.ask("Who signs?");
  expect(await chat.until(() => chat.answers()[0])).toContain("Ada signs.");
});
