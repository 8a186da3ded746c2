/**
 * Wallets that Alipay+ and its partners have published, with where they can be used: facts, without addresses and keys, which
 * come with a contract. A sandbox has them all from its first start. Ids that begin with SBX are the sandbox's own. A wallet
 * is live in every market of the list unless something else is known of it: 16 in Japan, one in Korea only.
 */
import { readFileSync } from 'node:fs';
import { money } from '../base/money.ts';
import type { WalletLimit, WalletRole } from './participant.ts';

export interface KnownWallet
  extends Pick<
    WalletRole,
    'slug' | 'brandCode' | 'isBankApp' | 'country' | 'currency' | 'modes' | 'limits' | 'markets'
  > {
  readonly participantId: string;
  readonly name: string;
}

interface Listed extends Omit<KnownWallet, 'limits' | 'markets'> {
  readonly limits: readonly (Omit<WalletLimit, 'amount'> & { readonly value: string })[];
  readonly notIn?: readonly string[];
  readonly onlyIn?: readonly string[];
  /** Ours: so that a sandbox has a market in which one begins. */
  readonly pilotIn?: readonly string[];
}

/** Read when it is asked for: an installation needs it once. */
export function knownWallets(): readonly KnownWallet[] {
  const text = readFileSync(new URL('./known-wallets.json', import.meta.url), 'utf8');
  // Our own file; addParticipant checks every field of it.
  const { markets, wallets } = JSON.parse(text) as { markets: readonly string[]; wallets: readonly Listed[] };
  return wallets.map(({ notIn = [], onlyIn = markets, pilotIn = [], limits, ...facts }) => ({
    ...facts,
    limits: limits.map(({ value, ...limit }) => ({ ...limit, amount: money(BigInt(value), facts.currency) })),
    markets: Object.fromEntries(
      onlyIn
        .filter((market) => !notIn.includes(market))
        .map((market) => [market, pilotIn.includes(market) ? 'pilot' : 'live'] as const),
    ),
  }));
}
