/**
 * Pays a batch: on the next working day at 14:00Z the acquirer tells the bank to credit (or, when fees and refunds were
 * more, to debit) the merchant's account. What is paid is fixed on the disk before the bank is told, and the bank knows a
 * transfer by its identifier, so asking again until it answers cannot pay twice.
 */
import { isCurrency } from '../../src/base/currency.ts';
import type { Activity } from '../base/agenda.ts';
import { call, taken } from '../base/http-client.ts';
import { bodyObject, json, problem, type Reply, type Request } from '../base/http-server.ts';
import { type Acquirer, retryDelayMs } from './acquirer.ts';
import type { BatchRow } from './rows.ts';

const BANK_TIMEOUT_MS = 5_000;
const NEXT = 'select * from batch where next_try_ms is not null order by next_try_ms, seq limit 1';

export function fundsTransfer(acquirer: Acquirer): Activity {
  const { store, settings } = acquirer;
  const next = (): BatchRow | null => (settings.bankUrl === undefined ? null : store.first<BatchRow>(NEXT));
  return {
    name: 'funds transfer',
    nextDue: () => {
      const batch = next();
      return batch === null ? null : Number(batch.next_try_ms);
    },
    run: async () => {
      const batch = next();
      if (batch !== null) await transfer(acquirer, batch);
    },
  };
}

/** POST /_sandbox/short-payment {currency, amount}: the next credit in this currency pays that much less. */
export function orderShortPayment({ store }: Acquirer, request: Request): Reply {
  const body = bodyObject(request);
  const currency = body?.currency;
  const amount = String(body?.amount ?? '');
  if (!isCurrency(currency) || !/^[1-9]\d{0,14}$/.test(amount)) {
    return problem(422, 'invalid_short_payment', 'currency and a positive amount in minor units are needed');
  }
  store.run('insert into short_payment (currency, amount) values (?, ?)', currency, BigInt(amount));
  return json(201, { currency, amount });
}

async function transfer(acquirer: Acquirer, batch: BatchRow): Promise<void> {
  const { store, time, settings } = acquirer;
  const pay = batch.pay ?? store.transaction(() => fixAmount(acquirer, batch));
  const outcome = await call({
    method: 'POST',
    url: `${settings.bankUrl}/_interbank/${pay > 0n ? 'credits' : 'debits'}`,
    body: {
      account: settings.settlementAccount,
      amount: (pay > 0n ? pay : -pay).toString(),
      currency: batch.currency,
      endToEndId: batch.id,
      debtorName: 'JPM SANDBOX ACQUIRER',
      text: `${batch.kind === 'fees' ? 'ACQUIRING FEES' : 'SETTLEMENT'} ${batch.day} ${batch.id}`,
    },
    timeoutMs: BANK_TIMEOUT_MS,
  });
  const attempts = Number(batch.attempts) + 1;
  if (taken(outcome)) {
    store.run(
      'update batch set paid_ms = ?, next_try_ms = null, attempts = ? where id = ?',
      time.nowMs(),
      attempts,
      batch.id,
    );
    return;
  }
  const nextTry = time.nowMs() + retryDelayMs(attempts);
  store.run('update batch set next_try_ms = ?, attempts = ? where id = ?', nextTry, attempts, batch.id);
}

/** Decides what will be paid: the net, or less when a short payment was ordered that this batch can bear. */
function fixAmount({ store }: Acquirer, batch: BatchRow): bigint {
  const short = store.first<{ id: bigint; amount: bigint }>(
    'select id, amount from short_payment where currency = ? and batch_id is null and amount < ? order by id limit 1',
    batch.currency,
    batch.net,
  );
  const pay = batch.net - (short?.amount ?? 0n);
  if (short !== null) store.run('update short_payment set batch_id = ? where id = ?', batch.id, short.id);
  store.run('update batch set pay = ? where id = ?', pay, batch.id);
  return pay;
}
