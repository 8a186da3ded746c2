/**
 * notifyPayment: how a payment ended that was not final when it was answered. Written with the end itself, delivered at least once
 * by the documented schedule, in business time. It always tells what the payment is when it is sent.
 */
import type { Activity } from '../base/agenda.ts';
import { callHub } from './call-hub.ts';
import { contentOf, paymentPart, resultOf } from './payment-answer.ts';
import type { PaymentRow } from './schema.ts';
import type { Wallets } from './wallets.ts';

export const NOTIFY_PATH = '/aps/api/v1/payments/notifyPayment';
const AT_ONCE = 16;
const MINUTE = 60_000;
/** After each try that was not taken. */
const WAITS_MS = [2, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * MINUTE);
const NOTIFY_KINDS = ['notify_duplicate', 'notify_delay', 'notify_drop'] as const;

/** Call it inside the transaction that ends the payment. */
export function announceEnd({ store, time, faults }: Wallets, { id, wallet_id, told }: PaymentRow): void {
  if (told === 0n) return;
  const nowMs = time.nowMs();
  const insert = 'insert into notification (wallet_id, payment_id, due_ms, outcome) values (?, ?, ?, ?)';
  const write = (due: number | null, outcome: string) => store.run(insert, wallet_id, id, due, outcome);
  const fault = faults.take('notifyPayment', NOTIFY_KINDS);
  switch (fault?.kind) {
    case 'notify_drop':
      write(null, 'dropped');
      break;
    case 'notify_delay':
      write(nowMs + fault.delayMs, 'waiting');
      break;
    case 'notify_duplicate':
      write(nowMs, 'waiting');
      write(nowMs, 'waiting');
      break;
    default:
      write(nowMs, 'waiting');
  }
}

interface Waiting {
  readonly seq: bigint;
  readonly wallet_id: string;
  readonly payment_id: string;
  readonly attempts: bigint;
}

export function deliverNotifications(wallets: Wallets): Activity {
  const { store, time } = wallets;
  return {
    name: 'notifications',
    nextDue: () => {
      const next = 'select due_ms from notification where due_ms is not null order by due_ms limit 1';
      const row = store.first<{ due_ms: bigint }>(next);
      return row === null ? null : Number(row.due_ms);
    },
    run: async () => {
      const waiting = store.all<Waiting>(
        'select seq, wallet_id, payment_id, attempts from notification where due_ms <= ? order by due_ms, seq limit ?',
        time.nowMs(),
        AT_ONCE,
      );
      const taken = await Promise.all(waiting.map((row) => deliver(wallets, row)));
      store.transaction(() => {
        for (const [index, row] of waiting.entries()) settle(wallets, row, taken[index] === true);
      });
    },
  };
}

async function deliver(wallets: Wallets, { wallet_id, payment_id }: Waiting): Promise<boolean> {
  const wallet = wallets.list.find(wallet_id);
  const payment = wallets.store.first<PaymentRow>('select * from payment where id = ?', payment_id);
  if (wallet === null || payment === null) return false;
  const body = { paymentResult: resultOf(payment), ...paymentPart(wallets, wallet, payment) };
  const to = contentOf(payment).paymentNotifyUrl ?? NOTIFY_PATH;
  const answer = await callHub(wallets, wallet, { to: isAddress(to) ? to : NOTIFY_PATH, body });
  return answer.answered && answer.status === 'S';
}

const isAddress = (to: string): boolean => to.startsWith('/') || /^https?:\/\//.test(to);

function settle({ store, time }: Wallets, { seq, attempts }: Waiting, taken: boolean): void {
  const tries = Number(attempts) + 1;
  const wait = WAITS_MS[tries - 1];
  // One that a cancel has ended meanwhile stays ended.
  const update = `update notification set due_ms = ?, attempts = ?, outcome = ? where seq = ? and outcome = 'waiting'`;
  if (taken) store.run(update, null, tries, 'delivered', seq);
  else if (wait === undefined) store.run(update, null, tries, 'given_up', seq);
  else store.run(update, time.nowMs() + wait, tries, 'waiting', seq);
}
