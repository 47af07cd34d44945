/** The value that a share of the values does not exceed (nearest rank). NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value; the mean of the two middle ones would be a value that was never seen. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
