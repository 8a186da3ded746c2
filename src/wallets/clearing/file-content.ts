/** What the files of a batch and of a settlement say; pure. Amounts are the batch's: of a refund, of what goes back, below zero. */
import { type Money, money, subtract, sum, zero } from '../../base/money.ts';
import { sideOf } from './assess-cycle.ts';
import type { ClearingBatch, ClearingPair } from './batch.ts';
import type { Cell, Section } from './csv.ts';
import { textEast8 } from './cycle.ts';
import type { Item } from './store.ts';

/** The participant's name of whoever is on the other side; of our own marketplaces, the one that wallets know. */
export type NameOf = (side: Item['wallet'] | Item['acquirer']) => string;

const ITEM_HEADER = [
  'transactionType',
  'transactionId',
  'originalTransactionId',
  'transactionRequestId',
  'originalTransactionRequestId',
  'transactionTime',
  'counterParticipantId',
  'merchantId',
  'merchantName',
  'merchantMCC',
  'referenceOrderId',
  'orderAmountValue',
  'orderAmountCurrency',
  'transactionAmountValue',
  'transactionAmountCurrency',
] as const;

/** Some items of a batch, in the order they come. */
export function itemSection({ role, net: { currency } }: ClearingBatch, items: readonly Item[], name: NameOf): Section {
  const line = ({ kind, at, wallet, acquirer, amount, facts }: Item): readonly Cell[] => {
    const [request, original] =
      role === 'wallet'
        ? [facts.walletRequest, facts.originalWalletRequest]
        : [facts.acquirerRequest, facts.originalAcquirerRequest];
    return [
      ...[kind === 'payment' ? 'PAYMENT' : 'REFUND', facts.id, facts.original ?? ''],
      ...[request, original ?? '', textEast8(at), name(role === 'wallet' ? acquirer : wallet)],
      ...[facts.merchantId, facts.merchantName, facts.categoryCode, facts.orderReference],
      ...[BigInt(facts.orderAmount), facts.orderCurrency, amount, currency],
    ];
  };
  const total = money(
    items.reduce((all, { amount }) => all + amount, 0n),
    currency,
  );
  return { total, header: ITEM_HEADER, lines: items.map(line) };
}

const FEE_HEADER = [
  'feeType',
  'counterParticipantId',
  'basisAmountValue',
  'basisAmountCurrency',
  'rateBasisPoints',
  'exchangeRate',
  'feeAmountValue',
  'feeAmountCurrency',
] as const;

/** Fees of the batch's pairs. Above zero comes off what is settled for the participant's payments; `ratesSource` says whose rates. */
export function feeSection(batch: ClearingBatch, pairs: readonly ClearingPair[], name: NameOf): Section {
  const lines = pairs
    .filter((pair) => sideOf(pair, batch.role).paid.currency === batch.net.currency)
    .flatMap((pair) => (batch.role === 'wallet' ? walletFees(pair, name) : acquirerFees(pair, name)));
  return { total: batch.fees, header: FEE_HEADER, lines };
}

type Line = readonly Cell[];

function walletFees(pair: ClearingPair, name: NameOf): readonly Line[] {
  const line = feeLine(name(pair.acquirer));
  const { interchangeBps, walletServiceBps } = pair.rules;
  const { settled, settledBack, paid, rate } = pair;
  const service = line('SERVICE_FEE', paid, walletServiceBps, null, negative(pair.walletFee));
  if (pair.acquirer === null) return [service];
  return [
    line('INTERCHANGE', settled, interchangeBps, rate, pair.interchangePaid),
    line('INTERCHANGE_RETURNED', settledBack, interchangeBps, rate, negative(pair.interchangeBack)),
    service,
  ];
}

function acquirerFees(pair: ClearingPair, name: NameOf): readonly Line[] {
  const line = feeLine(name(pair.wallet));
  const { interchangeBps, acquirerServiceBps } = pair.rules;
  return [
    line('INTERCHANGE', pair.settled, interchangeBps, null, pair.interchange),
    line('INTERCHANGE_RETURNED', pair.settledBack, interchangeBps, null, negative(pair.interchangeReturned)),
    line('SERVICE_FEE', pair.settled, acquirerServiceBps, null, pair.acquirerFee),
  ];
}

const feeLine =
  (other: string) =>
  (type: string, basis: Money, bps: number, rate: string | null, fee: Money): Line => [
    ...[type, other, basis.amount, basis.currency, bps],
    ...[rate ?? '', fee.amount, fee.currency],
  ];

/** The batch in four lines: what was paid, what went back, fees, and what is left in the summary's total. */
export function summarySection({ payments, refunds, paid, refunded, fees, net }: ClearingBatch): Section {
  const { currency } = net;
  return {
    total: net,
    header: ['itemType', 'itemCount', 'amountValue', 'amountCurrency'],
    lines: [
      ['PAYMENT', payments, paid.amount, currency],
      ['REFUND', refunds, -refunded.amount, currency],
      ['FEE', 1, -fees.amount, currency],
    ],
  };
}

/** As the participant sees it: above zero it gets, below zero it pays. */
export function settlementSection(batches: readonly ClearingBatch[], net: Money, dueOn: string): Section {
  const lines = batches.map((batch): Line => {
    const [gets, pays] = batch.role === 'acquirer' ? [batch.net, zero(net.currency)] : [zero(net.currency), batch.net];
    const { batchId, day, role, payments, refunds, paid, refunded, fees } = batch;
    return [
      ...[batchId, day, role.toUpperCase(), payments, refunds],
      ...[subtract(paid, refunded).amount, fees.amount, subtract(gets, pays).amount, net.currency, dueOn],
    ];
  });
  return { total: negative(net), header: SETTLEMENT_HEADER, lines };
}

const SETTLEMENT_HEADER = [
  'clearingBatchId',
  'clearingDate',
  'role',
  'paymentCount',
  'refundCount',
  'detailAmountValue',
  'feeAmountValue',
  'settlementAmountValue',
  'settlementCurrency',
  'settlementDate',
] as const;

const negative = ({ amount, currency }: Money): Money => money(-amount, currency);

/** Signed, towards us: what wallets owe less what acquirers get. */
export const netOf = (batches: readonly ClearingBatch[], currency: Money['currency']): Money =>
  sum(
    batches.map(({ role, net }) => (role === 'wallet' ? net : negative(net))),
    currency,
  );
