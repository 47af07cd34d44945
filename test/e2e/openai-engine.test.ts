import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { makeLongPdf, makePdf } from "../fixtures/make-pdf.ts";
import { startOpenAIServer, type OpenAIServer, type OpenAIServerOptions } from "../servers/openai-server.ts";
import { startProgram, visit } from "./program.ts";

async function openai(
  options: OpenAIServerOptions = {},
): Promise<{ server: OpenAIServer; env: Record<string, string> }> {
  const server = await startOpenAIServer(options);
  onTestFinished(() => server.close());
  const env = { DATA_DIR: temporaryFolder(), OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.url };
  return { server, env };
}

describe("the program with an OpenAI key", () => {
  it("keeps one conversation a channel over a restart, gives short files inline and searches long ones", async () => {
    const { server, env } = await openai();
    const first = await startProgram(env);
    const lease = await makePdf(["Parties of the lease.", "The notice period is ninety days after receipt."]);
    const short = await visit(first, "short").ask("How long is the notice period?", [
      { name: "lease.pdf", bytes: lease },
    ]);
    const long = await visit(first, "long").ask("What is the access code of room 117?", [
      { name: "rooms.pdf", bytes: await makeLongPdf(150) },
    ]);
    await first.stop("SIGKILL");
    const second = await startProgram(env);
    const shortAgain = await visit(second, "short").ask("Is it ninety days after receipt?");
    const longAgain = await visit(second, "long").ask("And the access code of room 42?");

    expect(short.citations[0]).toMatchObject({ document: "lease.pdf", page: 2 });
    expect(long.citations[0]).toMatchObject({ document: "rooms.pdf", page: 117 });
    expect(longAgain.citations[0]).toMatchObject({ document: "rooms.pdf", page: 42 });
    expect(shortAgain.usage?.inputTokens).toBeGreaterThan(short.usage?.inputTokens ?? Infinity);

    const runs = server.to("responses.create").map(({ body }) => body);
    expect(runs).toHaveLength(4);
    expect(runs.every((run) => run?.["background"] === true && run["store"] === true)).toBe(true);
    const conversations = runs.map((run) => JSON.stringify(run?.["conversation"]));
    expect(conversations[0]).toBe(conversations[2]);
    expect(conversations[1]).toBe(conversations[3]);
    expect(new Set(conversations).size).toBe(2);
    expect(JSON.stringify(runs[0]?.["input"])).toMatch(/"type":"input_file","file_id":"file-/);
    expect(JSON.stringify(runs[1]?.["tools"])).toMatch(/"type":"file_search","vector_store_ids":\["vs_/);
    expect(server.to("files.create")).toHaveLength(2);
    expect(server.requests.filter(({ path }) => /threads|assistants/.test(path))).toEqual([]);
    expect(server.requests.filter(({ status }) => status !== null && status >= 400)).toEqual([]);
  });

  it("goes on with a run that was under way when it was killed, and asks once", async () => {
    const { server, env } = await openai();
    server.hold();
    const first = await startProgram(env);
    const { body } = await visit(first, "general").post("What is the capital of France?");
    await server.whenRequested("responses.create");
    await first.stop("SIGKILL");
    const second = await startProgram(env);
    server.release();
    await visit(second, "general").answerOf(body.turn?.id ?? "");
    expect(server.state.responses.size).toBe(1);
    expect((await visit(second, "general").messages()).map(({ author }) => author)).toEqual(["you", "docent"]);
  });

  it("lets a run go on at OpenAI when it is stopped, and posts the answer after the next start", async () => {
    const { server, env } = await openai();
    server.hold();
    const first = await startProgram(env);
    const { body } = await visit(first, "general").post("What is the capital of France?");
    await server.whenRequested("responses.create");
    expect(await first.stop("SIGTERM")).toBe(0);
    expect(server.to("responses.cancel")).toEqual([]);
    server.release();
    const second = await startProgram(env);
    await visit(second, "general").answerOf(body.turn?.id ?? "");
    expect(server.to("responses.create")).toHaveLength(1);
  });

  it("cancels the run when somebody presses stop", async () => {
    const { server, env } = await openai();
    server.hold();
    const program = await startProgram(env);
    const page = visit(program, "general");
    const { body } = await page.post("What is the capital of France?");
    await server.whenRequested("responses.create");
    const turn = body.turn?.id ?? "";
    expect((await fetch(`${program.url}/api/turns/${turn}/cancel`, { method: "POST" })).status).toBe(202);
    expect((await page.answerOf(turn)).text).toBe("Stopped.");
    expect(server.to("responses.cancel")).toHaveLength(1);
  });

  it("says what is wrong with the account, and offers passages from the documents meanwhile", async () => {
    const { server, env } = await openai();
    const program = await startProgram(env);
    const page = visit(program, "general");
    server.faults.add("responses.create", { kind: "error", code: "credit_balance_exhausted" });
    const lease = await makePdf(["Parties of the lease.", "The notice period is ninety days after receipt."]);
    const answer = await page.ask("How long is the notice period?", [{ name: "lease.pdf", bytes: lease }]);
    expect(answer.text).toContain("The OpenAI account has no credit left.");
    expect(answer.citations[0]).toMatchObject({ document: "lease.pdf", page: 2 });
    expect(server.to("responses.create")).toHaveLength(1);
    expect(program.output()).not.toContain("test-key");
  });

  it("forgets a channel at OpenAI as well: files, stores, items and conversation", async () => {
    const { server, env } = await openai();
    const program = await startProgram(env);
    const page = visit(program, "general");
    await page.ask("What is the access code of room 17?", [{ name: "rooms.pdf", bytes: await makeLongPdf(40) }]);
    expect(server.state.files.size).toBe(1);
    await page.forget();
    expect(server.state.files.size).toBe(0);
    expect(server.state.vectorStores.size).toBe(0);
    expect(server.state.conversations.size).toBe(0);
  });
});
