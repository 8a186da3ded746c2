/**
 * inquireBalance, createTransfer and createPayout: the balances of a marketplace and its sellers, what moves between them, and
 * what leaves for a seller's bank account. A party is named as the client names it in `paymentMethodId`; without one it is
 * the marketplace itself.
 */
import { type AmsInstruction, instruct, type Said, sellerNamed, type Wish } from '../../ams/index.ts';
import { isCurrency } from '../../base/currency.ts';
import { add, type Money, zero } from '../../base/money.ts';
import type { Refusal } from '../../base/result.ts';
import { listAccounts } from '../../ledger/index.ts';
import { type BalanceOwner, findBalanceTransfer, findPayout, type Payout } from '../../payouts/index.ts';
import { sellerBalances } from '../../reporting/index.ts';
import type { App } from '../app.ts';
import { type Answer, type Call, refused } from './call.ts';
import { type AmsResult, resultOf, SUCCESS } from './results.ts';
import { IN_PROCESS, instructionResult } from './settle.ts';
import { amountOf } from './views.ts';
import { inTime } from './within-time.ts';

/** What is free, and what is there and bound: held in orders, kept back, frozen or at risk by disputes, owed. */
export async function inquireBalance({ app, client, fields }: Call): Promise<Answer> {
  const name = fields.text('referenceMerchantId', 64);
  if (fields.wrong !== null) return refused(fields.wrong);
  if (name === null) return { result: SUCCESS, accountBalances: await ownBalances(app, client.marketplace) };
  const seller = await sellerNamed(app.journal.db, client, name);
  if (seller === null) return refused(NO_SELLER);
  const balances = await sellerBalances(app.journal.db, seller.id);
  return {
    result: SUCCESS,
    accountBalances: balances.map(({ payable, available, held, reserve, frozen }) =>
      viewBalance(payable, [held, reserve, frozen, available].reduce(add), payable),
    ),
  };
}

const NO_SELLER: Refusal = { code: 'unknown_merchant', detail: 'no such seller', pointer: '/referenceMerchantId' };

/** `whole` less what is free is bound. */
const viewBalance = (free: Money, whole: Money, available: Money) => ({
  currency: free.currency,
  availableBalance: amountOf(available),
  frozenBalance: amountOf({ ...whole, amount: whole.amount - free.amount }),
  totalBalance: amountOf(whole),
});

async function ownBalances({ journal }: App, marketplace: string) {
  const accounts = await listAccounts(journal.db, { name: 'marketplace', owner: marketplace });
  const balances = accounts.map(({ balance }) => balance);
  const all = balances.some(({ currency }) => currency === 'USD') ? balances : [zero('USD'), ...balances];
  return all.map((balance) => viewBalance(balance, balance, balance));
}

export const createTransfer = (call: Call): Promise<Answer> => moveFunds(call, 'transfer');
export const createPayout = (call: Call): Promise<Answer> => moveFunds(call, 'payout');

async function moveFunds(call: Call, kind: 'transfer' | 'payout'): Promise<Answer> {
  const { app, client, fields } = call;
  const requestId = fields.needText('transferRequestId', 64);
  const asked = readFunds(call, kind);
  const notifyUrl = fields.address('transferToDetail.transferNotifyUrl');
  if (fields.wrong !== null) return refused(fields.wrong);
  const wish = await wishOf(call, kind, asked);
  if ('code' in wish) return refused(wish);
  const moved = await inTime(call, instruct(app.ams, { client, requestId, wish, notifyUrl }));
  if (moved === null) return { result: IN_PROCESS, transferRequestId: requestId };
  if (!moved.ok) return refused(moved.error);
  const { result, ...view } = await viewFunds(app, moved.value);
  return { result, ...view };
}

interface Funds extends Said {
  readonly amount: Money;
  readonly currency: string;
}

function readFunds({ fields }: Call, kind: 'transfer' | 'payout'): Funds {
  const method = (path: string, type: string): string | null => {
    if (fields.needText(`${path}.paymentMethodType`, 64) !== type)
      fields.reject(`${path}.paymentMethodType`, `must be ${type}`);
    return fields.text(`${path}.paymentMethodId`, 128);
  };
  const fromName = method('transferFromDetail.transferFromMethod', 'BALANCE_ACCOUNT');
  const amount = fields.needAmount('transferFromDetail.transferFromAmount');
  const to = kind === 'transfer' ? 'BALANCE_ACCOUNT' : 'SETTLEMENT_CARD';
  const toName = method('transferToDetail.transferToMethod', to);
  const currency = fields.needText('transferToDetail.transferToCurrency', 3);
  const purposeCode = fields.needText('transferToDetail.purposeCode', 3);
  const remark = fields.text('transferToDetail.transferRemark', 1024);
  if (amount.amount <= 0n) fields.reject('transferFromDetail.transferFromAmount.value', 'must be above zero');
  return { amount, currency, fromName, toName, purposeCode, remark };
}

async function wishOf(call: Call, kind: 'transfer' | 'payout', funds: Funds): Promise<Wish | Refusal> {
  const { currency, amount, ...said } = funds;
  const at = '/transferToDetail/transferToCurrency';
  if (!isCurrency(currency)) return { code: 'unknown_currency', detail: 'no such currency', pointer: at };
  const from = await ownerNamed(call, funds.fromName, '/transferFromDetail/transferFromMethod/paymentMethodId');
  if (typeof from !== 'string') return from;
  if (kind === 'transfer') {
    const to = await ownerNamed(call, funds.toName, '/transferToDetail/transferToMethod/paymentMethodId');
    return typeof to === 'string' ? { kind, from, to, amount, currency, ...said } : to;
  }
  if (currency !== amount.currency)
    return {
      code: 'no_rail',
      detail: 'it is paid out in its own currency; transfer it into another first',
      pointer: at,
    };
  const { marketplace } = call.client;
  if (from === marketplace)
    return { code: 'no_settlement_card', detail: 'the marketplace itself has no bank account bound here' };
  return { kind, seller: from as Exclude<BalanceOwner, typeof marketplace>, amount, ...said };
}

async function ownerNamed(
  { app, client }: Call,
  name: string | null,
  pointer: string,
): Promise<BalanceOwner | Refusal> {
  if (name === null) return client.marketplace;
  const seller = await sellerNamed(app.journal.db, client, name);
  return seller?.id ?? { code: 'unknown_merchant', detail: 'no such seller', pointer };
}

/** A transfer or payout as it stands, for its answer and its notification. */
export async function viewFunds(app: App, row: AmsInstruction): Promise<Answer> {
  const { wish, subject } = row;
  if (wish.kind !== 'transfer' && wish.kind !== 'payout') throw new Error(`${row.id} moves no funds`);
  const { amount, fromName, toName, purposeCode, remark } = wish;
  const { db } = app.journal;
  const payout = wish.kind === 'payout' && subject !== null ? await findPayout(db, subject as Payout['id']) : null;
  const transfer =
    wish.kind === 'transfer' && subject !== null
      ? await findBalanceTransfer(db, subject as `trf_${string}` as never)
      : null;
  const arrived = transfer?.got ?? (payout?.state === 'paid' ? payout.amount : null);
  const method = (type: string, name: string | null) => ({
    paymentMethodType: type,
    ...(name === null ? {} : { paymentMethodId: name }),
  });
  return {
    result: payout === null ? instructionResult(row) : payoutResult(payout),
    transferRequestId: row.requestId,
    transferId: row.id,
    transferFromDetail: {
      transferFromMethod: method('BALANCE_ACCOUNT', fromName),
      transferFromAmount: amountOf(amount),
    },
    transferToDetail: {
      transferToMethod: method(wish.kind === 'transfer' ? 'BALANCE_ACCOUNT' : 'SETTLEMENT_CARD', toName),
      transferToCurrency: wish.kind === 'transfer' ? wish.currency : amount.currency,
      purposeCode,
      ...(arrived === null ? {} : { actualTransferToAmount: amountOf(arrived) }),
      ...(remark === null ? {} : { transferRemark: remark }),
    },
  };
}

/** A bank has the last word, so it stays in process until it is booked. */
function payoutResult({ state, returnReason }: Payout): AmsResult {
  if (state === 'paid') return SUCCESS;
  if (state === 'initiated' || state === 'awaiting_funds' || state === 'filed')
    return resultOf('PROCESSING', 'it is on its way to the bank');
  const why = returnReason === null ? '' : `: ${returnReason.code} ${returnReason.text}`;
  return resultOf('PROCESS_FAIL', `the payout was ${state}${why}`);
}
