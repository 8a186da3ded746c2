/** docs/generated/states.md: the MOVES table of every noun that has states, as a Mermaid state diagram. */
import {
  AMS_INSTRUCTION_MOVES,
  AMS_NOTIFICATION_MOVES,
  AMS_PAYMENT_MOVES,
  AMS_REQUEST_MOVES,
} from '../../src/ams/index.ts';
import { LINK_MOVES } from '../../src/checkout/index.ts';
import { DEBT_MOVES } from '../../src/debts/index.ts';
import { CASE_MOVES } from '../../src/disputes/index.ts';
import { DEAL_MOVES, QUOTE_MOVES } from '../../src/fx/index.ts';
import { PARTICIPANT_MOVES } from '../../src/parties/index.ts';
import {
  AGREEMENT_MOVES,
  OPERATION_MOVES,
  PAYMENT_MOVES,
  REFUND_MOVES,
  WALLET_AGREEMENT_MOVES,
} from '../../src/payments/index.ts';
import {
  BALANCE_TRANSFER_MOVES,
  CONVERSION_MOVES,
  PAYOUT_FILE_MOVES,
  PAYOUT_MOVES,
  PAYOUT_RUN_MOVES,
} from '../../src/payouts/index.ts';
import { CAMPAIGN_MOVES, FUND_RETURN_MOVES, VOUCHER_MOVES } from '../../src/promotions/index.ts';
import { ORDER_MOVES } from '../../src/protection/index.ts';
import { BANK_LINE_MOVES, BREAK_MOVES, SETTLEMENT_MOVES } from '../../src/reconciliation/index.ts';
import { ATTACHMENT_MOVES, REGISTRATION_MOVES } from '../../src/registrations/index.ts';
import {
  CLEARING_BATCH_MOVES,
  CLEARING_CYCLE_MOVES,
  HUB_CODE_MOVES,
  HUB_NOTIFICATION_MOVES,
  HUB_PAYMENT_MOVES,
  HUB_REFUND_MOVES,
  WALLET_DISPUTE_MOVES,
} from '../../src/wallets/index.ts';
import { code, page } from './page.ts';

export type Moves = Readonly<Record<string, readonly string[]>>;

export interface Machine {
  readonly title: string;
  /** The table of the database that repeats the states as a check. */
  readonly table: string;
  readonly file: string;
  readonly moves: Moves;
  /** Where rows begin, when some move leads back there. */
  readonly begins?: readonly string[];
}

export const MACHINES: readonly Machine[] = [
  {
    title: 'Order',
    table: 'orders',
    file: 'src/protection/order.ts',
    moves: ORDER_MOVES,
    begins: ['awaiting_payment'],
  },
  {
    title: 'Checkout link',
    table: 'checkout_links',
    file: 'src/checkout/link.ts',
    moves: LINK_MOVES,
  },
  { title: 'AMS payment', table: 'ams_payments', file: 'src/ams/rows.ts', moves: AMS_PAYMENT_MOVES },
  { title: 'AMS request', table: 'ams_requests', file: 'src/ams/rows.ts', moves: AMS_REQUEST_MOVES },
  { title: 'AMS instruction', table: 'ams_instructions', file: 'src/ams/instruction.ts', moves: AMS_INSTRUCTION_MOVES },
  {
    title: 'AMS notification',
    table: 'ams_notifications',
    file: 'src/ams/notification.ts',
    moves: AMS_NOTIFICATION_MOVES,
  },
  {
    title: 'Payment',
    table: 'payments',
    file: 'src/payments/payment.ts',
    moves: PAYMENT_MOVES,
    begins: ['authenticating', 'pending'],
  },
  { title: 'Refund', table: 'refunds', file: 'src/payments/payment.ts', moves: REFUND_MOVES },
  { title: 'Operation', table: 'operations', file: 'src/payments/operation.ts', moves: OPERATION_MOVES },
  { title: 'Agreement', table: 'agreements', file: 'src/payments/agreement.ts', moves: AGREEMENT_MOVES },
  {
    title: 'Payment through the hub',
    table: 'hub_payments',
    file: 'src/wallets/hub-payment.ts',
    moves: HUB_PAYMENT_MOVES,
    begins: ['waiting', 'in_process'],
  },
  {
    title: 'Refund through the hub',
    table: 'hub_refunds',
    file: 'src/wallets/hub-payment.ts',
    moves: HUB_REFUND_MOVES,
  },
  {
    title: 'Code of the hub',
    table: 'hub_codes',
    file: 'src/wallets/hub-payment.ts',
    moves: HUB_CODE_MOVES,
    begins: ['printed', 'live'],
  },
  {
    title: 'Notification of an acquirer',
    table: 'hub_notifications',
    file: 'src/wallets/hub-notification.ts',
    moves: HUB_NOTIFICATION_MOVES,
  },
  {
    title: 'Question or claim of a wallet',
    table: 'wallet_disputes',
    file: 'src/wallets/escalations/wallet-dispute.ts',
    moves: WALLET_DISPUTE_MOVES,
  },
  {
    title: 'Wallet agreement',
    table: 'wallet_agreements',
    file: 'src/payments/wallet-agreement.ts',
    moves: WALLET_AGREEMENT_MOVES,
  },
  { title: 'Payout', table: 'payouts', file: 'src/payouts/payout.ts', moves: PAYOUT_MOVES },
  { title: 'Payout run', table: 'payout_runs', file: 'src/payouts/payout-run.ts', moves: PAYOUT_RUN_MOVES },
  { title: 'Payout file', table: 'payout_files', file: 'src/payouts/payout.ts', moves: PAYOUT_FILE_MOVES },
  { title: 'Dispute', table: 'disputes', file: 'src/disputes/case.ts', moves: CASE_MOVES },
  { title: 'Debt', table: 'debts', file: 'src/debts/debt.ts', moves: DEBT_MOVES },
  {
    title: 'Participant',
    table: 'participants',
    file: 'src/parties/participant.ts',
    moves: PARTICIPANT_MOVES,
    begins: ['active'],
  },
  { title: 'Quote', table: 'fx_quotes', file: 'src/fx/quote.ts', moves: QUOTE_MOVES },
  { title: 'Conversion', table: 'conversions', file: 'src/payouts/conversion.ts', moves: CONVERSION_MOVES },
  {
    title: 'Transfer between balances',
    table: 'balance_transfers',
    file: 'src/payouts/balance-transfer.ts',
    moves: BALANCE_TRANSFER_MOVES,
  },
  {
    title: 'Registration',
    table: 'registrations',
    file: 'src/registrations/registration.ts',
    moves: REGISTRATION_MOVES,
  },
  { title: 'Attachment', table: 'attachments', file: 'src/registrations/attachment.ts', moves: ATTACHMENT_MOVES },
  { title: 'Treasury deal', table: 'fx_deals', file: 'src/fx/deal.ts', moves: DEAL_MOVES },
  { title: 'Campaign', table: 'campaigns', file: 'src/promotions/campaign.ts', moves: CAMPAIGN_MOVES },
  { title: 'Voucher', table: 'vouchers', file: 'src/promotions/voucher.ts', moves: VOUCHER_MOVES },
  {
    title: 'Return of a fund',
    table: 'fund_returns',
    file: 'src/promotions/campaign.ts',
    moves: FUND_RETURN_MOVES,
  },
  {
    title: 'Clearing cycle',
    table: 'clearing_cycles',
    file: 'src/wallets/clearing/cycle.ts',
    moves: CLEARING_CYCLE_MOVES,
  },
  {
    title: 'Clearing batch',
    table: 'clearing_batches',
    file: 'src/wallets/clearing/batch.ts',
    moves: CLEARING_BATCH_MOVES,
  },
  { title: 'Settlement', table: 'settlements', file: 'src/reconciliation/rows.ts', moves: SETTLEMENT_MOVES },
  { title: 'Bank line', table: 'bank_lines', file: 'src/reconciliation/rows.ts', moves: BANK_LINE_MOVES },
  { title: 'Break', table: 'breaks', file: 'src/reconciliation/rows.ts', moves: BREAK_MOVES },
];

export function statesPage(): string {
  const sections = MACHINES.map(
    ({ title, table, file, moves, begins = [firstState(moves)] }) =>
      `## ${title}\n\n${code(file)}, table ${code(table)}.\n\n${diagram(moves, begins)}`,
  );
  const reading =
    'Every arrow is a legal move; what is not drawn is refused. A state without an arrow out of it is final.';
  return page('States', 'the MOVES tables', reading, ...sections);
}

/** The state that no move leads to: where every row begins. Throws unless there is exactly one. */
export function firstState(moves: Moves): string {
  const reached = new Set(Object.values(moves).flat());
  const [first, ...others] = Object.keys(moves).filter((state) => !reached.has(state));
  if (first === undefined || others.length > 0)
    throw new Error(`one first state expected, found ${[first, ...others]}`);
  return first;
}

function diagram(moves: Moves, begins: readonly string[]): string {
  const arrows = Object.entries(moves).flatMap(([state, next]) =>
    next.length === 0 ? [`${state} --> [*]`] : next.map((to) => `${state} --> ${to}`),
  );
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...begins.map((state) => `  [*] --> ${state}`),
    ...arrows.map((arrow) => `  ${arrow}`),
    '```',
  ].join('\n');
}
