/** The laws between our rows and the books of wallets and shops break when one of the two says something else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startReplay } from './replay.ts';
import type { EventRow, Snapshot, StateRows, WalletDeed } from './tables.ts';
import { type AcquirerTotal, checkWallets, type WalletBooks, type WalletTotal } from './wallet-laws.ts';

const money = (value: string, currency: string) => ({ value, currency });
const event = (seq: bigint, type: string, data: object): EventRow => ({
  ...{ seq, unit: `unit-${seq}`, type, subject: `subject-${seq}`, version: 1 },
  data: { payment: 'hpy_1', wallet: 'net_1', acquirer: 'ptc_9', margin: money('1', 'JPY'), ...data },
});
const PAID = event(1n, 'hub.paid', { payTo: money('310', 'MYR'), settled: money('10000', 'JPY') });
const BACK = event(2n, 'hub.refunded', { payBack: money('31', 'MYR'), settled: money('1000', 'JPY') });

const PAYMENT: WalletDeed = { id: 'hpy_1', kind: 'payment', reference: 'P1', state: 'done', amount: 310n };
const REFUND: WalletDeed = { id: 'hrf_1', kind: 'refund', reference: 'R1', state: 'done', amount: 31n };
const WALLET: WalletTotal = {
  ...{ walletId: 'tng', pspId: 'PSP1', currency: 'MYR', waitingCount: 0 },
  ...{ owedToHub: '279', balancesRight: true },
};
const ACQUIRER: AcquirerTotal = {
  ...{ acquirerId: 'ACQ1', payments: { paid: 1 }, refunds: { refunded: 1 }, contradicted: 0, unpriced: 0 },
  owed: [{ currency: 'JPY', owed: '9000' }],
};

interface Said {
  readonly deeds?: readonly WalletDeed[];
  readonly theirs?: readonly (readonly [string, bigint | null])[];
  readonly wallet?: Partial<WalletTotal>;
  readonly acquirer?: Partial<AcquirerTotal>;
}

/** The laws that are broken when all is quiet. */
function lawsBroken({ deeds = [PAYMENT, REFUND], theirs = BOTH, wallet = {}, acquirer = {} }: Said): readonly string[] {
  const replay = startReplay();
  // Replay looks at events here, and the laws at these rows only.
  const events = [PAID, BACK];
  replay.apply({ head: 2n, events, transfers: [], accounts: [], sums: null } as unknown as Snapshot, () => undefined);
  const participants = new Map([
    ['net_1', 'PSP1'],
    ['ptc_9', 'ACQ1'],
  ]);
  const books: WalletBooks = {
    deeds: new Map(theirs),
    ...{ wallets: [{ ...WALLET, ...wallet }], acquirers: [{ ...ACQUIRER, ...acquirer }] },
  };
  const laws = new Set<string>();
  const rows = { walletDeeds: deeds, participants } as unknown as StateRows;
  checkWallets(replay, rows, books, (law) => void laws.add(law), true);
  return [...laws];
}

const BOTH: readonly (readonly [string, bigint | null])[] = [
  ['payment P1', 310n],
  ['refund R1', 31n],
];

test('two books that say the same break nothing; what a wallet refused or forgot is nothing', () => {
  assert.deepEqual(lawsBroken({}), []);
  const unpaid: WalletDeed = { ...PAYMENT, id: 'hpy_2', reference: 'P2', state: 'none' };
  assert.deepEqual(lawsBroken({ deeds: [PAYMENT, REFUND, unpaid], theirs: [...BOTH, ['payment P2', null]] }), []);
});

test('a debit that is not ours, not theirs, of another amount, of what was not paid', () => {
  assert.deepEqual(lawsBroken({ theirs: [...BOTH, ['refund R2', 31n]] }), ['wallets: what they did is ours']);
  assert.deepEqual(lawsBroken({ theirs: [['payment P1', 310n]] }), ['wallets: what we call done is done there']);
  assert.deepEqual(lawsBroken({ theirs: [['payment P1', 311n], BOTH[1] as readonly [string, bigint]] }), [
    'wallets: to the minor unit what we say',
  ]);
  assert.deepEqual(lawsBroken({ deeds: [{ ...PAYMENT, state: 'none' }, REFUND] }), [
    'wallets: what we call undone is undone there',
  ]);
});

test('sums, balances, and what is open at the end', () => {
  assert.deepEqual(lawsBroken({ wallet: { owedToHub: '280' } }), ['wallets: what they owe is one sum in both books']);
  assert.deepEqual(lawsBroken({ wallet: { balancesRight: false } }), [
    'wallets: balances of people are the sum of their movements',
  ]);
  assert.deepEqual(lawsBroken({ deeds: [PAYMENT, { ...REFUND, state: 'open' }] }), [
    'end: every wallet has said its last word',
  ]);
  assert.deepEqual(lawsBroken({ wallet: { waitingCount: 1 } }), ['end: no wallet waits for its user']);
  assert.deepEqual(lawsBroken({ acquirer: { payments: { paid: 1, canceling: 1 } } }), ['end: no shop waits']);
  assert.deepEqual(lawsBroken({ acquirer: { owed: [] } }), ['end: what shops are owed is one sum in both books']);
  assert.deepEqual(lawsBroken({ acquirer: { contradicted: 1 } }), [
    'shops: nothing is said against an earlier end, or without its amount',
  ]);
});
