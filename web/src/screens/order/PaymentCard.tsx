import { Button } from '@mantine/core';
import type { Move, Order, Payment } from '../../api/client.ts';
import { declineWords } from '../../format/card-words.ts';
import { usePaymentParts } from '../../queries/payments.ts';
import { Amount } from '../../ui/Amount.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { When } from '../../ui/When.tsx';
import { ChallengeNotice } from './ChallengeNotice.tsx';
import { PaymentFacts } from './PaymentFacts.tsx';
import { Captures, Operations, Refunds } from './PaymentParts.tsx';

interface Props {
  readonly payment: Payment;
  readonly order: Order;
  readonly choose: (move: Move) => void;
}

/** One attempt to pay, by card or by wallet: what the bank and the issuer said, what was captured and refunded, what may be done. */
export function PaymentCard({ payment, order, choose }: Props) {
  const parts = usePaymentParts(payment, order.version);
  const moves = order.moves.filter(({ href }) => href.startsWith(`/v1/payments/${payment.id}/`));
  return (
    <article className="payment" aria-label={`Payment ${payment.id}`}>
      <header className="payment-head">
        <h3>
          <MethodName method={payment.method} />
        </h3>
        <StateBadge kind="other" state={payment.state} />
        <span className="faint">
          Instalment {payment.instalment} · <IdText value={payment.id} /> · <When at={payment.createdAt} named />
        </span>
        <span className="title-end">
          <Amount money={payment.amount} strong />
        </span>
      </header>
      <PaymentNotices payment={payment} />
      <PaymentFacts payment={payment} mayRefund={moves.some(({ move }) => move === 'refund')} />
      {moves.length > 0 && (
        <fieldset className="moves payment-moves">
          <legend className="visually-hidden">Moves of this payment</legend>
          {moves.map((move) => (
            <Button key={move.label} size="compact-sm" variant="default" onClick={() => choose(move)}>
              {move.label}
            </Button>
          ))}
        </fieldset>
      )}
      <Loaded of={parts} what="its operations">
        {({ captures, operations = [], refunds = [] }) => (
          <>
            {captures.length > 0 && <Captures captures={captures} operations={operations} />}
            {refunds.length > 0 && <Refunds refunds={refunds} />}
            <Operations operations={operations} />
          </>
        )}
      </Loaded>
    </article>
  );
}

function MethodName({ method }: { readonly method: Payment['method'] }) {
  if (method.type === 'wallet') return <span>{method.name}</span>;
  return (
    <>
      <span className="sentence">{method.brand}</span> <span className="mono">•••• {method.last4}</span>
    </>
  );
}

function PaymentNotices({ payment }: { readonly payment: Payment }) {
  const { action, checking, decline, tries } = payment;
  return (
    <>
      {action?.kind === 'challenge' && <ChallengeNotice payment={payment} challenge={action} />}
      {action?.kind === 'redirect' && (
        <p className="notice tone-waiting" role="status">
          The wallet waits for its user. Nothing needs to be done; do not charge again.
        </p>
      )}
      {checking && action === null && (
        <p className="notice tone-waiting" role="status">
          We are checking with the bank. Nothing needs to be done; do not charge again.
        </p>
      )}
      {tries.map(({ code, class: kind, at }) => (
        <p key={at} className="notice tone-quiet">
          <When at={at} named />: declined at first <code>{code}</code>, then tried once more{' '}
          {kind === 'authenticate' ? 'with the cardholder' : 'over another route'}.
        </p>
      ))}
      {decline && (
        <div className="notice tone-bad">
          {payment.state === 'declined' ? 'Declined' : 'The bank said'}: {decline.message} <code>{decline.code}</code>
          {declineWords(decline) !== '' && <span className="notice-line">{declineWords(decline)}</span>}
        </div>
      )}
    </>
  );
}
