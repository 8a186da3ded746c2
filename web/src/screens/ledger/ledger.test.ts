import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LedgerAccount } from '../../api/client.ts';
import { groupAccounts } from './group-accounts.ts';
import { parseLedgerSearch } from './search.ts';

const account = (kind: string, name: string): LedgerAccount => {
  const zero = { value: '0', currency: 'USD' };
  return { kind, name, owner: 'x', currency: 'USD', side: 'debit', balance: zero, debits: zero, credits: zero };
};

test('kinds come in the order of a balance sheet, unknown ones last, accounts by name', () => {
  const groups = groupAccounts([
    account('other', 'z'),
    account('income', 'fee_income'),
    account('asset', 'receivable'),
    account('asset', 'bank'),
    account('liability', 'held'),
  ]);
  assert.deepEqual(
    groups.map(({ kind, accounts }) => [kind, accounts.map(({ name }) => name)]),
    [
      ['asset', ['bank', 'receivable']],
      ['liability', ['held']],
      ['income', ['fee_income']],
      ['other', ['z']],
    ],
  );
});

test('unknown and empty fields are dropped, a currency is read in capitals', () => {
  assert.deepEqual(parseLedgerSearch({ name: 'held', owner: '', currency: 'usd', x: '1' }), {
    name: 'held',
    currency: 'USD',
  });
});
