import { expect, test } from "vitest";
import { createStores, startTalk, toReadable, type Talk } from "./talk.ts";

const CONVERSATIONS = "openai-conversations";
const STORES = "openai-vector-stores";
const DOCUMENTS = "openai-documents";

/** A talk with a first answer behind it, and what its next questions read. */
async function start(): Promise<{ talk: Talk; reads: string[]; count: (namespace: string) => number }> {
  const reads: string[] = [];
  const talk = await startTalk({}, { stores: createStores((namespace) => reads.push(namespace)) });
  return { talk, reads, count: (namespace) => reads.filter((each) => each === namespace).length };
}

test("a question without documents reads its conversation when it begins and when it ends, and nothing else", async () => {
  const { talk, reads } = await start();
  await talk.ask();
  reads.length = 0;
  await talk.ask();
  expect(reads).toEqual([CONVERSATIONS, CONVERSATIONS]);
});

test("a question reads what can be searched once, however many documents that are", async () => {
  const { talk, reads, count } = await start();
  const available = Array.from({ length: 8 }, (_, n) =>
    toReadable(`part-${n}.md`, `Chapter ${n}: the notice period is ${n + 2} months.`, { tokens: 3_000 }),
  );
  await talk.ask({ available });
  expect(talk.server.to("vector_stores.files.create")).toHaveLength(8);
  reads.length = 0;
  const { sources } = await talk.ask({ available });
  expect(sources.length).toBeGreaterThan(0);
  expect(count(STORES)).toBe(2);
  expect(count(CONVERSATIONS)).toBe(3);
  // To tell whose the cited files are; and one more for each that was found, to note where it was used.
  expect(count(DOCUMENTS)).toBeLessThanOrEqual(16);
  expect(talk.server.to("vector_stores.files.create")).toHaveLength(8);
});
