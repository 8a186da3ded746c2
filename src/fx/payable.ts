/** What can be paid: rupiah in whole hundreds of their minor unit, as the wallets' networks have it; others to the minor unit. */
import type { Currency } from '../base/currency.ts';
import type { Money } from '../base/money.ts';

const STEPS: Readonly<Partial<Record<Currency, bigint>>> = { IDR: 100n };

/** Minor units that a payable amount is a multiple of. */
export const payableStep = (currency: Currency): bigint => STEPS[currency] ?? 1n;

export const isPayable = ({ amount, currency }: Money): boolean => amount % payableStep(currency) === 0n;
