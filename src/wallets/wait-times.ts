/**
 * How long a payment may wait, and when a wallet is asked again: soon at first, for a shop stands at its counter, then every five
 * minutes. Business time throughout.
 */
import { addMs, type Instant, instant, MS_PER_DAY, msOf } from '../base/clock.ts';
import { deadline, type NewJob } from '../journal/index.ts';
import type { HubPayment, Scenario } from './hub-payment.ts';

export const HUB_WAIT_JOB = 'hub.wait';
export const HUB_REFUND_JOB = 'hub.refund';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Pauses before each question, after the one before; the last one goes on. */
export const LADDER_MS: readonly number[] = [4, 4, 30, 60, 60, 60, 300, 300].map((each) => each * SECOND_MS);

/** From here on, two hours in, hourly: only cancels and refunds get so far, and they are never given up. */
const HOURLY_FROM = 30;
const HOUR_MS = 60 * MINUTE_MS;

export const pauseMs = (rung: number): number =>
  rung >= HOURLY_FROM ? HOUR_MS : (LADDER_MS[Math.min(rung, LADDER_MS.length - 1)] as number);

const MOST_MS = 10 * MINUTE_MS;
/** Published as under thirty minutes. */
const ORDER_CODE_MOST_MS = 30 * MINUTE_MS - SECOND_MS;

/** What was asked for, cut to what is allowed. */
export function expiryOf(scenario: Scenario, asked: Instant | null, at: Instant): Instant {
  const latest = addMs(at, scenario === 'order_code' ? ORDER_CODE_MOST_MS : MOST_MS);
  return asked !== null && asked < latest ? asked : latest;
}

/** The job that looks at the payment next: at its expiry while nobody has scanned, else on the ladder and at its expiry. */
export function nextLook(payment: Pick<HubPayment, 'id' | 'state' | 'inquiries' | 'expiresAt'>, at: Instant): NewJob {
  const { id, state, inquiries, expiresAt } = payment;
  const asks = addMs(at, pauseMs(inquiries));
  const due = state === 'waiting' ? expiresAt : state === 'in_process' && expiresAt < asks ? expiresAt : asks;
  return deadline(HUB_WAIT_JOB, id, due < at ? at : due);
}

const UTC8_MS = 8 * 60 * MINUTE_MS;

/** So many minutes into the day after the payment, both in UTC+8. */
export function cancelableUntil(paidAt: Instant, cutOffMinutes: number): Instant {
  const midnight = Math.floor((msOf(paidAt) + UTC8_MS) / MS_PER_DAY + 1) * MS_PER_DAY;
  return instant(midnight - UTC8_MS + cutOffMinutes * MINUTE_MS);
}

/** How long a payment can be refunded. */
export const REFUND_WINDOW_MS = 366 * MS_PER_DAY;
