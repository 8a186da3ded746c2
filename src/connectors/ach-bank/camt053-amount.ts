/** Amounts and days of ISO 20022 cash management messages, exact or refused. */
import { type Day, dayOf, parseInstant } from '../../base/clock.ts';
import { isCurrency } from '../../base/currency.ts';
import { fromDecimal, type Money, money } from '../../base/money.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { child, textAt, type XmlNode } from './xml.ts';

/** Without sign; thirteen whole digits keep every currency's minor units within 64 bits. */
const DECIMAL = /^\d{1,13}(\.\d*)?$/;

/** Amt with its sign from CdtDbtInd; ISO 20022 amounts themselves have none. @throws MalformedFile */
export function signedAmount(element: XmlNode | undefined, where: string): Money {
  const amount = unsignedAmount(child(element, 'Amt'), where);
  const direction = textAt(element, 'CdtDbtInd');
  if (direction !== 'CRDT' && direction !== 'DBIT') return refuse(where, 'CdtDbtInd');
  return direction === 'CRDT' ? amount : money(-amount.amount, amount.currency);
}

/** The amount of an `Amt` element with its Ccy attribute. @throws MalformedFile */
export function unsignedAmount(amt: XmlNode | undefined, where: string): Money {
  const currency = amt?.['@Ccy'];
  const written = textAt(amt) ?? '';
  const amount = isCurrency(currency) && DECIMAL.test(written) ? fromDecimal(written, currency) : null;
  if (amount === null)
    throw new MalformedFile(`${where}: "${written}" is not an exact amount in "${String(currency)}"`);
  return amount;
}

/** Dt or the day part of DtTm, as the bank wrote it; undefined when the element is absent. @throws MalformedFile */
export function dayAt(element: XmlNode | undefined, where: string): Day | undefined {
  const written = textAt(element, 'Dt') ?? textAt(element, 'DtTm');
  if (written === undefined) return undefined;
  const midnight = parseInstant(`${written.slice(0, 10)}T00:00:00Z`);
  if (midnight === null) throw new MalformedFile(`${where}: "${written}" is not a day`);
  return dayOf(midnight);
}

/** The element a statement cannot do without is missing. */
export function refuse(where: string, element: string): never {
  throw new MalformedFile(`${where}: ${element} is missing`);
}
