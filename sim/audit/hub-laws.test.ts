import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from './finding.ts';
import { checkHub } from './hub-laws.ts';
import { startReplay } from './replay.ts';
import type { EventRow, HubRow, Snapshot, TransferRow } from './tables.ts';

const PAID: EventRow = {
  ...{ seq: 1n, unit: 'unit-1', type: 'hub.paid', subject: 'hpy_1', version: 1 },
  data: {
    ...{ payment: 'hpy_1', wallet: 'net_1', acquirer: 'ptc_1', payTo: { value: '310', currency: 'MYR' } },
    ...{ settled: { value: '10000', currency: 'JPY' }, margin: { value: '50', currency: 'JPY' } },
  },
};
const move = (
  leg: number,
  [debit, credit]: readonly [string, string],
  amount: bigint,
  currency: string,
): TransferRow => ({
  ...{ seq: 1n, leg, debit, credit, amount },
  ...{ debitCurrency: currency, creditCurrency: currency },
});
const LEGS = [
  move(0, ['receivable:net_1', 'fx_position:'], 310n, 'MYR'),
  move(1, ['fx_position:', 'acquirer:ptc_1'], 10_000n, 'JPY'),
  move(2, ['fx_position:', 'fx_margin:'], 50n, 'JPY'),
];
const OWES: HubRow = { side: 'wallet', owner: 'net_1', currency: 'MYR', amount: 310n };
const OWED: HubRow = { side: 'acquirer', owner: 'ptc_1', currency: 'JPY', amount: 10_000n };

/** The laws that these rows break after one payment through the hub. */
function lawsBroken(...hub: readonly HubRow[]): readonly string[] {
  const replay = startReplay();
  const findings: Finding[] = [];
  const report = (law: string, subjects: readonly string[], detail: string): void =>
    void findings.push({ law, subjects, detail });
  const journal = { head: 1n, events: [PAID], transfers: LEGS, accounts: [], sums: null };
  // Replay looks at events and transfers only, the hub's laws at the hub's rows only.
  const snapshot = { ...journal, rows: { hub } } as unknown as Snapshot;
  replay.apply(snapshot, report);
  checkHub(replay, snapshot, report);
  return findings.map(({ law }) => law);
}

test('what rows come to is what the journal has moved', () => {
  assert.deepEqual(lawsBroken(OWES, OWED), []);
});

test('a row that says more, one that is missing, one that moved nothing', () => {
  const [wallet, acquirer] = [
    'hub: a wallet owes what its rows come to',
    'hub: an acquirer is owed what its rows come to',
  ];
  assert.deepEqual(lawsBroken({ ...OWES, amount: 311n }, OWED), [wallet]);
  assert.deepEqual(lawsBroken(OWES), [acquirer]);
  assert.deepEqual(lawsBroken(OWES, OWED, { ...OWED, currency: 'USD' }), [acquirer]);
});
