import { expect, test } from "vitest";

import {
  createPostingsBuilder,
  decodePositions,
  encodePositions,
  parseLayout,
  serializeLayout,
} from "../../../src/engines/local/document-postings.ts";

test("positions survive being stored", () => {
  const positions = [0, 1, 127, 128, 300, 70_000, 70_001, 2_000_000_000];
  expect([...decodePositions(encodePositions(positions))]).toEqual(positions);
  expect([...decodePositions(encodePositions([]))]).toEqual([]);
});

test("a layout survives being stored", () => {
  const builder = createPostingsBuilder();
  builder.addPage(1, "Cover");
  builder.addPage(3, "Contents\nOne ........ 4\nTwo ........ 5\nThree ...... 6\nFour ....... 7\nFive ....... 8");
  builder.addPage(4, "");
  builder.addPage(5, Array.from({ length: 50 }, (_, index) => `Item ${index} ${index * 3} ${index * 5}`).join("\n"));
  expect(parseLayout(serializeLayout(builder.layout))).toEqual(builder.layout);
  expect(builder.layout.numbers).toEqual([1, 3, 4, 5]);
  expect(builder.layout.listings).toEqual([false, true, false, false]);
  expect(builder.layout.figures[3]).toBeGreaterThan(0.5);
  expect(builder.layout.figures[0]).toBe(0);
});

test("a term's positions ascend over the pages", () => {
  const builder = createPostingsBuilder();
  builder.addPage(1, "alpha beta alpha");
  builder.addPage(2, "alpha");
  const positions = builder.postings.get("alpha") ?? [];
  expect(positions).toHaveLength(3);
  expect(positions).toEqual(positions.toSorted((first, second) => first - second));
  expect(positions[2]).toBe(builder.layout.starts[1]);
});
