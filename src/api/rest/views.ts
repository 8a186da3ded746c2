/** How rows look to a client. Money stays money until the answer is written; bank account numbers are masked. */
import type { Instant } from '../../base/clock.ts';
import { zero } from '../../base/money.ts';
import type { UsBankAccount } from '../../connectors/ports/bank-rail.ts';
import { ageDays, type Debt, leftOf as leftOfDebt } from '../../debts/index.ts';
import type { ApiKey, Buyer, Marketplace, Seller } from '../../parties/index.ts';
import {
  capturable,
  initiatedBy,
  isByWallet,
  leftOf,
  methodOf,
  type Operation,
  type Payment,
  type Refund,
  refundable,
  type WalletTerms,
} from '../../payments/index.ts';
import type { Payout, PayoutRun } from '../../payouts/index.ts';
import type { BankLine, Break } from '../../reconciliation/index.ts';

export const viewMarketplace = ({
  id,
  name,
  feePlan,
  payoutSchedule,
  cardRules,
  cardRoutes,
  createdAt,
}: Marketplace) => ({
  id,
  name,
  feePlan,
  payoutSchedule,
  cardRules,
  cardRoutes,
  createdAt,
});

export const viewKey = (key: ApiKey, secret?: string) => ({
  id: key.id,
  name: key.name,
  marketplace: key.marketplace,
  scopes: key.scopes,
  createdAt: key.createdAt,
  ...(secret === undefined ? {} : { secret }),
});

export const maskAccount = (account: UsBankAccount) => ({
  ...account,
  accountNumber: `•••${account.accountNumber.slice(-4)}`,
});

export const viewSeller = (seller: Seller) => ({
  id: seller.id,
  marketplace: seller.marketplace,
  state: seller.state,
  name: seller.name,
  country: seller.country,
  email: seller.email,
  categoryCode: seller.categoryCode,
  bankAccount: maskAccount(seller.bankAccount),
  payoutsBlocked: seller.payoutsBlocked,
  createdAt: seller.createdAt,
});

export const viewBuyer = ({ id, marketplace, name, country, email, createdAt }: Buyer) => ({
  id,
  marketplace,
  name,
  country,
  email,
  createdAt,
});

/** `checking`: what was asked of the network has no answer yet; it is being looked up, nobody should pay again. */
export const viewPayment = (payment: Payment) => ({
  id: payment.id,
  order: payment.order,
  instalment: payment.instalment,
  state: payment.state,
  amount: payment.amount,
  authorized: payment.authorized,
  /** What may still be captured, and refunded: no client calculates it. */
  capturable: holdsRest(payment) ? capturable(payment) : zero(payment.amount.currency),
  captured: payment.captured,
  captures: payment.captures.map((capture) => ({ ...capture, left: leftOf(capture) })),
  refunded: payment.refunded,
  refunding: payment.refunding,
  refundable: refundable(payment),
  capture: payment.capture,
  estimated: payment.estimated,
  expiresAt: payment.expiresAt,
  onExpiry: payment.onExpiry,
  checks: payment.checks,
  method: methodOf(payment),
  card: payment.card === null ? null : { brand: payment.card.brand, last4: payment.card.last4 },
  wallet: isByWallet(payment) ? viewWalletTerms(payment.wallet) : null,
  agreement: payment.credential?.agreement ?? null,
  initiatedBy: initiatedBy(payment),
  decline: payment.decline,
  exemption: payment.exemption,
  tries: payment.tries.map(({ code, class: kind, at }) => ({ code, class: kind, at })),
  authentication:
    payment.authentication === null
      ? null
      : {
          state: payment.authentication.state,
          liabilityShift: payment.authentication.liabilityShift,
          reason: payment.authentication.reason,
        },
  action: actionOf(payment),
  checking: payment.openOperation !== null,
  createdAt: payment.createdAt,
});

/** What the buyer's browser has to do next. */
function actionOf(payment: Payment) {
  if (isByWallet(payment) && payment.state === 'pending' && payment.wallet.payUrl !== null)
    return { kind: 'redirect', url: payment.wallet.payUrl };
  const challenge = payment.state === 'authenticating' ? payment.authentication?.challenge : null;
  return challenge ? { kind: 'challenge', ...challenge } : null;
}

/** What the buyer pays at home, at one rate with everything in it, and what part of that is our fee. */
const viewWalletTerms = ({ way, agreement, payTo, rate, paidBack, payUrl, ...wallet }: WalletTerms) => ({
  way,
  agreement,
  payTo,
  rate: rate?.allIn ?? null,
  fee: rate?.fee ?? null,
  quote: rate?.quote ?? null,
  paidBack,
  payUrl,
  customerId: wallet.customerId,
  paidAt: wallet.paidAt,
  cancelableUntil: wallet.cancelableUntil,
  canceling: wallet.canceling !== null,
});

const holdsRest = ({ state }: Payment): boolean => state === 'authorized' || state === 'part_captured';

export const viewOperation = (operation: Operation) => ({
  id: operation.id,
  payment: operation.payment,
  order: operation.order,
  kind: operation.kind,
  state: operation.state,
  reference: operation.reference,
  amount: operation.amount,
  networkId: operation.networkId,
  at: operation.sentAt,
  answeredAt: operation.answeredAt,
  answer: operation.answer,
  moved: operation.moved ?? null,
});

export const viewRefund = ({ id, payment, order, amount, state, capture, reason, createdAt }: Refund) => ({
  id,
  payment,
  order,
  amount,
  state,
  capture,
  reason,
  createdAt,
});

export const viewPayout = (payout: Payout, sellerName?: string) => ({
  id: payout.id,
  seller: { id: payout.seller, name: sellerName ?? null },
  amount: payout.amount,
  state: payout.state,
  bankAccount: maskAccount(payout.account),
  reference: payout.reference,
  file: payout.file,
  trace: payout.trace,
  returnReason: payout.returnReason,
  expectedOn: payout.expectedOn,
  createdAt: payout.createdAt,
});

export const viewPayoutRun = (run: PayoutRun) => ({
  id: run.id,
  marketplace: run.marketplace,
  name: run.name,
  state: run.state,
  sellersPlanned: run.sellersPlanned,
  sellersDone: run.sellersDone,
  payouts: run.payouts,
  total: run.total,
  startedAt: run.startedAt,
  endedAt: run.endedAt,
});

export const viewDebt = (debt: Debt, now: Instant) => ({
  id: debt.id,
  state: debt.state,
  marketplace: debt.marketplace,
  seller: debt.seller,
  because: debt.because,
  dispute: debt.dispute,
  order: debt.order,
  amount: debt.amount,
  left: leftOfDebt(debt),
  recovered: debt.recovered,
  provisioned: debt.provisioned,
  writtenOff: debt.writtenOff,
  recoveredLater: debt.recoveredLater,
  writeOff: debt.writeOff,
  since: debt.since,
  ageDays: ageDays(debt, debt.endedAt ?? now),
  endedAt: debt.endedAt,
});

export const viewLine = (line: BankLine) => ({
  id: line.id,
  state: line.state,
  direction: line.direction,
  amount: line.amount,
  bookedOn: line.bookedOn,
  text: line.text,
  counterparty: line.counterparty,
  bankReference: line.bankReference,
  endToEndId: line.endToEndId,
  explainedAs: line.explainedAs,
  subject: line.subject,
});

export const viewBreak = (row: Break) => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  subject: row.subject,
  amount: row.amount,
  reason: row.reason,
  owner: row.owner,
  openedAt: row.openedAt,
  closedAt: row.closedAt,
  closedBy: row.closedBy,
  closeReason: row.closeReason,
});
