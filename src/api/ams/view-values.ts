/** Amounts and times as AMS writes them. */
import type { Instant } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';

export const amountOf = ({ amount, currency }: Money) => ({ currency, value: amount.toString() });

/** ISO 8601 to the second, as the documentation samples it. */
export const timeOf = (at: Instant): string => `${at.slice(0, 19)}Z`;

/** A code to scan: what is drawn, and until when it leads somewhere. */
export const viewOrderCode = ({ value, expiresAt }: { readonly value: string; readonly expiresAt: Instant }) => ({
  expireTime: timeOf(expiresAt),
  codeDetails: [{ codeValueType: 'QRCODE', codeValue: value, displayType: 'TEXT' }],
});
