import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startOpenAIServer } from "../servers/openai-server.ts";
import { startProgram, visit } from "./program.ts";

/** What the whole program is given: OpenAI's API as a server of ours, and a folder. */
async function setUp() {
  const server = await startOpenAIServer();
  onTestFinished(() => server.close());
  const env = { OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.url, DATA_DIR: temporaryFolder() };
  return { server, env };
}

describe("a budget of the whole program", () => {
  it("is used up, stays so when the process is killed, and is told on the page with what was used", async () => {
    const { env, server } = await setUp();
    const limited = { ...env, BUDGET_USD_PER_DAY: "0.0012", TIME_ZONE: "Pacific/Kiritimati" };
    let program = await startProgram(limited);
    let room = visit(program, "general");
    const answers = [await room.ask("How long is the notice period?")];
    while (answers.at(-1)?.usage !== null && answers.length < 60) answers.push(await room.ask("And then?"));
    expect(answers.at(-1)?.text).toContain("Today’s budget for all questions");
    expect(answers.at(-1)?.text).toContain("at 12:00 AM GMT+14");
    const runs = server.to("responses.create").length;
    expect(runs).toBe(answers.length - 1);

    await program.stop("SIGKILL");
    program = await startProgram(limited);
    room = visit(program, "general");
    expect((await room.ask("And now?")).text).toContain("Today’s budget for all questions");
    expect(server.to("responses.create")).toHaveLength(runs);

    const billed = answers.reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0);
    const report = (await (await fetch(`${program.url}/api/usage?days=7`)).json()) as {
      readonly timeZone: string;
      readonly total: { readonly questions: number; readonly costUsd: number };
      readonly budgets: readonly { readonly kind: string; readonly spentUsd: number }[];
    };
    expect(report.timeZone).toBe("Pacific/Kiritimati");
    expect(report.total.questions).toBe(runs);
    expect(report.total.costUsd).toBeCloseTo(billed, 8);
    expect(report.budgets).toEqual([expect.objectContaining({ kind: "all", limitUsd: 0.0012 })]);
    expect(report.budgets[0]?.spentUsd).toBeCloseTo(billed, 8);
    const csv = await (await fetch(`${program.url}/api/usage.csv?days=7`)).text();
    expect(csv.split("\r\n")[1]).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\d,web,web:general,web,,gpt-6-luna,${runs},`));
  });

  it("cannot be held for a model without a known price: the program says so and does not start", async () => {
    const { env } = await setUp();
    const unpriced = { ...env, OPENAI_MODEL: "house-model-7b" };
    await expect(startProgram({ ...unpriced, BUDGET_USD_PER_USER_PER_DAY: "1" })).rejects.toThrow(
      /price of OPENAI_MODEL=house-model-7b is not known.*docs\/costs\.md.*or remove the budgets/s,
    );
    const program = await startProgram({ ...unpriced, BUDGET_USD_PER_DAY: "0" });
    const refusal = await visit(program, "general").ask("How long?");
    expect(refusal.text).toContain("Today’s budget for all questions is $0.00");
  });
});
