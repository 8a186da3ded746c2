/**
 * The operator's accounts with card networks, ready to be used. A marketplace's payments go over one of them
 * (card-routes.ts); what follows a payment, its captures, its refunds, its disputes and its lines in a settlement file,
 * goes over the same one.
 */
import { Fault } from '../base/fault.ts';
import type { Id } from '../base/ids.ts';
import type { CardAcquirer } from '../connectors/ports/card-acquirer.ts';
import type { CardAuthentication } from '../connectors/ports/card-authentication.ts';
import type { NetworkAccount } from './rows.ts';

export interface CardAccount {
  readonly id: Id<'net'>;
  readonly merchantId: string;
  readonly funding: NetworkAccount['funding'];
  readonly acquirer: CardAcquirer;
  readonly authentication: CardAuthentication;
}

export interface CardAccounts {
  /** In the operator's order of preference; never empty. */
  readonly all: readonly CardAccount[];
  /** @throws Fault when the settings name this account no longer: what is open there waits until they do. */
  of(id: Id<'net'>): CardAccount;
}

export function cardAccounts(all: readonly CardAccount[]): CardAccounts {
  const byId = new Map(all.map((account) => [account.id, account]));
  return {
    all,
    of: (id) => {
      const account = byId.get(id);
      if (account !== undefined) return account;
      throw new Fault('unknown_account', `no settings for the network account ${id}`, { retryable: true });
    },
  };
}
