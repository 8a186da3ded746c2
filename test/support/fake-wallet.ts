/**
 * A home wallet in memory. It keeps the port: one payment of a reference, answered with what it has become; a canceled one is
 * never debited. The test says what its user does, and when answers are lost.
 */
import { addMs, type Clock } from '../../src/base/clock.ts';
import type { Id } from '../../src/base/ids.ts';
import { newId } from '../../src/base/ids.ts';
import { add, type Money, zero } from '../../src/base/money.ts';
import { ok } from '../../src/base/result.ts';
import type {
  WalletAnswer,
  WalletCancelAnswer,
  WalletDebit,
  WalletNetwork,
  WalletPayRequest,
  WalletRefundAnswer,
  WalletRefundRequest,
  WalletTokenAnswer,
} from '../../src/connectors/ports/wallet.ts';
import type { DisputeNews } from '../../src/connectors/ports/wallet-dispute.ts';
import { insert, part } from '../../src/journal/index.ts';
import { event } from '../../src/ledger/index.ts';
import {
  ensureNetworkAccount,
  type Participant,
  type PartyDeps,
  participants,
  type WalletRole,
} from '../../src/parties/index.ts';

interface Known {
  readonly request: WalletPayRequest;
  answer: WalletAnswer;
  refunded: Money;
}

export interface FakeWallet extends WalletNetwork {
  /** `lose_before`: it never arrives. `lose_after`: it acts, and the answer is lost. `refuse`: a definite no. */
  next: ('lose_before' | 'lose_after' | 'refuse')[];
  /** What its user does with a payment: asked on a page, or paid at once. */
  asks: boolean;
  /** The next payment is refused with this. */
  declines: { code: string; limitSetBy: string | null } | null;
  readonly known: Map<string, Known>;
  readonly refunds: Map<string, WalletRefundRequest>;
  readonly calls: string[];
  /** References that were canceled, known or not. */
  readonly canceled: Set<string>;
  /** What it was told of its disputes. */
  readonly news: DisputeNews[];
  /** Its user has scanned a code: it knows the payment, and asks him. */
  scanned(debit: WalletDebit): void;
  /** Its user confirms with the PIN: debited. The wallet's word. */
  confirm(reference: string): WalletAnswer;
  /** What it has been debited for and not given back. */
  owes(reference: string): Money;
}

const LOST = { outcome: 'unknown', cause: 'no answer' } as const;

export function fakeWallet(clock: Clock): FakeWallet {
  const call = async <Answer>(
    name: string,
    act: () => Answer,
    refusal: Answer | null = null,
  ): Promise<Answer | typeof LOST> => {
    wallet.calls.push(name);
    const how = wallet.next.shift();
    if (how === 'lose_before') return LOST;
    if (how === 'refuse' && refusal !== null) return refusal;
    const answer = act();
    return how === 'lose_after' ? LOST : answer;
  };
  const wallet: FakeWallet = {
    next: [],
    asks: false,
    declines: null,
    known: new Map(),
    refunds: new Map(),
    calls: [],
    canceled: new Set(),
    news: [],
    scanned: (debit) => {
      const answer = { outcome: 'pending', walletPaymentId: null, payUrl: null } as const;
      const request = { ...debit, payer: { kind: 'cashier' } } as const;
      wallet.known.set(debit.reference, { request, answer, refunded: zero(debit.payTo.currency) });
    },
    confirm: (reference) => {
      const row = wallet.known.get(reference) as Known;
      if (row.answer.outcome === 'pending') row.answer = paidNow(clock);
      return row.answer;
    },
    owes: (reference) => {
      const row = wallet.known.get(reference);
      if (row === undefined || row.answer.outcome !== 'approved') return zero('EUR');
      return { ...row.request.payTo, amount: row.request.payTo.amount - row.refunded.amount };
    },
    pay: (_target, request) => call('pay', () => pay(wallet, clock, request)),
    inquire: (_target, { reference }) =>
      call('inquire', () => wallet.known.get(reference)?.answer ?? ({ outcome: 'not_found' } as const)),
    cancel: (_target, { reference }) => call('cancel', () => cancel(wallet, reference), TOO_LATE_TO_CANCEL),
    refund: (_target, request) => call('refund', () => refund(wallet, clock, request), TOO_LATE_TO_REFUND),
    applyToken: (_target, authCode) => call('applyToken', () => tokenFor(clock, authCode), NO_SUCH_CODE),
    refreshToken: (_target, token) =>
      call('refreshToken', () => tokenFor(clock, token.replace('refresh-of-', '')), NO_SUCH_CODE),
    cancelToken: () => call('cancelToken', (): WalletCancelAnswer => ({ outcome: 'done' })),
    notifyDispute: async (_target, told) => {
      wallet.news.push(told);
      return 'acknowledged';
    },
  };
  return wallet;
}

const paidNow = (clock: Clock): WalletAnswer => ({
  outcome: 'approved',
  walletPaymentId: newId('exc'),
  paidAt: clock.now(),
  customerId: 'user-1',
});
const CLOSED = { outcome: 'declined', code: 'ORDER_IS_CLOSED', message: 'canceled', limitSetBy: null } as const;
const TOO_LATE_TO_CANCEL: WalletCancelAnswer = {
  outcome: 'refused',
  code: 'CANCEL_WINDOW_EXCEED',
  message: 'too late',
};
const TOO_LATE_TO_REFUND: WalletRefundAnswer = {
  outcome: 'declined',
  code: 'REFUND_WINDOW_EXCEED',
  message: 'too late',
};
const NO_SUCH_CODE: WalletTokenAnswer = { outcome: 'declined', code: 'INVALID_CODE', message: 'no such code' };

function pay(wallet: FakeWallet, clock: Clock, request: WalletPayRequest): WalletAnswer {
  const known = wallet.known.get(request.reference);
  if (known !== undefined) return known.answer;
  const answer = firstAnswer(wallet, clock, request);
  wallet.declines = null;
  wallet.known.set(request.reference, { request, answer, refunded: zero(request.payTo.currency) });
  return answer;
}

function firstAnswer({ canceled, declines, asks }: FakeWallet, clock: Clock, request: WalletPayRequest): WalletAnswer {
  if (canceled.has(request.reference)) return CLOSED;
  if (declines !== null) return { outcome: 'declined', message: 'no', ...declines };
  if (request.payer.kind !== 'cashier' && !asks) return paidNow(clock);
  return { outcome: 'pending', walletPaymentId: null, payUrl: `https://wallet.example/pay/${request.reference}` };
}

function cancel({ canceled, known }: FakeWallet, reference: string): WalletCancelAnswer {
  canceled.add(reference);
  const row = known.get(reference);
  if (row !== undefined) row.answer = CLOSED;
  return { outcome: 'done' };
}

function refund({ known, refunds }: FakeWallet, clock: Clock, request: WalletRefundRequest): WalletRefundAnswer {
  const row = known.get(request.paymentReference) as Known;
  if (!refunds.has(request.reference)) {
    refunds.set(request.reference, request);
    row.refunded = add(row.refunded, request.payBack);
  }
  return { outcome: 'approved', walletRefundId: `R-${request.reference}`, refundedAt: clock.now() };
}

/** Each refresh token names the token that follows: `code`, `code+`, `code++`. */
const tokenFor = (clock: Clock, authCode: string): WalletTokenAnswer => ({
  outcome: 'approved',
  accessToken: `token-of-${authCode}`,
  expiresAt: addMs(clock.now(), 365 * 86_400_000),
  customerId: 'user-1',
  refresh: { token: `refresh-of-${authCode}+`, expiresAt: addMs(clock.now(), 730 * 86_400_000) },
});

/** A wallet that takes part, with an account of its own. */
export async function aWallet(
  deps: PartyDeps,
  role: Partial<WalletRole> & { readonly slug: string },
  participantId = `PSP-${role.slug}`,
): Promise<Participant> {
  const account = await ensureNetworkAccount(deps, {
    network: `wallet:${role.slug}`,
    funding: 'gross',
    merchantId: role.slug,
  });
  const at = deps.clock.now();
  const id: Id<'ptc'> = newId('ptc');
  const row: Participant = {
    id,
    version: 0,
    state: 'active',
    participantId,
    name: `Wallet ${role.slug}`,
    keys: [],
    acquirer: null,
    createdAt: at,
    wallet: {
      brandCode: role.slug.toUpperCase(),
      country: 'MY',
      currency: 'EUR',
      modes: ['cashier', 'autoDebit', 'userPresented'],
      limits: [],
      codeIssuer: null,
      endpoint: 'http://wallet.invalid',
      cutOffMinutes: 15,
      fees: { interchangeBps: 0, serviceBps: 0 },
      settlement: { agreementId: 'A', days: 2, calendar: 'MY' },
      markets: { CN: 'live' },
      account: account.id,
      ...role,
    },
  };
  const added = event('participant.added', id, { participantId: row.participantId, name: row.name, acquirer: false });
  const unit = { at, ...part({ events: [added], writes: [insert(participants, row)] }) };
  await deps.journal.run(undefined, async () => ok({ unit, value: row }));
  return { ...row, version: 1 };
}
