/**
 * Somebody has scanned the code of an order: the payment begins, with the wallet of whoever was first. The code, the payment, its price and
 * the order change in one unit, whose key is the one that a cancel or the end of its time would take: of these only one can be.
 *
 * Invariants: a code is paid by one person, who is told the same again; what is paid is what the code says.
 */
import { equals } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { WalletDebit } from '../connectors/ports/wallet.ts';
import { merge } from '../journal/index.ts';
import type { Participant } from '../parties/index.ts';
import {
  debitOf,
  isByWallet,
  type Payment,
  type PaymentDeps,
  type PaymentOwner,
  type PaymentRefusal,
  payByScan,
} from '../payments/index.ts';
import {
  findCode,
  type HubCode,
  type HubRefusal,
  type OrderCodes,
  type ScanRefusal,
  usingCodeForOrder,
} from '../wallets/index.ts';
import type { AmsDeps } from './deps.ts';
import { scanKey } from './keys.ts';
import { type CodePayment, isByCode } from './rows.ts';
import { standingOf } from './standing.ts';
import { loadAmsPayment } from './store.ts';

/** Codes of orders, as the hub asks about them. */
export const orderCodesOf = (deps: AmsDeps): OrderCodes => ({
  scanned: (code, person) => scanned(deps, code, person),
});

type Person = Parameters<OrderCodes['scanned']>[1];
type Scanned = Result<WalletDebit, ScanRefusal | HubRefusal>;

/** Checks in this order: the request, who has scanned before, whose users may; then those of every beginning. */
async function scanned(deps: AmsDeps, { amsPayment }: HubCode, person: Person): Promise<Scanned> {
  const row = amsPayment === undefined ? null : await loadAmsPayment(deps.journal.db, amsPayment);
  if (row === null || !isByCode(row)) return refuse('invalid_code', 'no order has this code');
  if (row.state !== 'open') return CLOSED;
  const { payment } = await standingOf(deps, row);
  if (payment !== null) return theirs(deps, payment, person);
  const { brand } = row.code;
  if (brand !== null && brand !== person.wallet.wallet?.brandCode)
    return refuse('wallet_unavailable', `this code is for users of ${brand} only`);
  const begun = await begin(deps, row, person);
  return begun.ok ? theirs(deps, begun.value, person) : { ok: false, error: inWordsOfScans(begun.error) };
}

const CLOSED = refuse('order_closed', 'this order cannot be paid by this code any more');

function begin(deps: AmsDeps, row: CodePayment, { wallet, customerId }: Person) {
  const { marketplace, order, instalment, redirectUrl, expiresAt } = row;
  return payByScan(usingItsCode(deps, row), scanKey(row), {
    ...{ marketplace, order, instalment, wallet: wallet.id, customerId, expiresAt },
    ...(redirectUrl === null ? {} : { returnUrl: redirectUrl }),
  });
}

/** The order is still due what the code says, and the code pays nothing else. */
function usingItsCode({ payments, journal: { db } }: AmsDeps, { amount, code }: CodePayment): PaymentDeps {
  const startPayment: PaymentOwner['startPayment'] = async (start) => {
    const started = await payments.owner.startPayment(start);
    if (!started.ok) return started;
    if (!equals(started.value.amount, amount)) return refuse('illegal_move', 'another amount is due by now');
    const shown = (await findCode(db, code.id)) as HubCode;
    if (shown.state !== 'live') return refuse('illegal_move', 'somebody has scanned it');
    return ok({ ...started.value, part: merge(started.value.part, usingCodeForOrder(shown, start.payment)) });
  };
  return { ...payments, owner: { ...payments.owner, startPayment } };
}

/** Told to whoever has scanned first, as long as something can come of it. */
async function theirs({ payments }: AmsDeps, payment: Payment, { wallet, customerId }: Person): Promise<Scanned> {
  if (!isByWallet(payment) || !isOf(payment.wallet, { wallet, customerId }))
    return refuse('paid_by_another', 'somebody else is paying with this code');
  const isAlive = payment.state === 'captured' || (payment.state === 'pending' && payment.wallet.canceling === null);
  return isAlive ? ok(await debitOf(payments, payment)) : CLOSED;
}

const isOf = (
  { participant, customerId }: { readonly participant: Participant['id']; readonly customerId: string | null },
  person: Person,
): boolean => participant === person.wallet.id && customerId === person.customerId;

type Word =
  | 'wallet_unavailable'
  | 'payment_limit'
  | 'rate_unavailable'
  | 'invalid_amount'
  | 'payment_in_progress'
  | 'expired_code'
  | 'conflict'
  | 'order_closed';

/** What else keeps an order from being paid closes it for this code: it was paid otherwise, or canceled, or the code was. */
function inWordsOfScans({ code, detail, facts }: PaymentRefusal): Refusal<Word> {
  const word = WORDS[code];
  if (word === undefined) return CLOSED.error;
  return { code: word, detail, ...(facts === undefined ? {} : { facts }) };
}

const WORDS: { readonly [Each in PaymentRefusal['code']]?: Word } = {
  wallet_not_offered: 'wallet_unavailable',
  wallet_limit: 'payment_limit',
  rate_unavailable: 'rate_unavailable',
  invalid_amount: 'invalid_amount',
  payment_in_progress: 'payment_in_progress',
  invalid_expiry: 'expired_code',
  conflict: 'conflict',
};
