export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which the given share lies; 0 of nothing. Nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
