/** Which wallet can be used in which market: a matrix, read from the wallets' own data. */
import type { CoverageState, WalletParticipant } from './participant.ts';

export interface Coverage {
  /** Countries that some wallet names, sorted. */
  readonly markets: readonly string[];
  readonly wallets: readonly WalletParticipant[];
  /** How many wallets can be used there now: live, of wallets that are not suspended. */
  readonly live: Readonly<Record<string, number>>;
}

export function coverageOf(wallets: readonly WalletParticipant[]): Coverage {
  const markets = [...new Set(wallets.flatMap(({ wallet }) => Object.keys(wallet.markets)))].sort();
  const live = Object.fromEntries(
    markets.map((market) => [market, wallets.filter((each) => coverageIn(each, market) === 'live').length]),
  );
  return { markets, wallets, live };
}

/** Whether a wallet can be used in a country; 'paused' everywhere while it is suspended, null where it never was. */
export function coverageIn(participant: WalletParticipant, country: string): CoverageState | null {
  const { markets } = participant.wallet;
  const state = Object.hasOwn(markets, country) ? (markets[country] ?? null) : null;
  return state !== null && participant.state === 'suspended' ? 'paused' : state;
}
