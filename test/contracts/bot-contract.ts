import { describe, expect, it, onTestFinished } from "vitest";
import type { Chat } from "../e2e/chats.ts";
import { startProgram, type Program } from "../e2e/program.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { makeEncryptedPdf, makePdf } from "../fixtures/make-pdf.ts";
import { createExtractiveBrain } from "../servers/openai/brain.ts";
import { startOpenAIServer, type OpenAIServer } from "../servers/openai-server.ts";

const LEASE = [
  "Parties of the lease: Kim and Park.",
  "The notice period is ninety days after receipt.",
  "The deposit is three months of rent.",
];
const LONG = Array.from({ length: 300 }, (_, line) => `Line ${line} of a long answer about corridor lights.`).join(
  "\n\n",
);

interface Scene {
  readonly chat: Chat;
  readonly openai: OpenAIServer;
  readonly program: Program;
  readonly start: () => Promise<Program>;
  /** Resolves with the newest answer that holds this text. */
  readonly answer: (text: string) => Promise<string>;
}

/** What every bot must do, seen from outside through the whole program. */
export function describeBot(name: string, open: () => Promise<Chat>): void {
  async function begin(): Promise<Scene> {
    const extract = createExtractiveBrain({ inlineAnnotations: true });
    const openai = await startOpenAIServer({
      answer(request, context) {
        if (context.question.includes("long answer")) return { text: LONG };
        if (context.question.includes("number")) return { text: `Echo: ${context.question}` };
        return extract(request, context);
      },
    });
    onTestFinished(() => openai.close());
    const chat = await open();
    const env = { DATA_DIR: temporaryFolder(), OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: openai.url, ...chat.env };
    const start = async (): Promise<Program> => {
      const started = await startProgram(env);
      await chat.connected(started);
      return started;
    };
    const program = await start();
    const answer = (text: string): Promise<string> =>
      chat.until(() => chat.answers().findLast((each) => each.includes(text)));
    return { chat, openai, program, start, answer };
  }

  describe(`${name} as a bot`, () => {
    it("answers from a file that came earlier without a question, with its page", async () => {
      const { chat, answer } = await begin();
      chat.say("for later", [{ name: "lease.pdf", bytes: await makePdf(LEASE) }]);
      chat.ask("How long is the notice period?");
      expect(await answer("ninety days")).toMatch(/lease\.pdf.*p\. 2/s);
      expect(chat.answers()).toHaveLength(1);
    });

    it("answers from the file of the question, and names what is wrong with another", async () => {
      const { chat, answer } = await begin();
      chat.ask("How much is the deposit?", [
        { name: "lease.pdf", bytes: await makePdf(LEASE) },
        { name: "locked.pdf", bytes: await makeEncryptedPdf() },
      ]);
      const said = await answer("three months of rent");
      expect(said).toMatch(/lease\.pdf.*p\. 3/s);
      expect(said).toContain("“locked.pdf” is protected with a password");
    });

    it("asks the model once, however often a message is delivered", async () => {
      const { chat, openai, answer } = await begin();
      const said = chat.ask("question number 1.");
      chat.deliverAgain(said);
      await answer("number 1.");
      chat.deliverAgain(said);
      // What the copies still cause would be there before the answer to another question.
      chat.ask("question number 2.");
      await answer("number 2.");
      expect(openai.to("responses.create")).toHaveLength(2);
      expect(chat.answers()).toHaveLength(2);
    });

    it("answers in order", async () => {
      const { chat, answer } = await begin();
      for (let number = 1; number <= 5; number++) chat.ask(`question number ${number}.`);
      await answer("number 5.");
      expect(chat.answers().map((each) => /number \d/.exec(each)?.[0])).toEqual(
        [1, 2, 3, 4, 5].map((number) => `number ${number}`),
      );
    });

    it("gives a long answer whole", async () => {
      const { chat, answer } = await begin();
      chat.ask("Please give a long answer.");
      await answer("Line 299 ");
      const lines = [
        ...chat
          .answers()
          .join("\n")
          .matchAll(/^Line (\d+) of/gm),
      ].map((match) => Number(match[1]));
      expect(lines).toEqual(Array.from({ length: 300 }, (_, line) => line));
    });

    it("answers after kill -9 what was asked before it, once", async () => {
      const { chat, openai, program, start, answer } = await begin();
      openai.hold();
      chat.ask("How long is the notice period?", [{ name: "lease.pdf", bytes: await makePdf(LEASE) }]);
      await openai.whenRequested("responses.create");
      await program.stop("SIGKILL");
      openai.release();
      await start();
      await answer("ninety days");
      expect(openai.to("responses.create")).toHaveLength(1);
      expect(chat.answers()).toHaveLength(1);
    });

    it("says a failure in words, and goes on with the next question", async () => {
      const { chat, openai, answer } = await begin();
      openai.faults.add("responses.create", { kind: "error", code: "context_length_exceeded" });
      chat.ask("question number 1.");
      await answer("too long for the model");
      chat.ask("question number 2.");
      expect(await answer("number 2.")).toContain("Echo:");
    });
  });
}
