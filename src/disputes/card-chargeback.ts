/**
 * Chargebacks of cards as a channel of cases: the network's stages and states in the words of the case, the reason code's
 * kind, and what speaks for a challenge. A fraud dispute of an authenticated payment is the issuer's to bear.
 */
import { unreachable } from '../base/assert.ts';
import type { CardDisputes, NetworkDispute } from '../connectors/ports/card-disputes.ts';
import { cardOf, type Payment } from '../payments/index.ts';
import type { CaseState, Recommendation } from './case.ts';
import type { Channel, Word } from './channel.ts';
import { findReason } from './reasons.ts';

export function createCardChargebacks(cards: CardDisputes): Channel {
  return {
    name: 'card_chargeback',
    takesParts: false,
    read: async (claim) => {
      const found = await cards.get(claim);
      return found === null ? null : wordOf(found);
    },
    changedSince: async (since) => (await cards.list(since)).map(wordOf),
    describe: (payment, word) => {
      const { brand, last4 } = cardOf(payment);
      const reason = findReason(brand, word.reason.code);
      const liabilityShift = payment.authentication?.liabilityShift === true;
      return {
        reason: { code: word.reason.code, title: reason?.title ?? word.reason.text, kind: reason?.kind ?? 'other' },
        recommendation: recommend(payment, { fraud: reason?.kind === 'fraud', liabilityShift }),
        facts: { brand, last4, liabilityShift },
      };
    },
    answer: async ({ kind, stage, claim, reference, facts, documents }) => {
      if (kind === 'accept') return cards.accept({ id: claim, reference });
      const evidence = { id: claim, reference, last4: String(facts.last4), documents };
      // An inquiry asks for documents; there is nothing yet to challenge.
      return stage === 'inquiry' ? cards.fulfill(evidence) : cards.challenge(evidence);
    },
  };
}

function recommend(
  payment: Payment,
  { fraud, liabilityShift }: { fraud: boolean; liabilityShift: boolean },
): Recommendation {
  if (fraud && liabilityShift) return { answer: 'challenge', because: 'liability_shift' };
  // The payer has the money already, or will have it: the refund is the evidence.
  if (payment.refunded.amount + payment.refunding.amount > 0n) return { answer: 'challenge', because: 'refunded' };
  return { answer: 'review', because: 'no_rule' };
}

function wordOf(dispute: NetworkDispute): Word {
  const state = stateOf(dispute);
  const { id, networkPaymentId, stage, amount, reason, openedAt, respondBy } = dispute;
  const ours = dispute.state === 'needs_response';
  const turn = ours ? 'ours' : dispute.state === 'under_review' ? 'theirs' : null;
  const expired = dispute.state === 'expired';
  const until = ours ? respondBy : null;
  return { claim: id, networkPaymentId, state, stage, turn, expired, amount, reason, openedAt, respondBy: until };
}

function stateOf({ state, stage }: NetworkDispute): CaseState {
  switch (state) {
    case 'needs_response':
      return stage;
    case 'under_review':
      return stage === 'chargeback' ? 'represented' : stage;
    case 'won':
    case 'lost':
    case 'accepted':
      return state;
    case 'expired':
      return 'lost';
    default:
      return unreachable(state);
  }
}
