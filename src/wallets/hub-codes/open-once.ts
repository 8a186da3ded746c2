/**
 * The payment that a scan has opened, or opens now: the same person finds it again under its request id, somebody else is refused, and
 * nothing comes of one that has ended.
 */
import { addMs, type Instant } from '../../base/clock.ts';
import { equals } from '../../base/money.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { HubRefusal } from '../errors.ts';
import type { HubPayment } from '../hub-payment.ts';
import type { ScanRefusal } from './errors.ts';
import type { OpenForPerson, ScanCode, ScanDeps } from './scan-deps.ts';
import { findPaymentByRequest } from './store.ts';

/** A payment that a person begins waits this long. */
export const PERSON_WAITS_MS = 10 * 60_000;

export type Opening = Pick<
  OpenForPerson,
  'acquirer' | 'shop' | 'amount' | 'requestId' | 'scenario' | 'code' | 'push' | 'orderReference' | 'description'
> &
  Partial<Pick<OpenForPerson, 'settlementCurrency' | 'notifyUrl' | 'userRequestId'>> & {
    readonly expiresAt?: Instant | null;
  };

/** The payment of this request id: opened now, or as it is when the same person has opened it. */
export async function openOnce(
  deps: ScanDeps,
  scan: ScanCode,
  opening: Opening,
): Promise<Result<HubPayment, ScanRefusal | HubRefusal>> {
  const again = await openedBefore(deps, scan, opening);
  if (again !== null) return again;
  const { wallet, customerId } = scan;
  const latest = addMs(deps.clock.now(), PERSON_WAITS_MS);
  const { expiresAt } = opening;
  const opened = await deps.open({
    ...opening,
    ...{ wallet, customerId },
    settlementCurrency: opening.settlementCurrency ?? null,
    notifyUrl: opening.notifyUrl ?? null,
    userRequestId: opening.userRequestId ?? null,
    expiresAt: expiresAt === undefined || expiresAt === null || expiresAt > latest ? latest : expiresAt,
  });
  if (opened.ok) return opened;
  return (await openedBefore(deps, scan, opening)) ?? opened;
}

async function openedBefore(
  { journal }: ScanDeps,
  scan: ScanCode,
  { acquirer, requestId, amount, shop }: Opening,
): Promise<Result<HubPayment, ScanRefusal> | null> {
  const found = await findPaymentByRequest(journal.db, acquirer.id, requestId);
  if (found === null) return null;
  if (!equals(found.amount, amount) || found.shop.merchantId !== shop.merchantId)
    return refuse('request_id_taken', 'this request was another amount or another shop');
  return theirs(found, scan);
}

/** Refused to anybody else, and once nothing can come of it. */
export function theirs(
  payment: HubPayment,
  { wallet, customerId }: Pick<ScanCode, 'wallet' | 'customerId'>,
): Result<HubPayment, ScanRefusal> {
  const isTheirs = payment.wallet === wallet.id && payment.customerId === customerId;
  if (payment.wallet !== null && !isTheirs) return refuse('paid_by_another', 'somebody else is paying with this code');
  return ENDED.has(payment.state) ? refuse('order_closed', 'this order cannot be paid any more') : ok(payment);
}

const ENDED: ReadonlySet<HubPayment['state']> = new Set(['failed', 'closed', 'canceling', 'canceled']);
