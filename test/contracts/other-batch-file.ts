/**
 * The other network's file of a day: fixed-width lines, written for its tests and read by its connector.
 *
 *     H 2026-06-01 B20260601  USD
 *     D S reference-------- id---------- amount--------- fee1----- fee2----- fee3-----
 *     T count- total-amounts--
 */
import type { Day } from '../../src/base/clock.ts';
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { add, fromDecimal, type Money, money, multiplyRatio, toDecimal, zero } from '../../src/base/money.ts';
import { MalformedFile, type SettlementBatch, type SettlementLine } from '../../src/connectors/ports/card-acquirer.ts';
import type { NetworkRecord } from './other-network.ts';

export function batchFile(day: Day, records: readonly NetworkRecord[]): string {
  const lines = records.map(({ kind, merchantReference, id, amount }) => {
    const fees = feesOf(amount).map((fee) => toDecimal(fee).padStart(9));
    return `D${kind === 'credit' ? 'R' : 'S'}${merchantReference.padEnd(15)}${id.padEnd(12)}${toDecimal(amount).padStart(15)}${fees.join('')}`;
  });
  const total = records.reduce(
    (sum, { kind, amount }) => sum + (kind === 'credit' ? -amount.amount : amount.amount),
    0n,
  );
  const trailer = `T${String(records.length).padStart(6)}${toDecimal(money(total, 'USD')).padStart(15)}`;
  return `${[`H${day}${`B${day.replaceAll('-', '')}`.padEnd(12)}USD`, ...lines, trailer].join('\n')}\n`;
}

/** Three fees of a clearing: 1.5 %, 0.13 % and ten cents. */
const feesOf = (amount: Money): readonly Money[] => [
  multiplyRatio(amount, 15n, 1_000n, 'half-up'),
  multiplyRatio(amount, 13n, 10_000n, 'half-up'),
  money(10n, amount.currency),
];

/** @throws MalformedFile naming the line, and when count or total of the trailer do not hold. */
export function readBatchFile(bytes: Uint8Array): SettlementBatch {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const [, day, batch, currency] = /^H(\d{4}-\d{2}-\d{2})(.{12})([A-Z]{3})$/.exec(lines[0] ?? '') ?? [];
  if (day === undefined || batch === undefined || !isCurrency(currency)) throw new MalformedFile('line 1: no header');
  const trailerAt = lines.findIndex((line) => line.startsWith('T'));
  const details = lines.slice(1, trailerAt).map((line, index) => readDetail(line, index + 2, currency));
  const [, count, total] = /^T(.{6})(.{15})$/.exec(lines[trailerAt] ?? '') ?? [];
  const sum = details.reduce(
    (soFar, { kind, amount }) => add(soFar, kind === 'sale' ? amount : money(-amount.amount, currency)),
    zero(currency),
  );
  if (Number(count) !== details.length)
    throw new MalformedFile(`trailer: ${count} lines, the file has ${details.length}`);
  if (total?.trim() !== toDecimal(sum))
    throw new MalformedFile(`trailer: total ${total}, lines sum to ${toDecimal(sum)}`);
  return { batch: batch.trim(), currency, day: day as Day, lines: details }; // by the pattern above
}

const DETAIL = /^D([SR])(.{15})(.{12})(.{15})(.{9})(.{9})(.{9})$/;

function readDetail(line: string, at: number, currency: Currency): SettlementLine {
  const [, kind, reference = '', networkId = '', ...written] = DETAIL.exec(line) ?? [];
  const [amount, interchange, schemeFee, processingFee] = written.map((text) => amountIn(text, at, currency));
  if (!kind || !amount || !interchange || !schemeFee || !processingFee)
    throw new MalformedFile(`line ${at}: no detail`);
  return {
    kind: kind === 'S' ? 'sale' : 'refund',
    reference: reference.trim(),
    networkId: networkId.trim(),
    amount,
    interchange,
    schemeFee,
    processingFee,
  };
}

function amountIn(text: string, at: number, currency: Currency): Money {
  const amount = fromDecimal(text, currency);
  if (amount === null) throw new MalformedFile(`line ${at}: "${text}" is not an amount`);
  return amount;
}
