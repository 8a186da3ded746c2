/**
 * What the bank's books do to payouts: it debits us for a file, or credits an entry back. Reconciliation finds the line and
 * commits these parts together with the line's explanation.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Seller, sellers } from '../parties/index.ts';
import { movePayout, movePayoutFile, type Payout, type PayoutFile, payoutFiles, payouts } from './payout.ts';

/** The bank booked the whole file as one debit. */
export const fileBooked = (file: PayoutFile, entries: readonly Payout[], bank: Id<'bnk'>): UnitPart => {
  const underway = entries.filter(({ state }) => state === 'filed');
  return part({
    events: [
      event('payout_file.matched', file.id, { file: file.id, bank, amount: file.total }),
      ...underway.map((payout) => event('payout.paid', payout.id, { file: file.id })),
    ],
    writes: [
      update(payoutFiles, file, movePayoutFile(file, 'matched')),
      ...underway.map((payout) => update(payouts, payout, movePayout(payout, 'paid'))),
    ],
  });
};

/** The receiving bank says why it sends an entry back; the money follows as a line. The seller's payouts stop at once. */
export const returnReported = (
  payout: Payout,
  seller: Seller,
  reason: { code: string; text: string },
  at: Instant,
): UnitPart => {
  const blocked = seller.payoutsBlocked === null;
  return part({
    events: [
      event('payout.return_reported', payout.id, { reason: reason.code, text: reason.text }),
      ...(blocked ? [event('seller.payouts_blocked', seller.id, { payout: payout.id, reason: reason.code })] : []),
    ],
    writes: [
      update(payouts, payout, { returnReason: reason }),
      ...(blocked
        ? [update(sellers, seller, { payoutsBlocked: { since: at, reason: `${reason.code} ${reason.text}` } })]
        : []),
    ],
  });
};

/** The money of a returned entry is back: the seller has it again. */
export const entryReturned = (payout: Payout, bank: Id<'bnk'>, amount: Money, reason: string): UnitPart =>
  part({
    events: [
      event('payout.returned', payout.id, {
        payout: payout.id,
        seller: payout.seller,
        marketplace: payout.marketplace,
        bank,
        amount,
        reason,
      }),
    ],
    writes: [update(payouts, payout, movePayout(payout, 'returned'))],
  });
