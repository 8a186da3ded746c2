/**
 * Which call each operation makes. A request that needs the card travels through the vault; this process never sees the
 * number. What the answers mean is in answers.ts.
 */
import type { AcquirerAnswer, FollowUpRequest, PayRequest, VerifyRequest } from '../ports/card-acquirer.ts';
import { readAnswer } from './answers.ts';
import type { Asked } from './approval.ts';
import { captureBody, incrementBody, reauthorizeBody, refundBody, reverseBody, voidBody } from './follow-up-body.ts';
import type { Line } from './line.ts';
import { paymentBody, verificationBody } from './payment-body.ts';
import type { JpmOnlinePaymentsSettings } from './settings.ts';
import type { Call, CardUse, Sent } from './transport.ts';

/** Authorization (captureMethod MANUAL) or sale (NOW). */
export function pay(line: Line, request: PayRequest): Promise<AcquirerAnswer> {
  const { kind, reference, amount } = request;
  return withCard(line, request, 'payments', paymentBody(request, line.settings), { kind, reference, amount });
}

/** Asks about the card and holds nothing. */
export function verify(line: Line, request: VerifyRequest): Promise<AcquirerAnswer> {
  const { kind, reference, currency } = request;
  const asked = { kind, reference, amount: { amount: 0n, currency } };
  return withCard(line, request, 'verifications', verificationBody(request, line.settings), asked);
}

async function withCard(
  { transport, settings }: Line,
  card: CardUse,
  collection: string,
  body: object,
  asked: Asked,
): Promise<AcquirerAnswer> {
  const sent = await transport.throughVault(card, {
    method: 'POST',
    url: `${settings.baseUrl}/${collection}`,
    body: JSON.stringify(body),
    ...named(asked),
  });
  return answerOf(sent, asked);
}

export async function followUp({ transport, settings }: Line, request: FollowUpRequest): Promise<AcquirerAnswer> {
  const { kind, reference, amount } = request;
  const asked = { kind, reference, amount };
  return answerOf(await transport.direct({ ...followUpCall(settings, request), ...named(asked) }), asked);
}

function followUpCall(
  settings: JpmOnlinePaymentsSettings,
  request: FollowUpRequest,
): Pick<Call, 'method' | 'url' | 'body'> {
  const payment = `${settings.baseUrl}/payments/${encodeURIComponent(request.networkPaymentId)}`;
  const change = (body: object) => ({ method: 'PATCH', url: payment, body: JSON.stringify(body) }) as const;
  const post = (url: string, body: object) => ({ method: 'POST', url, body: JSON.stringify(body) }) as const;
  switch (request.kind) {
    case 'capture':
      return post(`${payment}/captures`, captureBody(request));
    case 'refund':
      return post(`${settings.baseUrl}/refunds`, refundBody(request, settings));
    case 'void':
      return change(voidBody());
    case 'increment':
      return change(incrementBody(request));
    case 'reverse':
      return change(reverseBody(request));
    case 'reauthorize':
      return change(reauthorizeBody());
  }
}

const named = ({ kind, reference }: Asked): Pick<Call, 'purpose' | 'reference' | 'requestId'> => ({
  purpose: kind,
  reference,
  requestId: reference,
});

const answerOf = (sent: Sent, asked: Asked): AcquirerAnswer =>
  sent.kind === 'ended' ? sent.answer : readAnswer(asked, sent.response);
