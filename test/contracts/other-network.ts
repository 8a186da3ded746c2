/**
 * A card network in memory that is deliberately unlike J.P. Morgan's, to show that the port is nobody's in particular. Two
 * messages: an authorization is granted some time after it was received, and money moves by clearing records. Amounts are
 * decimals in text. It knows payments by the merchant's reference only, gives records ids of its own, takes credits against
 * the payment as a whole, and issues one file a day, in fixed-width text.
 */
import { type Day, dayOf, instant } from '../../src/base/clock.ts';
import { fromDecimal, type Money, money, toDecimal } from '../../src/base/money.ts';
import {
  NetworkFault,
  type NetworkHttp,
  type NetworkRequest,
  type NetworkResponse,
} from '../../src/connectors/ports/network-http.ts';
import { batchFile } from './other-batch-file.ts';

export type Mishap = 'lost_request' | 'lost_answer' | 'late_answer' | 'server_error' | 'malformed';

export interface NetworkRecord {
  readonly id: string;
  readonly merchantReference: string;
  readonly kind: 'authorization' | 'clearing' | 'credit' | 'cancellation' | 'adjustment' | 'card_check';
  /** The merchant's reference of the payment it belongs to. */
  readonly original: string;
  readonly amount: Money;
  state: 'RECEIVED' | 'GRANTED' | 'REFUSED';
  readonly reason: string;
  /** Looks that still find it RECEIVED. */
  pendingLooks: number;
  readonly day: Day;
}

interface Payment {
  total: bigint;
  cleared: bigint;
  credited: bigint;
  closed: boolean;
}

interface Message {
  readonly merchantReference: string;
  readonly original?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly card?: string;
  readonly clearOnGrant?: boolean;
  readonly last?: boolean;
}

/** Cards ending so are refused. */
const REFUSED_CARD = '9995';
const FIRST_DAY_MS = Date.UTC(2026, 5, 1);

export class OtherNetwork implements NetworkHttp {
  readonly #records = new Map<string, NetworkRecord>();
  readonly #payments = new Map<string, Payment>();
  readonly #files = new Map<Day, string>();
  readonly #mishaps: { readonly path: string; readonly mishap: Mishap }[] = [];
  #sequence = 0;
  #day = dayOf(instant(FIRST_DAY_MS));

  /** The next message to this path meets with a mishap. */
  order(path: string, mishap: Mishap): void {
    this.#mishaps.push({ path, mishap });
  }

  closeDay(): Day {
    const day = this.#day;
    const cleared = [...this.#records.values()].filter(
      (record) =>
        record.day === day && record.state === 'GRANTED' && (record.kind === 'clearing' || record.kind === 'credit'),
    );
    this.#files.set(day, batchFile(day, cleared));
    this.#day = dayOf(instant(Date.parse(day) + 86_400_000));
    return day;
  }

  async send(request: NetworkRequest): Promise<NetworkResponse> {
    const { pathname } = new URL(request.url);
    if (request.method === 'GET') return this.#look(pathname);
    const at = this.#mishaps.findIndex(({ path }) => path === pathname);
    const mishap = at === -1 ? undefined : this.#mishaps.splice(at, 1)[0]?.mishap;
    if (mishap === 'lost_request') throw new NetworkFault('reset', 'maybe');
    if (mishap === 'server_error') return reply(502, 'bad gateway');
    const answer = this.#act(pathname, JSON.parse(String(request.body)) as Message); // written by other-acquirer.ts
    if (mishap === 'lost_answer' || mishap === 'late_answer') throw new NetworkFault(mishap, 'maybe');
    return mishap === 'malformed' ? reply(200, '{"id":"A') : answer;
  }

  #look(path: string): NetworkResponse {
    if (path === '/pulse') return reply(200, 'ALIVE');
    const day = /^\/batches\/(.+)$/.exec(path)?.[1];
    if (day !== undefined) {
      const file = this.#files.get(day as Day); // a key that is no day finds nothing
      return file === undefined ? reply(204, '') : reply(200, file);
    }
    const record = this.#records.get(/^\/records\/(.+)$/.exec(path)?.[1] ?? '');
    if (record === undefined) return reply(200, JSON.stringify({ state: 'NEVER_SEEN' }));
    this.#ripen(record);
    return shown(record);
  }

  #act(path: string, message: Message): NetworkResponse {
    const known = this.#records.get(message.merchantReference);
    if (known !== undefined) return shown(known);
    const record = this.#decide(path, message);
    this.#records.set(record.merchantReference, record);
    return shown(record);
  }

  #decide(path: string, message: Message): NetworkRecord {
    const original = message.original ?? message.merchantReference;
    const payment = this.#payments.get(original);
    const amount = fromDecimal(message.amount ?? '0', 'USD') ?? money(0n, 'USD');
    const record = (kind: NetworkRecord['kind'], reason: string, pendingLooks = 0): NetworkRecord => ({
      id: `${kind.slice(0, 2).toUpperCase()}${String(++this.#sequence).padStart(8, '0')}`,
      merchantReference: message.merchantReference,
      kind,
      original,
      amount,
      state: pendingLooks > 0 ? 'RECEIVED' : reason === '' ? 'GRANTED' : 'REFUSED',
      reason,
      pendingLooks,
      day: this.#day,
    });
    switch (path) {
      case '/authorizations':
        return this.#authorize(message, amount, record);
      case '/card-checks':
        return record('card_check', message.card?.endsWith(REFUSED_CARD) ? 'NO_SUCH_CARD' : '');
      case '/clearings':
        return record('clearing', this.#clear(payment, amount.amount, message.last === true));
      case '/credits':
        return record('credit', this.#credit(payment, amount.amount), 1);
      case '/cancellations':
        return record('cancellation', this.#cancel(payment));
      default:
        return record('adjustment', this.#adjust(payment, amount.amount));
    }
  }

  #authorize(
    message: Message,
    amount: Money,
    record: (kind: NetworkRecord['kind'], reason: string, pendingLooks: number) => NetworkRecord,
  ): NetworkRecord {
    const reason = message.card?.endsWith(REFUSED_CARD) ? 'FUNDS' : '';
    if (reason === '') {
      const cleared = message.clearOnGrant === true ? amount.amount : 0n;
      this.#payments.set(message.merchantReference, {
        total: amount.amount,
        cleared,
        credited: 0n,
        closed: cleared > 0n,
      });
    }
    // A sale is cleared with its grant: the clearing record stands under the same reference.
    return record(message.clearOnGrant === true ? 'clearing' : 'authorization', reason, 2);
  }

  #clear(payment: Payment | undefined, amount: bigint, last: boolean): string {
    if (payment === undefined || payment.closed) return 'NOT_OPEN';
    if (amount > payment.total - payment.cleared) return 'OVER_AUTHORIZED';
    payment.cleared += amount;
    payment.closed = last;
    return '';
  }

  #credit(payment: Payment | undefined, amount: bigint): string {
    if (payment === undefined || amount > payment.cleared - payment.credited) return 'OVER_CLEARED';
    payment.credited += amount;
    return '';
  }

  #cancel(payment: Payment | undefined): string {
    if (payment === undefined || payment.closed || payment.cleared > 0n) return 'NOT_OPEN';
    payment.closed = true;
    return '';
  }

  #adjust(payment: Payment | undefined, total: bigint): string {
    if (payment === undefined || payment.closed || total < payment.cleared) return 'NOT_OPEN';
    payment.total = total;
    return '';
  }

  #ripen(record: NetworkRecord): void {
    if (record.state !== 'RECEIVED') return;
    record.pendingLooks -= 1;
    if (record.pendingLooks <= 0) record.state = record.reason === '' ? 'GRANTED' : 'REFUSED';
  }
}

const reply = (status: number, body: string): NetworkResponse => ({
  status,
  headers: {},
  body: new TextEncoder().encode(body),
});

const shown = ({ id, kind, state, reason, amount }: NetworkRecord): NetworkResponse =>
  reply(
    200,
    JSON.stringify({
      id,
      kind,
      state,
      amount: toDecimal(amount),
      currency: amount.currency,
      ...(state === 'REFUSED' ? { reason } : {}),
    }),
  );
