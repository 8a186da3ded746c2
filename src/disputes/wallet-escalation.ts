/**
 * Disputes of home wallets about orders, as a channel of cases. A wallet's question is an inquiry, its claim an escalation. It takes no
 * money: while the case is open the order stands still, and what is accepted is refunded like any refund, at the payment's own
 * rate. Handing in documents refuses the refund with them as reasons; accepting gives all of it back, or the part that is named.
 *
 * The "network" is our own record of what the wallet said (src/wallets/escalations), which has the clock: a case follows it by jobs that commit
 * with each of its steps. An accepted case stays open until the wallet has its money back, so that no release can pass it.
 */
import { createHash } from 'node:crypto';
import type { Id } from '../base/ids.ts';
import { parseId } from '../base/ids.ts';
import type { EvidenceDocument } from '../connectors/ports/card-disputes.ts';
import { findPayment, methodOf, type Payment } from '../payments/index.ts';
import {
  answerWalletDispute,
  findWalletDispute,
  type HubDeps,
  orderDisputesSince,
  type WalletDispute,
} from '../wallets/index.ts';
import type { Channel, Word } from './channel.ts';

export const WALLET_ESCALATION = 'wallet_escalation';

/** Of one wallet's account. */
export function createWalletEscalations(deps: Pick<HubDeps, 'journal' | 'clock'>, network: Id<'net'>): Channel {
  const { db } = deps.journal;
  const word = async (row: WalletDispute): Promise<Word | null> => {
    if (row.home.kind !== 'order' || row.home.network !== network) return null;
    const payment = (await findPayment(db, row.home.payment)) as Payment;
    return wordOf(row, payment);
  };
  return {
    name: WALLET_ESCALATION,
    takesParts: true,
    read: async (claim) => {
      const id = parseId('esc', claim);
      const row = id === null ? null : await findWalletDispute(db, id);
      return row === null ? null : word(row);
    },
    changedSince: async (since) => {
      const rows = await orderDisputesSince(db, network, since);
      return (await Promise.all(rows.map(word))).filter((each) => each !== null);
    },
    describe: (payment, { reason }) => {
      const refunded = payment.refunded.amount + payment.refunding.amount > 0n;
      return {
        reason: { code: reason.code, title: reason.text, kind: 'consumer' },
        recommendation: refunded
          ? { answer: 'challenge', because: 'refunded' }
          : { answer: 'review', because: 'no_rule' },
        facts: factsOf(payment),
      };
    },
    answer: async ({ kind, amount, claim, documents }) => {
      const dispute = claim as WalletDispute['id'];
      const evidence = documents.map(evidenceOf);
      const answer = kind === 'challenge' ? 'refuse' : amount === null ? 'full' : 'partial';
      const given = { kind: answer, amount, text: '', evidence, by: 'seller' } as const;
      const answered = await answerWalletDispute(deps, { dispute, ...given });
      if (answered.ok) return { outcome: 'taken' };
      const { code, detail } = answered.error;
      return code === 'conflict'
        ? { outcome: 'unknown', cause: detail }
        : { outcome: 'refused', code, message: detail };
    },
  };
}

function factsOf(payment: Payment): Readonly<Record<string, string>> {
  const method = methodOf(payment);
  return method.type === 'wallet' ? { wallet: method.name, brand: method.brand } : {};
}

/** The wallet is told what was handed in; it asks the operator for the document itself. */
const evidenceOf = ({ name, mediaType, content }: EvidenceDocument) => ({
  name,
  mediaType,
  sha256: createHash('sha256').update(content).digest('hex'),
});

const STAGES = { retrieval: 'inquiry', escalation: 'escalation' } as const;

function wordOf(row: WalletDispute, payment: Payment): Word {
  const { id, kind, amount, reason, openedAt, respondBy, answer } = row;
  const stage = STAGES[kind];
  const bySilence = row.state === 'lapsed' || answer?.by === 'deadline';
  return {
    ...{ claim: id, networkPaymentId: payment.networkPaymentId ?? '', stage, amount, reason, openedAt },
    ...{ state: stateOf(row), expired: bySilence },
    turn: row.state === 'open' ? 'ours' : row.state === 'refunding' ? 'theirs' : null,
    respondBy: row.state === 'open' ? respondBy : null,
  };
}

/** Refused is won: nobody can take it further but by a further dispute. Silence loses what an acceptance would have given. */
function stateOf({ state, kind, answer }: WalletDispute): Word['state'] {
  switch (state) {
    case 'open':
    case 'refunding':
      return STAGES[kind];
    case 'answered':
      return 'won';
    case 'lapsed':
      return 'lost';
    case 'refunded':
    case 'not_refunded':
      return answer?.by === 'deadline' ? 'lost' : 'accepted';
  }
}
