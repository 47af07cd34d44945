/** z of the 95th percentile of the normal distribution. */
const Z95 = 1.6449;

/** Draws from the standard normal distribution (Box and Muller). */
export function drawNormal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** A source of numbers whose median is `p50` and whose 95th percentile is `p95`. */
export function createLognormal(random: () => number, { p50, p95 }: { p50: number; p95: number }): () => number {
  const sigma = Math.log(p95 / p50) / Z95;
  return () => p50 * Math.exp(sigma * drawNormal(random));
}
