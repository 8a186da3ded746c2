/**
 * The issuer wants the cardholder: the way to its page, and the question whether it has decided. Coming back from that page
 * (`?back=issuer`) asks at once. What the browser brings back proves nothing; the server asks the network.
 */
import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Challenge, Payment } from '../../api/client.ts';
import { useContinuePayment } from '../../queries/payments.ts';
import { IssuerForm } from '../../ui/IssuerForm.tsx';

interface Props {
  readonly payment: Payment;
  readonly challenge: Challenge;
}

export function ChallengeNotice({ payment, challenge }: Props) {
  const search = useSearch({ from: '/orders/$orderId' });
  const navigate = useNavigate({ from: '/orders/$orderId' });
  const { mutate, data, error, isPending } = useContinuePayment(payment.id);
  const asked = useRef(false);

  useEffect(() => {
    if (search.back !== 'issuer' || asked.current) return;
    asked.current = true;
    mutate();
    void navigate({ to: '/orders/$orderId', params: { orderId: payment.order }, search: {}, replace: true });
  }, [search.back, mutate, navigate, payment.order]);

  return (
    <div className="notice tone-waiting" role="status">
      <p>
        The issuer of the card wants the cardholder to confirm this payment on its own page. Nothing is charged before
        that.
      </p>
      {data?.body.state === 'authenticating' && <p className="notice-line">The issuer has not decided yet.</p>}
      {error !== null && <p className="notice-line tone-bad-text">Could not ask: {error.message}</p>}
      <div className="notice-moves">
        <IssuerForm challenge={challenge} />
        <Button size="compact-sm" variant="default" loading={isPending} onClick={() => mutate()}>
          Ask whether it is confirmed
        </Button>
      </div>
    </div>
  );
}
