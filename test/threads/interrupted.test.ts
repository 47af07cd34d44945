import { expect, it } from "vitest";
import type { OpenAIServer } from "../servers/openai-server.ts";
import { migrateThreads, startMigrating, tell, writeInput } from "./migrate-threads.ts";
import { conversationsAt, startOpenAI, storeOn, toEnv } from "./world.ts";

const FACTS = ["Ada signs.", "Grace signs.", "Edsger signs."];

/** Three channels, the second with a history that notes are made of. */
function threeChannels(): string {
  const older = Array.from({ length: 14 }, (_, index) => `Locker ${index} belongs to Person${index}.`);
  const histories = FACTS.map((fact, index) => tell(index === 1 ? [...older, fact] : [fact]));
  return writeInput(
    histories.map((messages, index) => ({
      channel: `C000${index}`,
      workspace: "T1",
      thread: `thread_${index}`,
      messages,
    })),
  );
}

/** What is said word by word in each conversation that is not empty, in the order of the facts. */
function saidAt(server: OpenAIServer): string[][] {
  return conversationsAt(server)
    .filter((texts) => texts.length > 0)
    .map((texts) => FACTS.filter((fact) => texts.some((text) => text.endsWith(fact))))
    .toSorted((a, b) => FACTS.indexOf(a[0] ?? "") - FACTS.indexOf(b[0] ?? ""));
}

it.each([
  ["when notes are asked for", "responses.create", "timeout-after", { skip: 0, seen: 1 }, "a file"],
  ["before its conversation is made", "conversations.create", "timeout", { skip: 1, seen: 2 }, "a file"],
  [
    "when its conversation is made and nobody knows it",
    "conversations.create",
    "timeout-after",
    { skip: 1, seen: 2 },
    "a file",
  ],
  ["before it is filled", "conversations.items.create", "timeout", { skip: 1, seen: 2 }, "a file"],
  [
    "when it is filled and not in its place",
    "conversations.items.create",
    "timeout-after",
    { skip: 1, seen: 2 },
    "a file",
  ],
  [
    "when it is filled and not in its place",
    "conversations.items.create",
    "timeout-after",
    { skip: 1, seen: 2 },
    "Postgres",
  ],
  ["at the next channel", "conversations.create", "timeout", { skip: 2, seen: 3 }, "a file"],
] as const)(
  "killed at a channel %s (%s %s), it loses and doubles nothing",
  // On Postgres the second run waits until the lock of the first one ends, which is half a minute.
  { timeout: 120_000 },
  async (_, route, kind, { skip, seen }, place) => {
    const server = await startOpenAI();
    const env = toEnv(server, await storeOn(place));
    const file = threeChannels();
    server.faults.add(route, { kind }, { skip });
    const { child, ended } = startMigrating(env, [file]);
    await server.whenRequested(route, seen);
    child.kill("SIGKILL");
    expect((await ended).output).toContain("C0000  moved");

    const again = await migrateThreads(env, file);
    expect(again).toMatchObject({ code: 0, errors: "" });
    expect(again.output).toContain("C0000  left alone: it was moved before.");
    expect(again.output).toContain("0 failed");
    expect(saidAt(server)).toEqual([["Ada signs."], ["Grace signs."], ["Edsger signs."]]);
    expect(server.state.orphanItems).toEqual([]);
    // Of one that nobody knew of nothing but its name is left.
    const unknown = route === "conversations.create" && kind === "timeout-after" ? 1 : 0;
    expect(server.state.conversations.size).toBe(3 + unknown);
    expect((await migrateThreads(env, file)).output).toContain("0 moved, 3 left alone");
  },
);

it("killed while it replaces a conversation, it goes on when it is told to once more", async () => {
  const server = await startOpenAI();
  const env = toEnv(server);
  const toFile = (fact: string) => writeInput([{ channel: "C0001", workspace: "T1", messages: tell([fact]) }]);
  await migrateThreads(env, toFile("Ada signs."));
  const file = toFile("Grace signs.");
  server.faults.add("conversations.items.create", { kind: "timeout-after" });
  const { child, ended } = startMigrating(env, [file, "--replace"]);
  await server.whenRequested("conversations.items.create", 2);
  child.kill("SIGKILL");
  await ended;
  expect((await migrateThreads(env, file)).output).toContain("1 moved");
  expect(conversationsAt(server)).toEqual([[expect.stringContaining("Grace signs."), "Noted."]]);
  expect(server.state.orphanItems).toEqual([]);
});

it.each([
  ["passes", "error", "rate_limit_exceeded", { times: 1, code: 0, said: "3 moved, 0 left alone, 0 failed" }],
  ["loses an answer", "error-after", "server_error", { times: 1, code: 0, said: "3 moved, 0 left alone, 0 failed" }],
  ["stays", "error", "server_error", { times: 3, code: 1, said: "FAILED: " }],
] as const)("a failure of OpenAI that %s leaves nothing half done", async (_, kind, code, expected) => {
  const server = await startOpenAI();
  const env = toEnv(server);
  const file = threeChannels();
  server.faults.add("conversations.items.create", { kind, code }, { times: expected.times });
  const ended = await migrateThreads(env, file);
  expect(ended.output).toContain(expected.said);
  expect(ended.code).toBe(expected.code);
  expect((await migrateThreads(env, file)).code).toBe(0);
  expect(saidAt(server)).toEqual([["Ada signs."], ["Grace signs."], ["Edsger signs."]]);
  expect(server.state.conversations.size).toBe(3);
  expect(server.state.orphanItems).toEqual([]);
});

it("what no further channel would be spared ends it", async () => {
  const server = await startOpenAI();
  server.faults.add("conversations.create", { kind: "error", code: "credit_balance_exhausted" }, { times: 9 });
  const ended = await migrateThreads(toEnv(server), threeChannels());
  expect(ended.output).toContain("0 moved, 0 left alone, 1 failed, 2 not tried");
  expect(ended.code).toBe(1);
  expect(server.to("conversations.create")).toHaveLength(1);
});
