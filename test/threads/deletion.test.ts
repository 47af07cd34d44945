import { expect, it } from "vitest";
import { openDiscord, openSlack } from "../e2e/chats.ts";
import { startProgram } from "../e2e/program.ts";
import { migrateThreads, tell, writeInput } from "./migrate-threads.ts";
import { conversationsAt, startOpenAI, toEnv } from "./world.ts";

async function onSlack() {
  return { chat: await openSlack(), channel: "C1", ready: () => Promise.resolve() };
}

async function onDiscord() {
  const chat = await openDiscord();
  const general = [...chat.server.state.channels.values()].find(({ name }) => name === "general");
  const ready = async (): Promise<void> => {
    await chat.server.until(() => chat.server.state.app.commands.length > 0);
  };
  return { chat, channel: general?.id, ready };
}

it.each([
  ["Slack", onSlack],
  ["Discord", onDiscord],
])(
  "a channel that is forgotten on %s takes what was moved with it, before anybody asked, and for good",
  async (_, open) => {
    const server = await startOpenAI();
    const { chat, channel, ready } = await open();
    const env = { ...toEnv(server), ...chat.env };
    const file = writeInput([{ channel, messages: tell(["Ada signs."]) }]);
    expect((await migrateThreads(env, file)).output).toContain("1 moved");
    const program = await startProgram(env);
    await chat.connected(program);
    await ready();
    chat.command("forget");
    await chat.until(() => chat.answers().some((answer) => answer.includes("everything")) || undefined);
    chat.press("Forget this channel");
    await expect.poll(() => conversationsAt(server), { timeout: 20_000 }).toEqual([]);
    expect(server.state.orphanItems).toEqual([]);
    await program.stop();

    const again = await migrateThreads(env, file);
    expect(again.output).toContain("left alone: it was moved before and forgotten in chat since.");
    expect(again.code).toBe(0);
    expect((await migrateThreads(env, file, "--dry-run")).output).toContain("forgotten in chat since.");
    expect(server.state.conversations.size).toBe(0);
    expect((await migrateThreads(env, file, "--replace")).output).toContain("1 moved");
    expect(conversationsAt(server)).toEqual([[expect.stringContaining("Ada signs."), "Noted."]]);
  },
);

it("with RETENTION_DAYS what is too old stays behind, and the rest goes when it is", async () => {
  const server = await startOpenAI();
  const env = toEnv(server);
  const daysAgo = (days: number): string => new Date(Date.now() - days * 24 * 60 * 60_000).toISOString();
  const messages = [...tell(["Ada signs."], daysAgo(40)), ...tell(["Grace signs."], daysAgo(10))];
  const undated = [{ role: "user", text: "Edsger signs." }];
  const file = writeInput([
    { channel: "C0001", workspace: "T1", messages },
    { channel: "C0002", workspace: "T1", messages: undated },
  ]);
  const moved = await migrateThreads({ ...env, RETENTION_DAYS: "30" }, file);
  expect(moved.output).toContain("C0001  moved: 1 turn word by word, 2 messages left out for RETENTION_DAYS;");
  expect(moved.output).toContain("C0002  nothing to move: 1 message, all left out for RETENTION_DAYS.");
  expect(conversationsAt(server)).toEqual([[expect.stringContaining("Grace signs."), "Noted."]]);
  const kept = await startProgram({ ...env, RETENTION_DAYS: "30" });
  await kept.stop();
  expect(server.state.conversations.size).toBe(1);
  await startProgram({ ...env, RETENTION_DAYS: "5" });
  await expect.poll(() => conversationsAt(server), { timeout: 20_000 }).toEqual([]);
  expect(server.state.orphanItems).toEqual([]);
});
