import { expect, it } from "vitest";
import { median, quantile } from "../../bench/quantile.ts";

it.each([
  { label: "the middle of three", values: [3, 1, 2], share: 0.5, expected: 2 },
  {
    label: "the 99th of a hundred",
    values: Array.from({ length: 100 }, (_, index) => index + 1),
    share: 0.99,
    expected: 99,
  },
  { label: "the largest of few", values: [5, 9], share: 0.99, expected: 9 },
  { label: "the least for nothing", values: [5, 9], share: 0, expected: 5 },
])("the nearest rank is $label", ({ values, share, expected }) => {
  expect(quantile(values, share)).toBe(expected);
});

it("has no value where there are none", () => {
  expect(median([])).toBeNaN();
});
