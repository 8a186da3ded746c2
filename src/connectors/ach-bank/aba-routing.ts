/**
 * ABA routing numbers: nine digits, the last a check digit (3·(d1+d4+d7) + 7·(d2+d5+d8) + d3+d6+d9 ≡ 0 mod 10), the first
 * two a Federal Reserve district or a special range. The checksum alone lets 000000000 pass.
 */

/** Prefixes a payout can go to: districts 01–12, thrifts 21–32, electronic transactions 61–72. */
const PAYABLE: readonly (readonly [number, number])[] = [
  [1, 12],
  [21, 32],
  [61, 72],
];
const WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7, 1] as const;

/** Whether the nine digits satisfy the checksum; false for anything that is not nine digits. */
export function hasValidCheckDigit(routing: string): boolean {
  if (!/^\d{9}$/.test(routing)) return false;
  const weighted = WEIGHTS.reduce((total: number, weight, index) => total + weight * Number(routing[index]), 0);
  return weighted % 10 === 0;
}

/**
 * Whether a business can be paid at this number over ACH. Prefix 00 (US government) and 80 (traveller's cheques) are
 * numbers too, but no seller banks there.
 */
export function isPayableRoutingNumber(routing: string): boolean {
  const prefix = Number(routing.slice(0, 2));
  return hasValidCheckDigit(routing) && PAYABLE.some(([low, high]) => prefix >= low && prefix <= high);
}
