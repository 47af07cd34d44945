import { spawn } from "node:child_process";
import { once } from "node:events";
import { OpenAI } from "openai";
import { describe, expect, onTestFinished, test } from "vitest";
import { startOpenAIServer, type OpenAIServer, type OpenAIServerOptions } from "./openai-server.ts";
import { plainOf, toExtracted } from "./openai/extracted.ts";
import { rank, toChunks } from "./openai/search-chunks.ts";

interface Setup {
  readonly server: OpenAIServer;
  readonly client: OpenAI;
  /** A request that the SDK would not send. */
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; error: Record<string, unknown> }>;
}

async function start(options: OpenAIServerOptions = {}): Promise<Setup> {
  const server = await startOpenAIServer(options);
  onTestFinished(() => server.close());
  return {
    server,
    client: new OpenAI({ apiKey: "test-key", baseURL: server.url, maxRetries: 0, logLevel: "off" }),
    async send(method, path, body) {
      const headers = { authorization: "Bearer test-key", "content-type": "application/json" };
      const request = new Request(`${server.url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const response = await fetch(request);
      const answer = (await response.json()) as { error?: Record<string, unknown> };
      return { status: response.status, error: answer.error ?? {} };
    },
  };
}

async function upload(client: OpenAI, name: string, text: string): Promise<string> {
  return (await client.files.create({ file: new File([text], name), purpose: "user_data" })).id;
}

describe("the server refuses, with OpenAI's words,", () => {
  test.for([
    {
      label: "a switched-off address",
      path: "/threads",
      body: {},
      status: 404,
      error: { message: "Invalid URL (POST /v1/threads)" },
    },
    { label: "another one", path: "/assistants", body: {}, status: 404, error: { type: "invalid_request_error" } },
    {
      label: "an unknown model",
      path: "/responses",
      body: { model: "gpt-3", input: "?" },
      status: 404,
      error: { code: "model_not_found" },
    },
    {
      label: "an unknown name",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", thread: 1 },
      status: 400,
      error: { code: "unknown_parameter", param: "thread" },
    },
    {
      label: "a request without a model",
      path: "/responses",
      body: { input: "?" },
      status: 400,
      error: { code: "missing_required_parameter" },
    },
    {
      label: "a request without input",
      path: "/responses",
      body: { model: "gpt-6-luna" },
      status: 400,
      error: { code: "missing_required_parameter" },
    },
    {
      label: "too few output tokens",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", max_output_tokens: 15 },
      status: 400,
      error: { param: "max_output_tokens" },
    },
    {
      label: "an unknown include",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", include: ["x"] },
      status: 400,
      error: { param: "include" },
    },
    {
      label: "the old tool",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", tools: [{ type: "retrieval" }] },
      status: 400,
      error: { param: "tools" },
    },
    {
      label: "three stores",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", tools: [{ type: "file_search", vector_store_ids: ["a", "b", "c"] }] },
      status: 400,
      error: { message: "maximum of 2 vector stores allowed" },
    },
    {
      label: "an unknown store",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", tools: [{ type: "file_search", vector_store_ids: ["vs_1"] }] },
      status: 404,
      error: { code: null },
    },
    {
      label: "two memories",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", conversation: "conv_1", previous_response_id: "resp_1" },
      status: 400,
      error: { param: "previous_response_id" },
    },
    {
      label: "an unknown conversation",
      path: "/responses",
      body: { model: "gpt-6-luna", input: "?", conversation: "conv_1" },
      status: 404,
      error: { type: "invalid_request_error" },
    },
    {
      label: "an unknown file",
      path: "/responses",
      body: { model: "gpt-6-luna", input: [{ role: "user", content: [{ type: "input_file", file_id: "file-1" }] }] },
      status: 404,
      error: { param: "input" },
    },
    {
      label: "file_ids of a message",
      path: "/responses",
      body: { model: "gpt-6-luna", input: [{ role: "user", content: "?", file_ids: ["file-1"] }] },
      status: 400,
      error: { param: "input" },
    },
    {
      label: "17 pairs of metadata",
      path: "/conversations",
      body: { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, ""])) },
      status: 400,
      error: { param: "metadata" },
    },
    {
      label: "a long value",
      path: "/conversations",
      body: { metadata: { a: "x".repeat(513) } },
      status: 400,
      error: { param: "metadata" },
    },
    {
      label: "21 items",
      path: "/conversations",
      body: { items: Array.from({ length: 21 }, () => ({ role: "user", content: "?" })) },
      status: 400,
      error: { param: "items" },
    },
  ])("$label", async ({ path, body, status, error }) => {
    const { send, server } = await start();
    const answer = await send("POST", path, body);
    expect(answer).toMatchObject({ status, error });
    expect(Object.keys(answer.error).toSorted()).toEqual(["code", "message", "param", "type"]);
    expect(server.requests.map((entry) => entry.path)).toEqual([path]);
  });

  test("a wrong key and none", async () => {
    const { server } = await start();
    const wrong = await fetch(`${server.url}/models`, { headers: { authorization: "Bearer no" } });
    expect([wrong.status, await wrong.json()]).toEqual([
      401,
      { error: expect.objectContaining({ code: "invalid_api_key" }) as unknown },
    ]);
    expect((await fetch(`${server.url}/models`)).status).toBe(401);
  });

  test("empty files, unknown purposes and pictures that are none", async () => {
    const { client } = await start();
    await expect(upload(client, "a.txt", "")).rejects.toMatchObject({ status: 400 });
    const file = new File(["x"], "a.txt");
    await expect(client.files.create({ file, purpose: "vision" })).rejects.toMatchObject({ status: 400 });
    await expect(client.files.create({ file, purpose: "made-up" as "vision" })).rejects.toMatchObject({
      param: "purpose",
    });
  });

  test("a second run in a locked conversation", async () => {
    const { client, server } = await start();
    const { id } = await client.conversations.create();
    server.hold();
    const body = { model: "gpt-6-luna", input: "?", conversation: id, background: true };
    const run = await client.responses.create(body);
    await expect(client.responses.create(body)).rejects.toMatchObject({
      status: 400,
      error: {
        message: "Another process is currently operating on this conversation. Please retry in a few seconds.",
        type: "invalid_request_error",
        param: "conversation",
        code: "conversation_locked",
      },
    });
    await client.responses.cancel(run.id);
    expect((await client.responses.cancel(run.id)).status).toBe("cancelled");
    expect((await client.responses.create(body)).status).toBe("queued");
  });
});

describe("the server keeps", () => {
  test("items of a conversation that is deleted, out of reach", async () => {
    const { client, server } = await start();
    const { id } = await client.conversations.create({ items: [{ role: "user", content: "Hello" }] });
    await client.conversations.delete(id);
    expect(server.state.orphanItems).toHaveLength(1);
    await expect(client.conversations.items.list(id)).rejects.toMatchObject({ status: 404 });
  });

  test("items in order, newest first, in pages", async () => {
    const { client } = await start();
    const items = ["a", "b", "c"].map((content) => ({ role: "user" as const, content }));
    const { id } = await client.conversations.create({ items });
    const page = await client.conversations.items.list(id, { limit: 2 });
    expect([page.data.length, page.has_more, page.data[0]]).toMatchObject([2, true, { content: [{ text: "c" }] }]);
    const all: unknown[] = [];
    for await (const item of client.conversations.items.list(id, { limit: 1, order: "asc" })) all.push(item);
    expect(all).toHaveLength(3);
  });

  test("no file in a store after it is deleted, and none that a store cannot read", async () => {
    const { client, server } = await start();
    const store = await client.vectorStores.create({ name: "s" });
    const good = await upload(client, "a.md", "The notice period is three months.");
    const table = await upload(client, "a.csv", "a,b");
    for (const file_id of [good, table]) {
      await client.vectorStores.files.createAndPoll(store.id, { file_id }, { pollIntervalMs: 1 });
    }
    const failed = await client.vectorStores.files.retrieve(table, { vector_store_id: store.id });
    expect(failed).toMatchObject({ status: "failed", last_error: { code: "unsupported_file" } });
    const found = await client.vectorStores.search(store.id, { query: "notice period" });
    expect(found.data[0]).toMatchObject({ file_id: good, filename: "a.md" });
    await client.files.delete(good);
    expect([...(server.state.vectorStores.get(store.id)?.files.keys() ?? [])]).toEqual([table]);
  });

  test("the events of a run, and sends those behind a number", async () => {
    const { client } = await start();
    const stream = await client.responses.create({ model: "gpt-6-luna", input: "?", background: true, stream: true });
    const events: { type: string; sequence_number: number }[] = [];
    let id = "";
    for await (const event of stream) {
      events.push(event);
      if (event.type === "response.created") ({ id } = event.response);
    }
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
    expect(events.map(({ type }) => type)).toEqual([
      "response.created",
      "response.queued",
      "response.in_progress",
      "response.output_item.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.output_item.done",
      "response.completed",
    ]);
    const again: number[] = [];
    for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: 4 })) {
      again.push(event.sequence_number);
    }
    expect(again).toEqual([5, 6, 7]);
  });

  test("no stream of a run that was made without one", async () => {
    const { client } = await start();
    const { id } = await client.responses.create({ model: "gpt-6-luna", input: "?", background: true });
    await expect(client.responses.retrieve(id, { stream: true })).rejects.toMatchObject({
      status: 400,
      param: "stream",
    });
    const { id: foreground } = await client.responses.create({ model: "gpt-6-luna", input: "?" });
    await expect(client.responses.cancel(foreground)).rejects.toMatchObject({ status: 400 });
  });

  test("search results to itself unless they are asked for", async () => {
    const { client } = await start();
    const store = await client.vectorStores.create({ name: "s" });
    const file_id = await upload(client, "a.md", "The notice period is three months.");
    await client.vectorStores.files.createAndPoll(store.id, { file_id }, { pollIntervalMs: 1 });
    const tools = [{ type: "file_search" as const, vector_store_ids: [store.id] }];
    const body = { model: "gpt-6-luna", input: "What is the notice period?", tools };
    const without = await client.responses.create(body);
    expect(without.output[0]).toMatchObject({ type: "file_search_call", results: null });
    const included = await client.responses.create({ ...body, include: ["file_search_call.results"] });
    expect(included.output[0]).toMatchObject({ results: [{ file_id, filename: "a.md" }] });
    expect(included.output_text).toBe("The notice period is three months.");
    expect(included.output[1]).toMatchObject({
      content: [{ annotations: [{ type: "file_citation", file_id, index: 34 }] }],
    });
  });

  test("counting earlier items with every run, cached where an earlier one ended", async () => {
    const { client } = await start();
    const { id } = await client.conversations.create();
    const body = { model: "gpt-6-luna", input: "word ".repeat(1_000), conversation: id };
    const first = await client.responses.create(body);
    const second = await client.responses.create(body);
    expect(second.usage?.input_tokens).toBeGreaterThan((first.usage?.input_tokens ?? 0) * 1.9);
    expect(first.usage?.input_tokens_details).toEqual({ cached_tokens: 0, cache_write_tokens: 1_250 });
    expect(second.usage?.input_tokens_details.cached_tokens).toBe(1_250);
    const others = await client.responses.create({ ...body, instructions: "Other ones." });
    expect(others.usage?.input_tokens_details.cached_tokens).toBe(0);
  });

  test("counting search results and the pages of a file that an earlier item holds", async () => {
    const { client } = await start();
    const store = await client.vectorStores.create({ name: "docs" });
    const file_id = await upload(client, "a.md", "The notice period is three months. ".repeat(100));
    await client.vectorStores.files.createAndPoll(store.id, { file_id }, { pollIntervalMs: 1 });
    const { id } = await client.conversations.create();
    const body = { model: "gpt-6-luna", input: "What is the notice period?", conversation: id };
    const tools = [{ type: "file_search" as const, vector_store_ids: [store.id] }];
    const searched = await client.responses.create({ ...body, tools });
    const after = await client.responses.create(body);
    expect(searched.usage?.input_tokens).toBeGreaterThan(500);
    expect(after.usage?.input_tokens).toBeGreaterThan(searched.usage?.input_tokens ?? 0);
  });
});

describe("faults", () => {
  test("happen as often as planned, after as many requests as planned", async () => {
    const { client, server } = await start();
    server.faults.add("models.list", { kind: "error", code: "slow_down", retryAfter: 3 }, { skip: 1, times: 2 });
    const seen: unknown[] = [];
    for (let request = 0; request < 4; request += 1) {
      seen.push(
        await client.models.list().then(
          () => 200,
          (error: { status: number }) => error.status,
        ),
      );
    }
    expect(seen).toEqual([200, 429, 429, 200]);
    expect(server.faults.pending()).toBe(0);
  });

  test("by rate happen to about that part", async () => {
    const { client, server } = await start();
    server.faults.add("models.list", { kind: "reset" }, { rate: 1 });
    await expect(client.models.list()).rejects.toThrow(/Connection/);
    server.faults.clear();
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });
});

describe("searching", () => {
  test("cuts long texts into overlapping chunks", () => {
    const text = Array.from({ length: 1_500 }, (_, number) => `word${number}`).join(" ");
    const chunks = toChunks(toExtracted([[text]])).map(plainOf);
    expect(chunks).toHaveLength(4);
    expect(chunks[0]).toContain("word599");
    expect(chunks[1]).toMatch(/^word300 /);
    expect(chunks.at(-1)).toMatch(/word1499$/);
  });

  test("finds Korean, Japanese and Chinese", () => {
    const texts = ["통지 기간은 3개월입니다.", "解約通知期間は三か月です。", "通知期为三个月。"].map((text) => ({
      text,
    }));
    expect(rank("통지 기간", texts)[0]?.text).toBe(texts[0]?.text);
    expect(rank("解約", texts)[0]?.text).toBe(texts[1]?.text);
  });
});

test("it can be started by hand, and says where it is", async () => {
  const child = spawn(process.execPath, ["test/servers/openai-server.ts", "--port", "0"]);
  onTestFinished(() => void child.kill());
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = /OPENAI_BASE_URL=(\S+)/.exec(line.toString())?.[1] ?? "";
  const response = await fetch(`${url}/models`, { headers: { authorization: "Bearer test-key" } });
  expect(response.status).toBe(200);
});
