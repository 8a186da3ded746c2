/** The edge of a day: what happens at or after 22:00Z belongs to the next close, even when the close itself runs late. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../../src/base/clock.ts';
import { makeFaults } from '../base/faults.ts';
import type { Request } from '../base/http-server.ts';
import { openStore } from '../base/store.ts';
import type { Acquirer } from './acquirer.ts';
import { createPayment } from './create-payment.ts';
import { dailyClose } from './daily-close.ts';
import { ACQUIRER_SCHEMA } from './schema.ts';
import { payment } from './test-client.ts';

const at = (text: string): number => Date.parse(text);

function acquirerAt(start: number): { acquirer: Acquirer; goTo: (ms: number) => void } {
  let nowMs = start;
  const store = openStore(':memory:', ACQUIRER_SCHEMA);
  const time = { now: () => instant(nowMs), nowMs: () => nowMs, adopt: () => undefined };
  const settings = {
    merchantId: '998482157630',
    merchantName: 'Shop',
    settlementCurrency: undefined,
    bankUrl: undefined,
    settlementAccount: '1',
    notifyUrl: undefined,
    notifyToken: undefined,
  };
  const goTo = (ms: number): void => {
    nowMs = ms;
  };
  return { acquirer: { store, time, faults: makeFaults(store, [], []), settings }, goTo };
}

function sell(acquirer: Acquirer, requestId: string): void {
  const body = Buffer.from(JSON.stringify({ ...payment(1_000), captureMethod: 'NOW' }));
  const request: Request = { method: 'POST', path: '', params: {}, query: new URLSearchParams(), headers: {}, body };
  const reply = createPayment(acquirer, request, requestId);
  assert.ok('status' in reply && reply.status === 200);
}

test('a late close takes only what came before its instant', () => {
  const { acquirer, goTo } = acquirerAt(at('2026-01-09T12:00:00.000Z'));
  const close = dailyClose(acquirer);
  goTo(at('2026-01-09T21:59:59.999Z'));
  sell(acquirer, 'BEFORE');
  goTo(at('2026-01-09T22:00:00.000Z'));
  sell(acquirer, 'AT');
  assert.equal(close.nextDue(), at('2026-01-09T22:00:00.000Z'));
  close.run(close.nextDue() ?? 0);
  goTo(at('2026-01-10T22:00:00.000Z'));
  assert.equal(close.nextDue(), at('2026-01-10T22:00:00.000Z'));
  close.run(close.nextDue() ?? 0);
  const rows = acquirer.store.all<{ request_id: string; day: string; effective_ms: bigint }>(
    'select request_id, day, effective_ms from operation join batch on batch.id = batch_id order by operation.seq',
  );
  assert.deepEqual(
    rows.map((row) => [row.request_id, row.day, instant(Number(row.effective_ms))]),
    [
      // The 9th is a Friday: both are paid on Monday.
      ['BEFORE', '2026-01-09', '2026-01-12T14:00:00.000Z'],
      ['AT', '2026-01-10', '2026-01-12T14:00:00.000Z'],
    ],
  );
});
