/**
 * Where a payment of a client stands, read from what became of it in the core: the charge of a card or a wallet, the payment of whoever
 * has scanned a code, or the attempts of the buyer on the hosted page. Nothing of this is kept, so the answer to pay, the inquiry, the notification and REST cannot
 * differ. Without the network's word it is PROCESSING, never FAIL; a decline on the hosted page is not the end, for the
 * buyer may take another card until the page ends.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Refusal } from '../base/result.ts';
import { type CheckoutLink, findLink, paymentsOfLink } from '../checkout/index.ts';
import { findPayment, isByWallet, type Operation, operationsOf, type Payment } from '../payments/index.ts';
import { findCode, type HubCode } from '../wallets/index.ts';
import type { AmsDeps } from './deps.ts';
import { beginsUnder, LINK_ENDED } from './keys.ts';
import { type AmsPayment, type AmsRequest, isByCode } from './rows.ts';
import { requestsOf } from './store.ts';

export interface Standing {
  readonly status: 'SUCCESS' | 'FAIL' | 'PROCESSING' | 'CANCELLED';
  /** Why it failed; null otherwise. */
  readonly because: Refusal | null;
  /** The one that counts: the last. Null while nobody has tried. */
  readonly payment: Payment | null;
  /** Of the payment, in their order. */
  readonly operations: readonly Operation[];
  /** Of the hosted page; null for a charge with a token, or before there is one. */
  readonly link: CheckoutLink | null;
  /** The code, while nobody has scanned it. `brand`: whose users alone may. */
  readonly toScan: (Pick<HubCode, 'value'> & { readonly expiresAt: Instant; readonly brand: string | null }) | null;
  readonly requests: readonly AmsRequest[];
}

/** `made`: the charge as it was answered a moment ago; nobody can have asked for anything else yet. */
export async function standingOf(deps: AmsDeps, row: AmsPayment, made?: Payment): Promise<Standing> {
  const { db } = deps.journal;
  if (made !== undefined) {
    const operations = await operationsOf(db, made.id);
    const facts = { payment: made, operations, link: null, toScan: null, requests: [] };
    return { ...statusOf(row, { ...facts, returned: false, now: deps.clock.now() }), ...facts };
  }
  const [begun, requests] = await Promise.all([begunAs(deps, row), requestsOf(db, row.id)]);
  const link = begun?.id.startsWith('lnk_') ? await findLink(db, begun.id as Id<'lnk'>) : null;
  const payment =
    link === null ? await chargedWith(deps, begun) : ((await paymentsOfLink(deps.journal, link)).at(-1) ?? null);
  const operations = payment === null ? [] : await operationsOf(db, payment.id);
  const toScan = payment === null ? await toScanFor(deps, row) : null;
  const facts = { payment, operations, link, toScan, requests };
  const returned = requests.some(
    (request) => request.kind === 'cancel' && outcomeOf(request, operations) === 'SUCCESS',
  );
  return { ...statusOf(row, { ...facts, returned, now: deps.clock.now() }), ...facts };
}

async function toScanFor({ journal: { db } }: AmsDeps, row: AmsPayment): Promise<Standing['toScan']> {
  if (row.state !== 'open' || !isByCode(row)) return null;
  const { code, expiresAt } = row;
  const { value } = (await findCode(db, code.id)) as HubCode;
  return { value, expiresAt, brand: code.brand };
}

/** What became of a capture, a refund or a cancel: its operation's word. */
export function outcomeOf(request: AmsRequest, operations: readonly Operation[]): 'SUCCESS' | 'FAIL' | 'PROCESSING' {
  if (request.state === 'refused') return 'FAIL';
  const state = operationFor(request, operations)?.state;
  return state === 'approved' ? 'SUCCESS' : state === 'declined' ? 'FAIL' : 'PROCESSING';
}

/** The operation that a request set going; undefined while there is none. */
export const operationFor = ({ id }: AmsRequest, operations: readonly Operation[]): Operation | undefined =>
  operations.find(({ command }) => command?.client === id);

interface Facts extends Omit<Standing, 'status' | 'because'> {
  readonly returned: boolean;
  readonly now: string;
}

type Status = Pick<Standing, 'status' | 'because'>;
const plain = (status: Standing['status']): Status => ({ status, because: null });

function statusOf(row: AmsPayment, { payment, link, returned, now }: Facts): Status {
  if (row.state === 'canceled' || returned) return plain('CANCELLED');
  if (row.ending !== null) return { status: 'FAIL', because: row.ending };
  if (payment === null) return link === null ? plain('PROCESSING') : unpaid(link, now);
  switch (payment.state) {
    case 'authorized':
      // What the hosted page authorizes it captures at once; until then nobody has paid.
      return plain(row.capture === 'manual' ? 'SUCCESS' : 'PROCESSING');
    case 'part_captured':
    case 'captured':
      return plain('SUCCESS');
    case 'canceled':
      return isGivenUp(payment) && link !== null ? unpaid(link, now) : plain('CANCELLED');
    case 'expired':
      return isByWallet(payment) ? notInTime(link, now) : plain('CANCELLED');
    case 'declined':
      return link === null ? { status: 'FAIL', because: declined(payment) } : unpaid(link, now);
    default:
      return plain('PROCESSING');
  }
}

/** Canceled before its wallet had debited anybody: nothing was paid, and the buyer of a hosted page may pay otherwise. */
export const isGivenUp = (payment: Payment): boolean =>
  payment.state === 'canceled' && isByWallet(payment) && payment.wallet.paidAt === null;

/** The wallet's user did not pay while he was waited for. */
const notInTime = (link: CheckoutLink | null, now: string): Status =>
  link === null ? { status: 'FAIL', because: LINK_ENDED } : unpaid(link, now);

function unpaid(link: CheckoutLink, now: string): Status {
  if (link.state === 'revoked') return plain('CANCELLED');
  return link.expiresAt <= now ? { status: 'FAIL', because: LINK_ENDED } : plain('PROCESSING');
}

function declined({ decline, wallet }: Payment): Refusal {
  const { code = '', message = 'declined', limitSetBy } = decline ?? {};
  const detail = limitSetBy === undefined ? message : `${message} (limit set by ${limitSetBy})`;
  return { code: 'declined', detail, facts: { code, class: decline?.class ?? null, byWallet: wallet !== undefined } };
}

async function begunAs({ journal }: AmsDeps, row: AmsPayment): Promise<{ readonly id: string } | null> {
  if (row.payment) return { id: row.payment };
  const kept = await journal.findAnswer(row.id, beginsUnder(row));
  const answer = kept?.answer as { readonly id?: string } | null | undefined;
  return answer?.id === undefined || answer.id === row.id ? null : { id: answer.id };
}

async function chargedWith({ journal }: AmsDeps, begun: { readonly id: string } | null): Promise<Payment | null> {
  return begun === null ? null : findPayment(journal.db, begun.id as Id<'pay'>);
}
