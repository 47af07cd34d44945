import { expect, test } from "vitest";

import { chunkPage } from "../../../src/engines/local/chunk-page.ts";

function textsOf(text: string): string[] {
  return chunkPage(text).map(({ start, end }) => text.slice(start, end));
}

test("a short page is one chunk", () => {
  expect(textsOf("One line.\nAnother line.")).toEqual(["One line.\nAnother line."]);
});

test("an empty page has no chunks", () => {
  expect(chunkPage(" \n\n ")).toEqual([]);
});

test("chunks of a long page are short, overlap and leave nothing out", () => {
  const lines = Array.from({ length: 60 }, (_, index) => `Line ${index} says that the value is ${index * 7}.`);
  const chunks = textsOf(lines.join("\n"));
  expect(chunks.length).toBeGreaterThan(4);
  for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(700);
  for (const line of lines) expect(chunks.some((chunk) => chunk.includes(line))).toBe(true);
  for (const [index, chunk] of chunks.entries()) {
    const first = chunk.split("\n")[0] ?? "";
    expect(chunks[Math.max(0, index - 1)]).toContain(first);
  }
});

test("a long line is cut at the ends of its sentences", () => {
  const sentence = "The committee met in the spring and decided to wait for another year. ";
  for (const chunk of textsOf(sentence.repeat(30))) expect(chunk.trim()).toMatch(/^The committee.*year\.$/);
});

test("a long line without spaces is cut all the same, but not inside a character", () => {
  const text = "😀".repeat(1000);
  const chunks = textsOf(text);
  expect(chunks.at(-1)?.length).toBeLessThanOrEqual(700);
  for (const chunk of chunks) expect(chunk).toMatch(/^(?:😀)+$/u);
});
