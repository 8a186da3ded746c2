/**
 * The life of an authorization. Issuers hold the money for some days only; a day before it lapses a job looks at the payment
 * (expire-payment.ts). Here is when that is: set with the authorization, moved by whatever renews it, withdrawn with the last
 * capture or the void.
 */
import { addDays, addMs, type Instant } from '../base/clock.ts';
import { deadline, part, type UnitPart } from '../journal/index.ts';
import { cardOf, type Payment } from './payment.ts';

export const EXPIRY_JOB = 'payments.authorization_expiry';

/** Days an authorization of goods holds, by brand, as the schemes publish it; the others hold as long as the shortest. */
const DAYS: Readonly<Record<string, number>> = { visa: 7, mastercard: 7, 'american-express': 7, discover: 10, jcb: 7 };
const OTHER_DAYS = 7;
/** Time enough to ask again, should the network be silent. */
const AHEAD_MS = 24 * 3_600_000;

interface Watch {
  readonly changes: Pick<Payment, 'expiresAt' | 'expiryJob'>;
  readonly part: UnitPart;
}

/** From now on, in place of what was watched before. `lookAt`: a day before it lapses, unless something is wrong already. */
export function watchAuthorization(payment: Payment, from: Instant, lookAt?: Instant): Watch {
  const expiresAt = addDays(from, DAYS[cardOf(payment).brand] ?? OTHER_DAYS);
  const job = deadline(EXPIRY_JOB, payment.id, lookAt ?? addMs(expiresAt, -AHEAD_MS));
  return {
    changes: { expiresAt, expiryJob: job.id },
    part: part({ jobs: [job], withdraws: watched(payment) }),
  };
}

/** Nothing is authorized any more that is not captured. */
export const endWatch = (payment: Payment): Watch => ({
  changes: { expiresAt: null, expiryJob: null },
  part: part({ withdraws: watched(payment) }),
});

const watched = ({ expiryJob }: Payment): readonly string[] => (expiryJob === null ? [] : [expiryJob]);
