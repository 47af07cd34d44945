import { expect, it } from "vitest";
import { exponential, lognormal, seeded } from "../../bench/draw.ts";
import { quantile } from "../../bench/quantile.ts";

it("draws the same for the same seed", () => {
  const draw = (seed: number): readonly number[] => Array.from({ length: 5 }, seeded(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

it("draws a lognormal time with the median and the spread that were asked for", () => {
  const random = seeded(7);
  const values = Array.from({ length: 20_000 }, () => lognormal(random, { median: 300, sigma: 0.5 }));
  expect(quantile(values, 0.5) / 300).toBeCloseTo(1, 1);
  // exp(1.6449 * 0.5) = 2.28
  expect(quantile(values, 0.95) / 300).toBeCloseTo(2.28, 1);
});

it("draws an exponential time with its mean", () => {
  const random = seeded(7);
  const values = Array.from({ length: 20_000 }, () => exponential(random, 1000));
  expect(values.reduce((sum, value) => sum + value, 0) / values.length / 1000).toBeCloseTo(1, 1);
});
