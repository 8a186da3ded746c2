/**
 * Payment codes: what a wallet shows and a shop scans. The hub makes them for the wallet, so that a code alone says whose it is
 * to nobody else. Each is good for one minute of business time and for one payment.
 *
 * Invariants: a value is given out once, ever; sixteen of its digits are random; of two payments at once by one code one gets it,
 * for both change the code's row from the version they read.
 */
import { addMs, type Instant, msOf } from '../../base/clock.ts';
import { type Id, newId } from '../../base/ids.ts';
import { assertMove } from '../../base/moves.ts';
import { randomDigits } from '../../base/random.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { Queryable } from '../../db/pool.ts';
import { absent, type Decision, insert, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { findParticipant, type Participant } from '../../parties/index.ts';
import { writePaymentCode } from '../codes/payment-code.ts';
import { HUB_CODE_MOVES, type HubCode, hubCodes } from '../hub-payment.ts';
import { type CodeDeps, committedValue } from './deps.ts';
import type { CodeRefusal, IssueRefusal } from './errors.ts';
import { readShownCode } from './shown-code.ts';
import { findCodeByValue } from './store.ts';

/** One minute, as Alipay+ has it. */
export const PAYMENT_CODE_LIFE_MS = 60_000;
export const MOST_PAYMENT_CODES = 10;

export interface IssuePaymentCodes {
  readonly wallet: Participant;
  readonly customerId: string;
  /** 1 to 10: a wallet shows the next ones without asking again. */
  readonly quantity: number;
}

/** Every call makes new codes: asked twice, a wallet has both. Refused to a wallet whose users show no codes. */
export async function issuePaymentCodes(
  { journal, clock }: CodeDeps,
  { wallet, customerId, quantity }: IssuePaymentCodes,
): Promise<Result<readonly HubCode[], IssueRefusal>> {
  const issued = await journal.run(undefined, async (): Promise<Result<Decision<readonly HubCode[]>, IssueRefusal>> => {
    const issuer = wallet.wallet?.modes.includes('userPresented') === true ? wallet.wallet.codeIssuer : null;
    if (issuer === null) return refuse('mode_not_offered', 'the users of this wallet show no codes');
    const at = clock.now();
    const codes = Array.from({ length: quantity }, () => paymentCode({ wallet: wallet.id, issuer, customerId }, at));
    const unit = part({
      events: codes.map(({ id, kind }) => event('hub_code.issued', id, { kind })),
      writes: codes.map((code) => insert(hubCodes, code)),
      guards: codes.map(({ value }) => absent(hubCodes, 'value', value)),
    });
    return ok({ unit: { at, ...unit }, value: codes.map((code) => ({ ...code, version: 1 })) });
  });
  return committedValue(issued);
}

function paymentCode(
  { wallet, issuer, customerId }: { readonly wallet: Id<'ptc'>; readonly issuer: string; readonly customerId: string },
  at: Instant,
): HubCode {
  return {
    id: newId('hcd'),
    version: 0,
    state: 'live',
    kind: 'payment',
    value: writePaymentCode(issuer, randomDigits(16)),
    ...{ wallet, customerId },
    ...{ acquirer: null, shop: null, payment: null, number: null },
    expiresAt: addMs(at, PAYMENT_CODE_LIFE_MS),
    verifiedAt: null,
    createdAt: at,
  };
}

export interface ShownPaymentCode {
  readonly code: HubCode;
  /** Whose it is; maybe suspended since. */
  readonly wallet: Participant;
  readonly customerId: string;
}

/**
 * Whose code a shop has scanned: 24 digits, or an EMVCo consumer-presented code that holds them. Checks in this order: the form,
 * that it was given out, that it was not used, that its minute is not over.
 */
export async function resolvePaymentCode(
  db: Queryable,
  text: string,
  now: Instant,
): Promise<Result<ShownPaymentCode, CodeRefusal>> {
  const shown = readShownCode(text);
  if (!shown.ok) return shown;
  const found = await Promise.all(shown.value.map((value) => findCodeByValue(db, value)));
  const code = found.find((each) => each?.kind === 'payment') ?? null;
  if (code === null) return refuse('invalid_code', 'no wallet was given this code');
  if (code.state === 'used') return refuse('code_used', 'a payment code is used once; the person must show another');
  if (code.expiresAt === null || msOf(code.expiresAt) <= msOf(now))
    return refuse('expired_code', 'the minute of this code is over; the person must show another');
  const wallet = code.wallet === null ? null : await findParticipant(db, code.wallet);
  if (wallet === null || code.customerId === null) return refuse('invalid_code', 'the wallet of this code is not here');
  return ok({ code, wallet, customerId: code.customerId });
}

/** The part of the unit that hands the payment to the wallet: after it the code pays nothing else. */
export const usingCode = (code: HubCode, payment: Id<'hpy'>): UnitPart => usedFor(code, payment, { payment });

/** The same for a payment of a marketplace's order, which is none of the hub's. */
export const usingCodeForOrder = (code: HubCode, payment: Id<'pay'>): UnitPart =>
  usedFor(code, payment, { orderPayment: payment });

function usedFor(code: HubCode, payment: Id<'hpy'> | Id<'pay'>, leads: Partial<HubCode>): UnitPart {
  assertMove(HUB_CODE_MOVES, `code ${code.id}`, code.state, 'used');
  return part({
    events: [event('hub_code.used', code.id, { payment })],
    writes: [update(hubCodes, code, { ...leads, state: 'used' })],
  });
}
