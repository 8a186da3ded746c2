/** What dispute commands work with; wired in main. */
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { CardAcquirer } from '../connectors/ports/card-acquirer.ts';
import type { Journal } from '../journal/index.ts';
import type { Case } from './case.ts';
import type { Channel } from './channel.ts';
import { createWalletEscalations, WALLET_ESCALATION } from './wallet-escalation.ts';

/** Where the network's report and our own books say different things. It happened outside: it is shown, never refused. */
export interface Difference {
  readonly kind: 'missing_in_ledger' | 'missing_in_file' | 'amount_differs';
  /** The dispute and its movement. */
  readonly subject: string;
  readonly amount: Money;
  readonly reason: string;
}

/** Disputes of each of the operator's accounts: a case is worked on with those of its own network. */
export interface DisputeAccounts {
  readonly all: readonly [DisputeDeps, ...DisputeDeps[]];
  /** @throws Fault when the settings name this account no longer. */
  of(network: Id<'net'>): DisputeDeps;
  /** With which a case is worked on: those of its account, or of the wallet that opened it. */
  ofCase(row: Pick<Case, 'network' | 'channel'>): DisputeDeps;
}

export function disputeAccounts(all: DisputeAccounts['all']): DisputeAccounts {
  const byNetwork = new Map(all.map((deps) => [deps.network, deps]));
  const of = (network: Id<'net'>): DisputeDeps => {
    const deps = byNetwork.get(network);
    if (deps !== undefined) return deps;
    throw new Fault('unknown_account', `no settings for the network account ${network}`, { retryable: true });
  };
  const ofCase: DisputeAccounts['ofCase'] = ({ network, channel }) =>
    channel === WALLET_ESCALATION ? ofWallet(all[0], network) : of(network);
  return { all, of, ofCase };
}

/** A wallet sends no reports of its own: what moves there are refunds. */
export const ofWallet = (own: DisputeDeps, network: Id<'net'>): DisputeDeps => ({
  ...own,
  network,
  channel: createWalletEscalations(own, network),
  reports: { fetchReport: async () => null, parseDisputeMovements: () => [] },
});

export interface DisputeDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly channel: Channel;
  /** The operator's account with the network that takes the money. */
  readonly network: Id<'net'>;
  /** Whose reports say what moved. */
  readonly reports: Pick<CardAcquirer, 'fetchReport' | 'parseDisputeMovements'>;
  /** Takes differences to whoever keeps breaks. */
  readonly tellDifferences: (found: readonly Difference[]) => Promise<void>;
  /** The network's own processing deadline, wall-clock milliseconds. */
  readonly answerTimeoutMs: number;
}
