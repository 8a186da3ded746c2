/**
 * A cardholder takes the money back through the bank: the case appears here, the seller side answers or does not, the issuer
 * decides. The answers must be those of a right program; what became of the money is the auditor's business.
 */
import { act, expectSame, networkCall } from './acts.ts';
import { type Body, type Call, cents, type Life, LifeBroken, NO_FAULT, settle } from './moves.ts';
import type { LifePlan } from './plan.ts';

const LOOKS_MAX = 8;
/** Half-days: thirty days to answer, and one for the word to come. */
const LAPSED_AFTER = 62;

export function* disputed(plan: LifePlan, order: string, payment: Body): Life {
  const { dispute } = plan;
  const claim = yield* raise(plan, payment);
  const opened = yield* untilKnown(plan, order, claim);
  const path = `/v1/disputes/${opened.id}`;
  const kind = dispute.type === 'RETRIEVAL_REQUEST' ? 'retrieval' : 'chargeback';
  const when = dispute.after === 'release' ? ' after release' : '';
  if (dispute.answer === 'none') {
    yield { wait: LAPSED_AFTER };
    yield* becomes(plan, path, 'lost');
    return `${kind}${when}, lapsed`;
  }
  if (dispute.answer === 'accept') {
    const accept = act(plan, 'accept', `${path}/accept`, networkCall('disputes', dispute.fault));
    yield* expectSame(accept, (yield* settle(accept)).body);
    yield* becomes(plan, path, 'accepted');
    return `${kind}${when}, accepted`;
  }
  yield* challenge(plan, path, 'first');
  const again = dispute.again && dispute.type === 'FIRST_CHARGEBACK';
  if (again) {
    yield* issuer(plan, claim, 'PRE_ARBITRATION');
    yield* becomes(plan, path, 'pre_arbitration');
    yield* challenge(plan, path, 'second');
  }
  yield* issuer(plan, claim, dispute.outcome);
  yield* becomes(plan, path, dispute.outcome === 'WON' ? 'won' : 'lost');
  return `${kind}${when}, ${dispute.outcome === 'WON' ? 'won' : 'lost'}${again ? ' at the second stage' : ''}`;
}

/** At the acquirer's own side, of what the payment's first charge took; answers the dispute's name there. */
function* raise(plan: LifePlan, payment: Body): Life<string> {
  const read: Call = { ...act(plan, 'operations', `/v1/payments/${payment.id}`, { method: 'GET' }) };
  const { body } = yield* settle(bare(read));
  const operations = body.operations as readonly { networkId: string | null; state: string }[];
  const first = operations.find(({ state, networkId }) => state === 'approved' && networkId !== null);
  const captured = cents(payment, 'captured');
  const amount = (captured * BigInt(plan.dispute.share)) / 100n;
  const { type, reason, fault } = plan.dispute;
  const raised = act(plan, 'raise', '/_sandbox/disputes', {
    as: 'acquirer',
    body: { transactionId: first?.networkId, reasonCode: reason, type, amount: Number(amount > 0n ? amount : 1n) },
    // Of raising it there is only the notification to lose.
    ...networkCall('disputes', { request: null, notify: fault.notify }),
  });
  return String((yield* settle(raised)).body.disputeId);
}

/** Told by a notification, or found with the next day's list. */
function* untilKnown(plan: LifePlan, order: string, claim: string): Life<Body> {
  for (let looks = 1; looks <= LOOKS_MAX; looks += 1) {
    yield { wait: 1 };
    const { body } = yield* settle(bare(act(plan, `cases-${looks}`, `/v1/disputes?order=${order}`, { method: 'GET' })));
    const found = (body.data as readonly Body[]).find(({ networkId }) => networkId === claim);
    if (found !== undefined) return found;
  }
  throw new LifeBroken(`order ${plan.number} ${order}: dispute ${claim} is not known after ${LOOKS_MAX} half-days`);
}

function* challenge(plan: LifePlan, path: string, stage: 'first' | 'second'): Life<void> {
  const content = Buffer.from(`delivery of order ${plan.number}, ${stage} answer`).toString('base64');
  const documents = [{ name: 'delivery.txt', mediaType: 'text/plain', content }];
  yield* settle(act(plan, `evidence-${stage}`, `${path}/evidence`, { body: { documents } }));
  const fault = stage === 'first' ? plan.dispute.fault : NO_FAULT;
  yield* settle(act(plan, `challenge-${stage}`, `${path}/challenge`, networkCall('disputes', fault)));
  yield { wait: 2 };
}

function* issuer(plan: LifePlan, claim: string, to: string): Life<void> {
  const path = `/_sandbox/disputes/${claim}/advance`;
  yield* settle(act(plan, `issuer-${to}`, path, { as: 'acquirer', body: { to } }));
}

function* becomes(plan: LifePlan, path: string, wanted: string): Life<void> {
  for (let looks = 1; ; looks += 1) {
    const { body } = yield* settle(bare(act(plan, `dispute-${wanted}-${looks}`, path, { method: 'GET' })));
    if (body.state === wanted) return;
    if (looks > LOOKS_MAX)
      throw new LifeBroken(`order ${plan.number}: dispute ${body.id} is ${body.state}, not ${wanted}`);
    yield { wait: 1 };
  }
}

/** A reading has neither key nor body. */
const bare = ({ key: _key, body: _body, ...call }: Call): Call => call;
