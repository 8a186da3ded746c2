/** How large the world is: numbers of people, of lives of orders, and what they come to in events and transfers. */
export interface Size {
  /** Orders, refunds, sellers and reserves: each has an account. */
  readonly people: number;
  /** Captured and released: five transfers, two events. */
  readonly lives: number;
  readonly accounts: number;
  readonly transfers: number;
  readonly events: number;
}

/** Everyone is paid in once and refunded once, so that no account is without entries; lives make up the rest. */
export function sizeOf(transfers: number, accounts: number): Size {
  const people = accounts / 4;
  const lives = Math.round((transfers - 3 * people) / 5);
  return {
    people,
    lives,
    accounts: 4 * people + SHARED,
    transfers: 3 * people + 5 * lives,
    events: 3 * people + 2 * lives,
  };
}

/** Receivable, fees and tax: accounts that every life touches. */
const SHARED = 3;

export const FULL = sizeOf(10_000_000, 1_000_000);
export const DEFAULT = sizeOf(2_000_000, 200_000);

/** History covers this year; the load begins after it. */
export const YEAR = { from: Date.UTC(2025, 11, 1), days: 365 };
