/** What orders paid by home wallets move. Part of postings.ts; read from top to bottom. */
import type { Id } from '../base/ids.ts';
import { type AccountRef, account, move, type Transfer } from './account.ts';
import type { WalletEventData } from './wallet-events.ts';

const receivable = (id: Id<'net'>): AccountRef => account('receivable', id);
const held = (id: Id<'ord'>): AccountRef => account('held', id);
const refund = (id: Id<'ref'>): AccountRef => account('refund', id);
const fxPosition = (): AccountRef => account('fx_position');
const fxMargin = (): AccountRef => account('fx_margin');

const nothing = (): readonly Transfer[] => [];

export const WALLET_POSTINGS = {
  'payment.wallet_waits': nothing,
  'payment.cancel_asked': nothing,
  // heldAmount + margin is what was received, at mid: the position stands at mid, the markup is ours.
  'payment.captured_converted': (e) => [
    ...move(e.received, { debit: receivable(e.network), credit: fxPosition() }),
    ...move(e.heldAmount, { debit: fxPosition(), credit: held(e.order) }),
    ...move(e.margin, { debit: fxPosition(), credit: fxMargin() }),
  ],
  // In no file of any network: as if it had not been paid.
  'payment.capture_reversed': (e) => move(e.reversed, { debit: held(e.order), credit: receivable(e.network) }),
  // The mirror of the capture.
  'payment.capture_reversed_converted': (e) => [
    ...move(e.reversed, { debit: held(e.order), credit: fxPosition() }),
    ...move(e.margin, { debit: fxMargin(), credit: fxPosition() }),
    ...move(e.paidBack, { debit: fxPosition(), credit: receivable(e.network) }),
  ],
  // Our markup goes back with it, or the position would lose it silently.
  'refund.confirmed_converted': (e) => [
    ...move(e.amount, { debit: refund(e.refund), credit: fxPosition() }),
    ...move(e.margin, { debit: fxMargin(), credit: fxPosition() }),
    ...move(e.paidBack, { debit: fxPosition(), credit: receivable(e.network) }),
  ],
  'order.payment_reversing': nothing,
  'order.payment_reversed': nothing,
  'order.payment_kept': nothing,

  'wallet_agreement.asked': nothing,
  'wallet_agreement.moved': nothing,
  'wallet_agreement.renewed': nothing,
} satisfies { [Type in keyof WalletEventData]: (e: WalletEventData[Type]) => readonly Transfer[] };
