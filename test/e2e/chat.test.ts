import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { makePdf } from "../fixtures/make-pdf.ts";
import { startOpenAIServer, type OpenAIServer } from "../servers/openai-server.ts";
import { createExtractiveBrain } from "../servers/openai/brain.ts";
import { openDiscord, openSlack, type Chat } from "./chats.ts";
import { startProgram } from "./program.ts";

const LONG_ANSWER = [
  "# The whole story",
  ...Array.from(
    { length: 24 },
    (_, part) => `Paragraph ${part + 1}: ${"the corridor lights are checked every week, ".repeat(5)}and that is all.`,
  ),
  `\`\`\`ts\n${Array.from({ length: 40 }, (_, line) => `const room${line} = ${line};`).join("\n")}\n\`\`\``,
  `| Room | Code |\n|---|---|\n${Array.from({ length: 20 }, (_, row) => `| ${row} | 90${row} |`).join("\n")}`,
  `\`\`\`sh\n${Array.from({ length: 20 }, (_, line) => `echo "line ${line}"`).join("\n")}\n\`\`\``,
  "@everyone and <!channel> are not called. The end.",
].join("\n\n");

async function startTalk(open: () => Promise<Chat>): Promise<{ chat: Chat; openai: OpenAIServer }> {
  const extract = createExtractiveBrain({ inlineAnnotations: true });
  const openai = await startOpenAIServer({
    answer: (request, context) =>
      context.question.includes("whole story") ? { text: LONG_ANSWER } : extract(request, context),
  });
  onTestFinished(() => openai.close());
  const chat = await open();
  const env = { DATA_DIR: temporaryFolder(), OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: openai.url, ...chat.env };
  const program = await startProgram(env);
  await chat.connected(program);
  return { chat, openai };
}

const lease = makePdf([
  "Parties of the lease: Kim and Park.",
  "The notice period is ninety days after receipt.",
  "The deposit is three months of rent.",
]);

const PLATFORMS = [
  ["Slack", openSlack],
  ["Discord", openDiscord],
] as const;

describe.for(PLATFORMS)("a talk on %s, through the whole program", ([name, open]) => {
  it("goes as people expect, from a dropped PDF to forget", async () => {
    const { chat, openai } = await startTalk(open);
    const said = (text: string): Promise<string> =>
      chat.until(() => chat.answers().findLast((answer) => answer.includes(text)));

    chat.say("Here is the lease, for later.", [{ name: "lease.pdf", bytes: await lease }]);
    chat.say("Good morning!");
    chat.say("Who has the keys?");
    chat.say("I have them.");
    const question = chat.ask("How long is the notice period?");
    const answer = await said("ninety days");
    expect(answer).toMatch(/lease\.pdf.*p\. 2/);
    // Where reading takes long, what says so is there for a moment more.
    await expect.poll(() => chat.answers(), { timeout: 10_000 }).toHaveLength(1);

    chat.followUp(question, "And how much is the deposit?");
    expect(await said("three months of rent")).toMatch(/lease\.pdf.*p\. 3/);

    chat.ask("Tell me the whole story.");
    await said("The end.");
    const parts = chat.answers().slice(2);
    expect(parts.length).toBeGreaterThan(name === "Slack" ? 0 : 4);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(name === "Slack" ? 12_000 : 2_000);
      expect((part.match(/^```/gm) ?? []).length % 2, part).toBe(0);
    }
    const whole = parts.join("\n");
    for (let line = 0; line < 40; line++) expect(whole).toContain(`const room${line} = ${line};`);
    for (let part = 1; part <= 24; part++) expect(whole).toContain(`Paragraph ${part}:`);

    chat.command("docs");
    expect(await said("1 document in this channel")).toContain("lease.pdf");
    chat.command("new");
    await said("A fresh conversation");
    chat.command("forget");
    await said("Forget everything of this channel?");
    chat.press("Forget this channel");
    await said("Forgotten: 1 document");
    await expect.poll(() => openai.state.files.size).toBe(0);

    const folder = path.join(tmpdir(), "docent-transcripts");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${name.toLowerCase()}.txt`), `${chat.transcript()}\n`);
  });

  it("takes the document away with the message that brought it", async () => {
    const { chat, openai } = await startTalk(open);
    const question = chat.ask("How long is the notice period?", [{ name: "lease.pdf", bytes: await lease }]);
    await chat.until(() => chat.answers().find((answer) => answer.includes("ninety days")));
    chat.remove(question);
    await expect.poll(() => openai.state.files.size).toBe(0);
    // OpenAI's file goes first, our own record last: the list may be asked for in between.
    for (let listed = ""; !listed.includes("no documents in this channel");) {
      const before = chat.answers().length;
      chat.command("docs");
      listed = (await chat.until(() => chat.answers().slice(before).at(-1))) ?? "";
    }
  });

  it("says a failure in the channel, and tries again by button", async () => {
    const { chat, openai } = await startTalk(open);
    openai.faults.add("responses.create", { kind: "error", code: "credit_balance_exhausted" });
    chat.ask("What is the capital of France?");
    await chat.until(() => chat.answers().find((answer) => answer.includes("has no credit left")));
    chat.press("Try again");
    await chat.until(() => (chat.answers().length > 1 ? true : undefined));
    expect(openai.to("responses.create")).toHaveLength(2);
  });
});
