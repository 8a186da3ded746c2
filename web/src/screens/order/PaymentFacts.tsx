import type { Payment } from '../../api/client.ts';
import {
  addressWords,
  authenticationReason,
  authenticationWords,
  cvvWords,
  exemptionWords,
} from '../../format/card-words.ts';
import { isZero } from '../../format/money.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TimeLeft } from '../../ui/TimeLeft.tsx';
import { When } from '../../ui/When.tsx';

interface Props {
  readonly payment: Payment;
  /** A dispute or the order's end may forbid what the payment would allow. */
  readonly mayRefund: boolean;
}

/** What is authorized until when, and what is known about card and cardholder. Every figure is the server's. */
export function PaymentFacts({ payment, mayRefund }: Props) {
  const { authorized, capturable, captured, refunded, refunding, refundable, checks, authentication } = payment;
  const some = (name: string, money: Payment['amount']) =>
    [name, isZero(money) ? null : <Amount key={name} money={money} />] as const;
  return (
    <div className="payment-facts">
      <Facts
        items={[
          some('Authorized', authorized),
          some('Left to capture', capturable),
          some('Captured', captured),
          some('Refunded', refunded),
          some('Refund on its way', refunding),
          ['Left to refund', mayRefund && <Amount key="refundable" money={refundable} />],
          [
            'Authorization lapses',
            payment.expiresAt && <Expiry key="expiry" payment={payment} at={payment.expiresAt} />,
          ],
          ['Amount', payment.estimated && 'An estimate; it may grow'],
          ['Address', checks && addressWords(checks.address)],
          ['Security code', checks && cvvWords(checks.cvv)],
          ['Cardholder (3-D Secure)', authentication === null ? notAsked(payment) : authenticationText(authentication)],
          ['Fraud is borne by', liabilityText(authentication)],
        ]}
      />
    </div>
  );
}

function Expiry({ payment, at }: { readonly payment: Payment; readonly at: string }) {
  const then =
    payment.state === 'authorized' && payment.onExpiry === 'reauthorize' ? 'renewed before' : 'given back before';
  return (
    <span>
      <When at={at} named />
      <TimeLeft until={at} separator=", " />
      <span className="faint">, {then}</span>
    </span>
  );
}

const notAsked = ({ exemption }: Payment): string | null =>
  exemption === null ? 'Not asked' : `Not asked: exempt, ${exemptionWords(exemption)}`;

/** Nothing to bear while the cardholder is asked, or when nothing was charged. */
const liabilityText = (authentication: Payment['authentication']): string | null => {
  if (authentication === null || !['proven', 'unavailable'].includes(authentication.state)) return null;
  return authentication.liabilityShift ? 'the issuer' : 'the seller';
};

const authenticationText = ({ state, reason }: NonNullable<Payment['authentication']>): string =>
  `${authenticationWords(state)}${reason === null ? '' : ` (${authenticationReason(reason)})`}`;
