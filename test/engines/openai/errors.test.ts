import { describe, expect, test } from "vitest";
import type { KnownError } from "../../servers/openai/faults.ts";
import { isDocentError, type ErrorCode } from "../../../src/core/errors.ts";
import { startTalk, toReadable } from "./talk.ts";

interface Refusal {
  readonly answer: KnownError;
  readonly code: ErrorCode;
  readonly asked: number;
}

const FINAL: readonly Refusal[] = [
  { answer: "invalid_api_key", code: "invalid_key", asked: 1 },
  { answer: "unsupported_country_region_territory", code: "engine_refused", asked: 1 },
  { answer: "model_not_found", code: "model_not_available", asked: 1 },
  { answer: "context_length_exceeded", code: "context_too_long", asked: 1 },
  { answer: "invalid_value", code: "engine_refused", asked: 1 },
  { answer: "credit_balance_exhausted", code: "out_of_credit", asked: 1 },
  { answer: "insufficient_quota", code: "out_of_credit", asked: 1 },
  { answer: "organization_spend_limit_exceeded", code: "out_of_credit", asked: 1 },
  { answer: "project_spend_limit_exceeded", code: "out_of_credit", asked: 1 },
  { answer: "organization_usage_limit_exceeded", code: "out_of_credit", asked: 1 },
  { answer: "rate_limit_exceeded", code: "rate_limited", asked: 4 },
  { answer: "slow_down", code: "rate_limited", asked: 4 },
  { answer: "server_is_overloaded", code: "engine_overloaded", asked: 4 },
  { answer: "server_error", code: "engine_unreachable", asked: 3 },
  { answer: "conflict", code: "engine_unreachable", asked: 3 },
];

describe("when OpenAI refuses a run", () => {
  test.for(FINAL)("with $answer, the error is $code after $asked requests", async ({ answer, code, asked }) => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "error", code: answer }, { times: 10 });
    const error = await talk.ask().catch((reason: unknown) => reason);
    expect(isDocentError(error, code)).toBe(true);
    expect(talk.server.to("responses.create")).toHaveLength(asked);
    expect(talk.server.state.responses.size).toBe(0);
  });

  test.for<{ answer: KnownError }>([
    { answer: "rate_limit_exceeded" },
    { answer: "slow_down" },
    { answer: "server_is_overloaded" },
    { answer: "server_error" },
    { answer: "conflict" },
  ])("once with $answer, the question is answered all the same", async ({ answer }) => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "error", code: answer });
    expect((await talk.ask()).text).not.toBe("");
    expect(talk.server.state.responses.size).toBe(1);
  });

  test("it waits as long as Retry-After says, and a little longer, so that not all come back at once", async () => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "error", code: "rate_limit_exceeded", retryAfter: 7 });
    await talk.ask();
    expect(talk.clock.sleeps.filter((ms) => ms >= 7_000 && ms <= 7_700)).toHaveLength(1);
  });

  test("before the run, it does not keep people waiting for minutes", async () => {
    const talk = await startTalk();
    talk.server.faults.add("conversations.create", { kind: "error", code: "slow_down", retryAfter: 90 });
    await expect(talk.ask()).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 90_000 });
  });

  test("it gives up when Retry-After is behind the deadline", async () => {
    const talk = await startTalk();
    talk.server.faults.add("responses.create", { kind: "error", code: "rate_limit_exceeded", retryAfter: 7 });
    const deadlineAt = talk.clock.steady() + 5_000;
    await expect(talk.ask({ deadlineAt })).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 7_000 });
  });

  test.for(["/responses", "/conversations", "/files"])("a server without %s is told from a refusal", async (absent) => {
    const talk = await startTalk({ absent: [absent] });
    const attached = [toReadable("lease.md", "The notice period is ninety days.")];
    await expect(talk.ask({ attached })).rejects.toMatchObject({ code: "engine_incomplete" });
  });

  test("the model's name and the reason are details that people are shown", async () => {
    const talk = await startTalk({}, { model: "gpt-else" });
    await expect(talk.ask()).rejects.toMatchObject({ code: "model_not_available", details: { model: "gpt-else" } });
    const other = await startTalk();
    other.server.faults.add("responses.create", { kind: "error", code: "invalid_value" });
    await expect(other.ask()).rejects.toMatchObject({ code: "engine_refused", details: { reason: "invalid_value" } });
  });
});

describe("an error", () => {
  test("never holds the key or what people wrote, nor do the logs", async () => {
    const key = "sk-very-secret-key";
    const talk = await startTalk({ apiKeys: ["other"] }, { apiKey: key });
    const secret = "the-secret-question";
    const lease = toReadable("private-name.md", "private words");
    for (const attempt of [
      talk.ask({ text: secret, attached: [lease] }),
      talk.engine.addDocument(lease, new AbortController().signal),
      talk.engine.removeDocument(lease.document),
    ]) {
      const error = await attempt.catch((reason: unknown) => reason);
      expect(print(error)).not.toMatch(/sk-very|secret|private/);
    }
    expect(talk.logged.join("\n")).not.toMatch(/sk-very|secret|private/);
  });

  test("of a server that echoes the question holds nothing of it", async () => {
    const talk = await startTalk();
    const message = "Bad input: the-secret-question with key sk-test";
    talk.server.faults.add("responses.create", { kind: "error", code: "invalid_value", message });
    const error = await talk.ask({ text: "the-secret-question" }).catch((reason: unknown) => reason);
    expect(print(error)).toContain("invalid_value");
    expect(print(error)).not.toMatch(/secret|sk-test/);
  });
});

describe("readiness", () => {
  test("is asked for once a minute", async () => {
    const talk = await startTalk();
    expect(await talk.engine.check()).toEqual({ ready: true });
    expect(await talk.engine.check()).toEqual({ ready: true });
    expect(talk.server.to("models.retrieve")).toHaveLength(1);
    talk.clock.advance(60_000);
    await talk.engine.check();
    expect(talk.server.to("models.retrieve")).toHaveLength(2);
  });

  test.for<{ answer: KnownError; reason: RegExp }>([
    { answer: "invalid_api_key", reason: /OPENAI_API_KEY/ },
    { answer: "model_not_found", reason: /gpt-6-luna.*OPENAI_MODEL/ },
    { answer: "credit_balance_exhausted", reason: /credit/ },
    { answer: "server_error", reason: /cannot be reached/ },
    { answer: "server_is_overloaded", reason: /503/ },
  ])("with $answer says why not", async ({ answer, reason }) => {
    const talk = await startTalk();
    talk.server.faults.add("models.retrieve", { kind: "error", code: answer });
    const readiness = await talk.engine.check();
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringMatching(reason) as string });
    expect(JSON.stringify(readiness)).not.toContain("test-key");
  });

  test("without a server says that it cannot be reached", async () => {
    const talk = await startTalk();
    const engine = talk.restart({ baseUrl: "http://127.0.0.1:9/v1" });
    expect(await engine.check()).toMatchObject({ ready: false });
  });
});

function print(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = JSON.stringify(error, Object.getOwnPropertyNames(error));
  return `${fields} ${error.cause === undefined ? "" : print(error.cause)}`;
}
