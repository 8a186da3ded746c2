/**
 * The units of the load, whole as the product commits them, in the shapes the bars speak of. One transfer: a refund of a
 * payment is locked (`held` of the order → `refund`). Four transfers: an order is released.
 */
import { instant } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { type Money, money } from '../../src/base/money.ts';
import type { SeededRandom } from '../../src/base/random.ts';
import { type CommandKey, type CommitUnit, deadline } from '../../src/journal/index.ts';
import type { EventData } from '../../src/ledger/events.ts';
import { event } from '../../src/ledger/index.ts';
import { MARKETPLACE, numbered, ORDERS, PAYMENTS } from './cast.ts';

/**
 * `random`: one transfer between random accounts. `hot`: every unit credits one account. `payment`: four transfers, two of
 * them to hot accounts. `single`: one transfer between random accounts, without state row and job.
 */
export type Shape = 'random' | 'hot' | 'payment' | 'single';

export interface Load {
  readonly shape: Shape;
  /** Accounts of the cast. */
  readonly accounts: number;
  /** Share of units that must be refused: one third each for a stale version, a low balance, a repeated key. */
  readonly refusedShare: number;
}

/** An order row that one lane owns, with the version it has now. */
export interface OwnRow {
  readonly n: number;
  version: number;
  /** The key of the last unit that was committed on it: whoever uses it again is answered `repeated`. */
  key: string | null;
}

export type Expected = 'committed' | 'repeated' | 'version_conflict' | 'insufficient_balance';

export interface PlannedUnit {
  readonly unit: CommitUnit & { readonly command: CommandKey };
  readonly expected: Expected;
}

/** Business time of the load and what documents say: constant, as their cost is not what is measured. */
const AT = instant(Date.UTC(2026, 11, 4, 9));
const DUE = instant(Date.UTC(2036, 0, 1));
const FINGERPRINT = Buffer.alloc(48, 7);
const usd = (cents: number): Money => money(cents, 'USD');
const HUGE = money(9_000_000_000_000_000n, 'USD');
const EXPECTED: readonly Expected[] = ['committed', 'version_conflict', 'insufficient_balance', 'repeated'];

/** The next unit of a lane that owns `row`. */
export function planUnit(load: Load, row: OwnRow, random: SeededRandom): PlannedUnit {
  const kind = random.next() < load.refusedShare ? random.integer(1, 3) : 0;
  const expected = EXPECTED[kind === 3 && row.key === null ? 0 : kind] as Expected;
  const subject = load.shape === 'single' ? newId('pay') : numbered(load.shape === 'payment' ? 'ord' : 'pay', row.n);
  const moved = moving(load, random, expected === 'insufficient_balance');
  const key = expected === 'repeated' ? (row.key as string) : newId('req');
  const base = {
    at: AT,
    events: [event(moved.type, subject, moved.data)],
    guards: [],
    command: { client: MARKETPLACE, key, fingerprint: FINGERPRINT, fields: [] },
  };
  if (load.shape === 'single') return { unit: { ...base, writes: [], jobs: [], answer: null }, expected };
  const version = expected === 'version_conflict' ? row.version + 7 : row.version;
  const { table, document } = load.shape === 'payment' ? ORDERS : PAYMENTS;
  const state = { id: subject, version, state: 'captured', ...document, ...changes(load, row) };
  const unit = {
    ...base,
    writes: [{ table, id: subject, expected: version, row: state }],
    jobs: [deadline('payments.resume', subject, DUE, { reference: 'A1B2C3D4E5F6G7H' })],
    answer: state,
  };
  return { unit, expected };
}

function changes({ shape }: Load, { n }: OwnRow): object {
  if (shape !== 'payment') return { refunding: usd(5000) };
  return { state: 'released', reference: `PO-${n}`, fee: usd(3155), releasedAt: AT };
}

type Moving =
  | { readonly type: 'order.released'; readonly data: EventData['order.released'] }
  | { readonly type: 'refund.initiated'; readonly data: EventData['refund.initiated'] };

function moving({ shape, accounts }: Load, random: SeededRandom, tooMuch: boolean): Moving {
  const any = (): number => random.integer(1, accounts / 2);
  const order = numbered('ord', any());
  if (shape !== 'payment') {
    const amount = tooMuch ? HUGE : usd(5000);
    const refund = numbered('ref', shape === 'hot' ? 1 : any());
    return { type: 'refund.initiated', data: { refund, order, payment: numbered('pay', 1), fromHeld: amount } };
  }
  const net = tooMuch ? HUGE : usd(109_345);
  const split = { net, fee: usd(3155), reserve: usd(10_000), tax: usd(2500), authority: 'US-IL' };
  const seller = numbered('sel', any());
  return { type: 'order.released', data: { order, seller, marketplace: MARKETPLACE, by: 'deadline', ...split } };
}
