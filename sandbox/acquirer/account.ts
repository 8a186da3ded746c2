/**
 * The merchant's account with the acquirer: whether fees are taken from each transfer (net) or paid apart (gross), and
 * whether a disputed amount is credited while the issuer looks at the evidence. GET and POST /_sandbox/account.
 */
import { bodyObject, json, problem, type Reply, type Request } from '../base/http-server.ts';
import type { Store } from '../base/store.ts';
import type { Acquirer } from './acquirer.ts';
import { readFields } from './fields.ts';

export interface Account {
  readonly funding: 'net' | 'gross';
  readonly provisionalCredit: boolean;
}

export function accountOf(store: Store): Account {
  const row = store.first<{ funding: Account['funding']; provisional_credit: bigint }>('select * from account');
  return { funding: row?.funding ?? 'net', provisionalCredit: row?.provisional_credit === 1n };
}

export const showAccount = ({ store }: Acquirer): Reply => json(200, accountOf(store));

/** What is not named stays. Takes effect with the next close, or the next evidence. */
export function setAccount({ store }: Acquirer, request: Request): Reply {
  const fields = readFields(bodyObject(request) ?? {});
  const before = accountOf(store);
  const funding = fields.choice('funding', ['net', 'gross']) ?? before.funding;
  const provisionalCredit = fields.flag('provisionalCredit') ?? before.provisionalCredit;
  const wrong = fields.errors[0];
  if (wrong !== undefined) return problem(422, 'invalid_account', wrong.message);
  const upsert = `insert into account values (1, ?, ?) on conflict (only) do update
    set funding = excluded.funding, provisional_credit = excluded.provisional_credit`;
  store.run(upsert, funding, provisionalCredit ? 1n : 0n);
  return json(200, { funding, provisionalCredit });
}
