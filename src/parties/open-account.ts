/** Opens the operator's accounts with a network and a bank, once: the first start of an installation. */
import type { Clock } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { newId } from '../base/ids.ts';
import { ok } from '../base/result.ts';
import { absent, insert, type Journal, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type BankAccount, bankAccounts, type NetworkAccount, networkAccounts } from './rows.ts';
import { accountKey, findBankAccount, findNetworkAccount } from './store.ts';

interface Deps {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** The account with this network, opened if there is none. */
export async function ensureNetworkAccount(
  deps: Deps,
  input: { network: string; funding: 'net' | 'gross'; merchantId: string },
): Promise<NetworkAccount> {
  const { journal, clock } = deps;
  const known = await findNetworkAccount(journal.db, input);
  if (known !== null) return known;
  // Another process may open it at the same moment: whoever loses the guard finds it on the next look.
  await journal.run(undefined, async () => {
    const account: NetworkAccount = { id: newId('net'), version: 0, state: 'active', ...input };
    const opened = event('network_account.opened', account.id, { network: input.network, funding: input.funding });
    const guards = [absent(networkAccounts, 'account_key', accountKey(input))];
    return ok({
      unit: { at: clock.now(), ...part({ events: [opened], writes: [insert(networkAccounts, account)], guards }) },
      value: account,
    });
  });
  return ensureNetworkAccount(deps, input);
}

/** The operator's bank account with this number, opened if there is none. */
export async function ensureBankAccount(
  deps: Deps,
  input: { account: string; routingNumber: string; currency: Currency },
): Promise<BankAccount> {
  const { journal, clock } = deps;
  const known = await findBankAccount(journal.db, input.account);
  if (known !== null) return known;
  // Another process may open it at the same moment: whoever loses the guard finds it on the next look.
  await journal.run(undefined, async () => {
    const account: BankAccount = { id: newId('bnk'), version: 0, state: 'active', ...input, nextEntry: 1, nextFile: 1 };
    const opened = event('bank_account.opened', account.id, { account: input.account });
    const guards = [absent(bankAccounts, 'account', input.account)];
    return ok({
      unit: { at: clock.now(), ...part({ events: [opened], writes: [insert(bankAccounts, account)], guards }) },
      value: account,
    });
  });
  return ensureBankAccount(deps, input);
}
