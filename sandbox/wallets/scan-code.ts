/**
 * A person scans a shop's code: userInitiatedPay asks the hub what it is. A code with an amount becomes a payment that waits for the
 * PIN; one without asks for the amount first; a shop's web page is opened. The same code scanned again leads to the same payment.
 */

import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { uuidV7Hex } from '../../src/base/ids.ts';
import type { Money } from '../../src/base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import { amountPart, type Fields, fieldsOf, textOf } from '../base/message-fields.ts';
import { callHub } from './call-hub.ts';
import { lookAtCode } from './merchant-codes.ts';
import { readFacts } from './payment-facts.ts';
import { findByRequest, insertPayment, wasCanceledBefore } from './payment-rows.ts';
import type { AccountRow, PaymentRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export type Scanned =
  | { readonly kind: 'payment'; readonly payment: PaymentRow }
  | { readonly kind: 'askAmount'; readonly scanId: string }
  | { readonly kind: 'open'; readonly url: string };

export type ScanRefusal = Refusal<'bad_code' | 'refused' | 'no_answer'>;

export interface Scan {
  readonly code: string;
  /** Set when the code has no amount and the person has typed one. */
  readonly typed?: { readonly amount: Money; readonly userRequestId: string };
}

export async function scanCode(
  wallets: Wallets,
  wallet: Wallet,
  { account, scan }: { readonly account: AccountRow; readonly scan: Scan },
): Promise<Result<Scanned, ScanRefusal>> {
  const { code, typed } = scan;
  if (!wallet.modes.includes('merchantPresented'))
    return refuse('refused', `${wallet.name} does not scan codes of shops`);
  const seen = lookAtCode(code);
  if (!seen.ok) return seen;
  const body = {
    codeValue: code,
    customerId: account.customer_id,
    ...(typed === undefined ? {} : { paymentAmount: amountPart(typed.amount), userRequestId: typed.userRequestId }),
  };
  const answer = await callHub(wallets, wallet, { to: '/aps/api/v1/payments/userInitiatedPay', body });
  if (!answer.answered) return refuse('no_answer', answer.reason);
  if (answer.status !== 'S') return refuse('refused', `${answer.code}: ${answer.message}`);
  return understand(wallets, wallet, { account: account.account, code, body: answer.body });
}

interface Understood {
  readonly account: string;
  readonly code: string;
  readonly body: Fields;
}

function understand(wallets: Wallets, wallet: Wallet, scanned: Understood): Result<Scanned, ScanRefusal> {
  const { account, body } = scanned;
  const page = textOf(fieldsOf(body.actionForm).redirectUrl, 2_048);
  if (page !== null && /^https?:\/\//i.test(page)) return ok({ kind: 'open', url: page });
  if (body.paymentRequestId === undefined) return keepScan(wallets, wallet, scanned);
  const facts = readFacts(wallet, body);
  if (typeof facts === 'string') return refuse('refused', `the hub's answer cannot be paid: ${facts}`);
  if (facts.payTo.currency !== wallet.currency) return refuse('refused', `${wallet.name} pays in ${wallet.currency}`);
  const { walletId } = wallet;
  return wallets.store.transaction((): Result<Scanned, ScanRefusal> => {
    const known = findByRequest(wallets.store, walletId, facts.paymentRequestId);
    if (known !== null && known.account !== account)
      return refuse('refused', 'this code is being paid by somebody else');
    if (known !== null) return ok({ kind: 'payment', payment: known });
    // The hub may have given it up while its answer was on the way.
    if (wasCanceledBefore(wallets, walletId, facts)) return refuse('refused', 'the shop has canceled this payment');
    return ok({ kind: 'payment', payment: insertPayment(wallets, { walletId, facts, account, told: true }) });
  });
}

function keepScan(
  { store, time }: Wallets,
  { walletId }: Wallet,
  { account, code, body }: Understood,
): Result<Scanned, ScanRefusal> {
  if (!isCurrency(body.orderCurrency)) return refuse('refused', 'the hub did not say in what currency the shop sells');
  const scanId = uuidV7Hex();
  const content = JSON.stringify({ order: fieldsOf(body.order), orderCurrency: body.orderCurrency });
  const insert = 'insert into store_scan values (?, ?, ?, ?, ?, ?)';
  store.run(insert, scanId, walletId, account, code, content, time.nowMs());
  return ok({ kind: 'askAmount', scanId });
}

export interface KeptScan {
  readonly id: string;
  readonly code: string;
  readonly order: Fields;
  readonly orderCurrency: Currency;
}

export function keptScan(
  { store }: Wallets,
  { walletId }: Wallet,
  of: { account: string; id: string },
): KeptScan | null {
  const find = 'select id, code, content from store_scan where id = ? and wallet_id = ? and account = ?';
  const row = store.first<{ id: string; code: string; content: string }>(find, of.id, walletId, of.account);
  if (row === null) return null;
  return { id: row.id, code: row.code, ...(JSON.parse(row.content) as Pick<KeptScan, 'order' | 'orderCurrency'>) };
}
