/**
 * Thin notifications to the merchant: "something changed for this request id"; the merchant asks for the truth itself.
 * Written with the change they tell about, delivered at least once, in no promised order. Retried after 5 s, 30 s, 5 min,
 * then hourly (business time), ten tries in all.
 */
import { uuidV7Hex } from '../../src/base/ids.ts';
import type { Activity } from '../base/agenda.ts';
import { NOTIFY_KINDS } from '../base/faults.ts';
import { call, taken } from '../base/http-client.ts';
import { type Acquirer, type OperationName, retryDelayMs } from './acquirer.ts';

export interface Change {
  /** What faults of the notification are ordered under. */
  readonly operation: OperationName;
  readonly subType: 'PaymentApproved' | 'PaymentDeclined' | 'PaymentVoid' | 'PaymentClosed';
  /** The merchant's request id. */
  readonly requestId: string;
  readonly transactionId: string;
}

export interface DisputeChange {
  readonly subType: 'DisputeOpened' | 'DisputeUpdated' | 'DisputeClosed';
  readonly disputeId: string;
}

const DELIVERY_TIMEOUT_MS = 3_000;
const MAX_TRIES = 10;
const AT_ONCE = 32;
/** How long a notification that is to be overtaken waits for the next one, and how long it follows it. Business time. */
const HELD_MS = 10 * 60_000;
const OVERTAKEN_MS = 1_000;

/** Writes the notification of a change; call it inside the change's transaction. */
export const notify = (acquirer: Acquirer, { operation, subType, requestId, transactionId }: Change): void =>
  write(acquirer, operation, {
    notificationType: 'paymentUpdateNotification',
    notificationSubType: subType,
    requestId,
    transactionId,
  });

/** The same for a dispute: it names the dispute and nothing else. */
export const notifyDispute = (acquirer: Acquirer, { subType, disputeId }: DisputeChange): void =>
  write(acquirer, 'disputes', {
    notificationType: 'disputeNotification',
    notificationSubType: subType,
    disputeId,
  });

function write({ store, time, faults, settings }: Acquirer, operation: OperationName, event: object): void {
  if (settings.notifyUrl === undefined) return;
  const { merchantId } = settings;
  const nowMs = time.nowMs();
  const body = JSON.stringify({ notificationId: uuid(), merchantId, messageCreateTimestamp: time.now(), ...event });
  const fault = faults.take(operation, NOTIFY_KINDS);
  const insert = 'insert into notification (body, due_ms, outcome) values (?, ?, ?)';
  // Whoever was held back for this one comes right after it.
  const release = `update notification set due_ms = ?, outcome = 'waiting' where outcome = 'held' and due_ms > ?`;
  store.run(release, nowMs + OVERTAKEN_MS, nowMs);
  switch (fault?.kind) {
    case 'notify_drop':
      store.run(insert, body, null, 'dropped');
      break;
    case 'notify_delay':
      store.run(insert, body, nowMs + fault.delayMs, 'waiting');
      break;
    case 'notify_reorder':
      store.run(insert, body, nowMs + HELD_MS, 'held');
      break;
    case 'notify_duplicate':
      store.run(insert, body, nowMs, 'waiting');
      store.run(insert, body, nowMs, 'waiting');
      break;
    default:
      store.run(insert, body, nowMs, 'waiting');
  }
}

/** A random-looking UUID as the network's ids are. */
export function uuid(): string {
  const hex = uuidV7Hex();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

interface Waiting {
  readonly seq: bigint;
  readonly body: string;
  readonly attempts: bigint;
}

export function deliverNotifications(acquirer: Acquirer): Activity {
  const { store, time } = acquirer;
  return {
    name: 'notifications',
    nextDue: () => {
      const row = store.first<{ due_ms: bigint }>(
        'select due_ms from notification where due_ms is not null order by due_ms limit 1',
      );
      return row === null ? null : Number(row.due_ms);
    },
    run: async () => {
      const waiting = store.all<Waiting>(
        'select seq, body, attempts from notification where due_ms <= ? order by due_ms, seq limit ?',
        time.nowMs(),
        AT_ONCE,
      );
      const delivered = await Promise.all(waiting.map((row) => deliver(acquirer, row)));
      store.transaction(() => {
        for (const [index, row] of waiting.entries()) settle(acquirer, row, delivered[index] === true);
      });
    },
  };
}

async function deliver({ settings }: Acquirer, row: Waiting): Promise<boolean> {
  if (settings.notifyUrl === undefined) return false;
  const headers = settings.notifyToken === undefined ? {} : { authorization: `Bearer ${settings.notifyToken}` };
  const body: unknown = JSON.parse(row.body);
  return taken(await call({ method: 'POST', url: settings.notifyUrl, headers, body, timeoutMs: DELIVERY_TIMEOUT_MS }));
}

function settle({ store, time }: Acquirer, row: Waiting, delivered: boolean): void {
  const attempts = Number(row.attempts) + 1;
  const update = 'update notification set due_ms = ?, attempts = ?, outcome = ? where seq = ?';
  if (delivered) store.run(update, null, attempts, 'delivered', row.seq);
  else if (attempts >= MAX_TRIES) store.run(update, null, attempts, 'given_up', row.seq);
  else store.run(update, time.nowMs() + retryDelayMs(attempts), attempts, 'waiting', row.seq);
}
