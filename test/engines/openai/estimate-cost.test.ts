import { describe, expect, it } from "vitest";
import { Keyv } from "keyv";
import type { Document } from "../../../src/core/document.ts";
import type { Question } from "../../../src/core/ports/engine.ts";
import { estimateCost, isPriced } from "../../../src/engines/openai/spending/estimate-cost.ts";
import { createOpenAIStores } from "../../../src/engines/openai/records.ts";
import { createOpenAIClient } from "../../../src/engines/openai/openai-client.ts";
import { silentLog } from "../../fakes/core-under-test.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";
import { sampleDocument } from "../../fakes/sample-data.ts";

function toQuestion(documents: readonly Partial<Document>[] = [], text = "How long?"): Question {
  const attached = documents.map((change, index) => ({
    document: sampleDocument({ id: `d${index}`, ...change }),
    withFile: () => Promise.reject(new Error("An estimate opens no file.")),
    pages: () => Promise.resolve([]),
  }));
  const place = { turnId: "t1", conversation: "c1", channel: "c1", workspace: "w1", context: null, locale: "en" };
  return { ...place, text, author: { id: "u1", name: null }, attached, available: [], deadlineAt: 0 };
}

function setUp(model = "gpt-6-luna") {
  const stores = createOpenAIStores(<T>(namespace: string) => new Keyv<T>({ namespace }));
  const client = createOpenAIClient({ apiKey: "test-key", model, clock: createManualClock(), log: silentLog });
  const estimate = async (question: Question): Promise<number> =>
    (await estimateCost(question, { client, stores, inlineMaxTokens: 6_000 })) ?? Number.NaN;
  return { stores, estimate };
}

describe("what a question is expected to cost", () => {
  it("grows with the documents that are given whole, by their tokens", async () => {
    const { estimate } = setUp();
    const none = await estimate(toQuestion());
    expect((await estimate(toQuestion([{ tokens: 4_000 }]))) - none).toBeCloseTo((4_000 * 0.125) / 1e6, 12);
    expect((await estimate(toQuestion([{ tokens: 2_000 }, { tokens: 2_000 }]))) - none).toBeCloseTo(0.0005, 12);
  });

  it("does not grow with a document that is searched: that costs searches and what they find", async () => {
    const { estimate } = setUp();
    const none = await estimate(toQuestion());
    const searched = await estimate(toQuestion([{ tokens: 7_000 }]));
    expect(searched - none).toBeCloseTo(2 * 0.0025 + (24_000 * 0.125) / 1e6, 12);
    expect(await estimate(toQuestion([{ tokens: 2_000_000 }]))).toBe(searched);
  });

  it("counts the conversation so far, and not again what is inside it", async () => {
    const { estimate, stores } = setUp();
    const alone = await estimate(toQuestion());
    await stores.conversations.set("c1", {
      conversationId: "conv_1",
      inside: { d0: { fileId: "file-1", sizeBytes: 10 } },
      left: [],
      unfinished: [],
      inputTokens: 30_000,
      retired: [],
    });
    expect((await estimate(toQuestion([{ tokens: 4_000 }]))) - alone).toBeCloseTo((30_000 * 0.125) / 1e6, 12);
  });

  it("counts a long question, also in Korean", async () => {
    const { estimate } = setUp();
    const short = await estimate(toQuestion([], ""));
    expect((await estimate(toQuestion([], "통지".repeat(1_000)))) - short).toBeCloseTo((2_000 * 0.125) / 1e6, 6);
  });

  it("is more for a dearer model, and unknown for one without a price", async () => {
    const cheap = await setUp().estimate(toQuestion());
    expect(await setUp("gpt-6-astra").estimate(toQuestion())).toBeGreaterThan(50 * cheap);
    expect(await setUp("gpt-6-luna-2026-09-01").estimate(toQuestion())).toBe(cheap);
    expect(await setUp("house-model").estimate(toQuestion())).toBeNaN();
    expect(["gpt-6-luna", "gpt-6-luna-2026-09-01", "house-model"].map(isPriced)).toEqual([true, true, false]);
  });
});
