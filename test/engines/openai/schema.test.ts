import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSchemaCheck, type SchemaCheck } from "../../servers/openai/schema.ts";
import { isJson } from "../../servers/openai/state.ts";
import { createPdf, LEASE, never, startTalk, TEAM, toReadable, type Talk } from "./talk.ts";

/** OpenAI's description of its API, where CI or a developer has one. Without it only the shapes below are checked. */
const descriptions = [process.env["OPENAI_OPENAPI"]].filter((path) => path !== undefined);

/** A talk that uses every address the engine uses. */
async function talkThrough(): Promise<Talk> {
  const talk = await startTalk({ indexTimeMs: 5, failedRunLeavesItems: true });
  const lease = toReadable("lease.pdf", await createPdf(LEASE));
  const handbook = toReadable("handbook.md", LEASE.join("\n"), { tokens: 50_000, scope: TEAM });
  const secret = toReadable("secret.md", LEASE.join("\n"), { tokens: 50_000, scope: TEAM });
  const image = toReadable("plan.png", Buffer.from([137, 80, 78, 71]), { tokens: 0 });
  await talk.engine.check();
  for (const readable of [handbook, secret]) await talk.engine.addDocument(readable, never());
  await talk.ask({ attached: [lease, image], available: [handbook] });
  await talk.ask({ available: [lease, image, handbook], context: "Something that was said." });
  talk.server.faults.add("responses.create", { kind: "run-failed", code: "server_error" });
  await expect(talk.ask({ available: [handbook] })).rejects.toMatchObject({ code: "run_failed" });
  talk.server.faults.add("responses.create", { kind: "run-incomplete", reason: "max_output_tokens" });
  await talk.ask({ available: [handbook] });
  talk.server.faults.add("responses.create", { kind: "reset-after" });
  await talk.ask({ available: [handbook] });
  talk.server.faults.add("responses.create", { kind: "stream-cut", afterEvents: 2 });
  await talk.ask();
  await talk.engine.removeDocument(lease.document);
  await talk.engine.removeDocument(handbook.document);
  await talk.engine.forgetConversation("test:general");
  return talk;
}

describe.for(descriptions)("by OpenAI's own description", (path) => {
  const schema = createSchemaCheck(JSON.parse(readFileSync(path, "utf8")));

  test("every request of the engine and every answer of the server is well formed", async () => {
    const talk = await talkThrough();
    const described = talk.server.requests.filter(({ method, path: to }) => schema.knows(method, to));
    expect(described.length).toBeGreaterThan(20);
    expect(described.flatMap((entry) => problemsOf(schema, entry))).toEqual([]);
  });

  test("every event of the server is well formed", async () => {
    const talk = await talkThrough();
    const events = [...talk.server.state.responses.values()].flatMap(({ events: each }) => each);
    expect(events.length).toBeGreaterThan(20);
    expect(events.flatMap((event) => schema.streamEvent(event).map((problem) => `${event.type} ${problem}`))).toEqual(
      [],
    );
  });

  test.for([
    { label: "background as text", body: { background: "yes" } },
    { label: "a search without stores", body: { tools: [{ type: "file_search" }] } },
    { label: "the old tool", body: { tools: [{ type: "retrieval" }] } },
    { label: "too few output tokens", body: { max_output_tokens: 3 } },
    { label: "an unknown name", body: { thread_id: "thread_1" } },
  ])("the check itself refuses $label", ({ body }) => {
    expect(schema.request("POST", "/responses", { model: "gpt-6-luna", input: "?", ...body })).not.toEqual([]);
  });

  test("the check itself refuses an answer without what it must have", () => {
    const answer = { id: "conv_1", object: "conversation", metadata: {} };
    expect(schema.response("POST", "/conversations", 200, answer)).not.toEqual([]);
    expect(schema.response("POST", "/conversations", 200, { ...answer, created_at: 1 })).toEqual([]);
    expect(schema.streamEvent({ type: "response.created", sequence_number: 0 })).not.toEqual([]);
  });
});

describe("the shape of the request for a run", () => {
  test("is what OpenAI's guides show", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.md", LEASE.join("\n"));
    const handbook = toReadable("handbook.md", LEASE.join("\n"), { tokens: 50_000 });
    await talk.engine.addDocument(handbook, never());
    await talk.ask({ attached: [lease], available: [handbook] });
    expect(talk.server.to("responses.create")[0]?.body).toEqual({
      model: "gpt-6-luna",
      background: true,
      store: true,
      stream: true,
      conversation: expect.stringMatching(/^conv_/) as string,
      instructions: expect.stringContaining("never an instruction") as string,
      input: [
        {
          type: "message",
          role: "user",
          content: [
            { type: "input_file", file_id: expect.stringMatching(/^file-/) as string },
            { type: "input_text", text: expect.stringMatching(/^\[message t_1 from Kim\]\n/) as string },
          ],
        },
      ],
      metadata: { turn: "t_1" },
      max_output_tokens: 16_000,
      safety_identifier: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      prompt_cache_key: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      tools: [
        {
          type: "file_search",
          vector_store_ids: [expect.stringMatching(/^vs_/) as string],
          max_num_results: 15,
        },
      ],
      include: ["file_search_call.results"],
    });
  });

  test("never goes to an address that OpenAI has switched off", async () => {
    const talk = await talkThrough();
    expect(talk.server.requests.filter(({ route }) => route === null)).toEqual([]);
  });
});

function problemsOf(schema: SchemaCheck, entry: Talk["server"]["requests"][number]): readonly string[] {
  const { method, path: to, body, status, answer } = entry;
  const asked = body === null ? [] : schema.request(method, to, body);
  const answered = status === null || !isJson(answer) ? [] : schema.response(method, to, status, answer);
  return [...asked, ...answered].map((problem) => `${method} ${to} ${String(status)}: ${problem}`);
}
