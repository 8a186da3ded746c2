import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { accountUuid } from './account.ts';
import { CHART, CLEARING_ACCOUNTS, CLIENT_LIABILITIES } from './chart.ts';
import { type POSTINGS, transfersOf } from './postings.ts';

const usd = (cents: bigint) => money(cents, 'USD');
const order = newId('ord');
const shown = (type: keyof typeof POSTINGS, data: unknown) =>
  transfersOf(type, data).map(
    ({ debit, credit, amount }) =>
      `${debit.name} > ${credit.name} ${amount.amount} ${debit.currency}${debit.currency === credit.currency ? '' : '!'}`,
  );

test('a release pays the seller and the fee out of what is held; zero parts write nothing', () => {
  const data = {
    order,
    seller: newId('sel'),
    marketplace: newId('mkt'),
    net: usd(97n),
    fee: usd(3n),
    reserve: usd(0n),
    by: 'deadline',
  };
  assert.deepEqual(shown('order.released', data), ['held > seller 97 USD', 'held > fee_income 3 USD']);
});

test('a refund locks first and leaves the network when it answers', () => {
  const refund = newId('ref');
  assert.deepEqual(shown('refund.initiated', { refund, order, payment: newId('pay'), fromHeld: usd(5n) }), [
    'held > refund 5 USD',
  ]);
  assert.deepEqual(shown('refund.confirmed', { refund, network: newId('net'), amount: usd(5n) }), [
    'refund > receivable 5 USD',
  ]);
});

test('a settlement goes either way, never both', () => {
  const data = { network: newId('net'), batch: newId('stl'), dueToUs: usd(0n), dueFromUs: usd(9n) };
  assert.deepEqual(shown('settlement.reported', data), ['receivable > settlement 9 USD']);
});

test('a negative amount is a bug', () => {
  assert.throws(
    () => transfersOf('payment.captured', { network: newId('net'), order, captured: usd(-1n) }),
    /negative amount/,
  );
});

test('accounts: one id per name, owner and currency, the same for ever', () => {
  // SHA-256 of "held|ord_x|USD", first 16 bytes, with the version and variant bits of UUIDv8; computed outside.
  assert.equal(accountUuid({ name: 'held', owner: 'ord_x', currency: 'USD' }), '20119446cf448aa390b17e58d2912bb7');
  const ids = [
    ['held', 'a', 'USD'],
    ['held', 'a', 'EUR'],
    ['held', 'b', 'USD'],
    ['seller', 'a', 'USD'],
  ].map(([name, owner, currency]) =>
    accountUuid({ name: name as 'held', owner: owner as string, currency: currency as 'USD' }),
  );
  assert.equal(new Set(ids).size, 4);
});

test('the chart: what must clear and what is owed are accounts of it', () => {
  for (const name of [...CLEARING_ACCOUNTS, ...CLIENT_LIABILITIES]) assert.ok(name in CHART, name);
  assert.equal(
    CHART.held.floor && CHART.seller.floor && CHART.refund.floor && !CHART.receivable.floor && !CHART.bank.floor,
    true,
  );
});
