/**
 * One move from the first press to a definite answer. A move that needs a key keeps its attempt (key and body) while the
 * outcome is unknown; sending again then repeats that attempt, whatever the form says. 202 polls the payment until the
 * bank's word is final. After every answer the order is read again, because a refusal often means that it has moved on.
 */
import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { type Answer, get, type Move, NoAnswer, type Payment, Problem, send } from '../api/client.ts';
import { mintKey } from '../api/mint-key.ts';
import { useRefreshOrder } from '../queries/orders.ts';
import { isOpen, usePaymentUntilFinal } from '../queries/payments.ts';
import { beginAttempt, endAttempt, isDefinite, openAttempt } from './attempt.ts';
import type { Body } from './form.ts';
import { lastWord, type Outcome, outcomeOf } from './outcome.ts';

export type Phase =
  | { readonly kind: 'form' }
  | { readonly kind: 'uncertain'; readonly message: string }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | Outcome;

const EARLIER = 'An earlier try had no definite answer.';

/** `send` posts the body, or repeats the open attempt. `phase` says what to show; `sending` is true on the wire. */
export function useMove(orderId: string, move: Move) {
  const scope = `${orderId} ${move.href}`;
  const [phase, setPhase] = useState<Phase>(() =>
    move.needsIdempotencyKey && openAttempt(sessionStorage, scope) !== null
      ? { kind: 'uncertain', message: EARLIER }
      : { kind: 'form' },
  );
  const refresh = useRefreshOrder();

  const settle = useCallback(
    (next: Phase) => {
      endAttempt(sessionStorage, scope);
      setPhase(next);
    },
    [scope],
  );
  const mutation = useMutation({
    mutationFn: async (body: Body) => outcomeIn(await post(move, scope, body), move),
    onSuccess: (outcome) => {
      if (outcome.kind === 'checking') setPhase(outcome);
      else settle(outcome);
    },
    onError: (error) => {
      if (error instanceof Problem && isDefinite(error.status, error.retryAfter))
        settle({ kind: 'refused', problem: error });
      else setPhase({ kind: 'uncertain', message: uncertainText(error) });
    },
    onSettled: () => refresh(),
  });

  usePolledOutcome(phase, move, settle);
  return { phase, sending: mutation.isPending, send: mutation.mutate };
}

/** While the phase is `checking`, polls the payment and settles with its final word. */
function usePolledOutcome(phase: Phase, move: Move, settle: (next: Phase) => void): void {
  const paymentId = phase.kind === 'checking' ? phase.paymentId : null;
  const payment = usePaymentUntilFinal(paymentId).data;
  const refresh = useRefreshOrder();
  useEffect(() => {
    if (paymentId === null || payment === undefined || (isOpen(payment) && payment.action === null)) return;
    settle(move.move === 'pay' ? outcomeOf(201, payment, move.href) : lastWord(payment));
    void refresh();
  }, [paymentId, payment, move, settle, refresh]);
}

/** A payment that is not new is read once more for the network's word; without it the answer itself has to do. */
async function outcomeIn(answer: Answer<unknown>, move: Move): Promise<Outcome> {
  const outcome = outcomeOf(answer.status, answer.body, move.href);
  const payment = /^\/v1\/payments\/pay_[0-9a-f]+/.exec(move.href)?.[0];
  if (outcome.kind !== 'done' || payment === undefined) return outcome;
  return get<Payment>(payment).then(lastWord, () => outcome);
}

function post(move: Move, scope: string, body: Body): Promise<Answer<unknown>> {
  if (!move.needsIdempotencyKey) return send('POST', move.href, { body });
  return send('POST', move.href, beginAttempt(sessionStorage, scope, body, mintKey));
}

const uncertainText = (error: Error): string =>
  error instanceof NoAnswer ? 'No answer came back, so it may or may not have happened.' : error.message;
