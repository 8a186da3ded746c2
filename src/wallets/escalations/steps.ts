/** The jobs that a dispute of a wallet goes on by; each step puts its next one into the unit that makes it. */
import type { Instant } from '../../base/clock.ts';
import { deadline, type NewJob } from '../../journal/index.ts';
import type { WalletDispute } from './wallet-dispute.ts';

/** Nobody has answered until `respondBy`. */
export const RESPOND_JOB = 'wallet_disputes.respond_by';
/** Hands it to the acquirer. */
export const RELAY_JOB = 'wallet_disputes.relay';
/** Tells the wallet where it stands. */
export const TELL_JOB = 'wallet_disputes.tell';
/** Gives back what an acquirer accepted. */
export const REFUND_JOB = 'wallet_disputes.refund';
/** Of orders: the case is brought to where the dispute stands, and the order gives back what was accepted (src/disputes). */
export const CASE_JOB = 'disputes.wallet_word';
export const CASE_REFUND_JOB = 'disputes.wallet_refund';

/** To whoever was paid. */
export const handingOn = ({ id, home }: WalletDispute, at: Instant): NewJob =>
  deadline(home.kind === 'hub' ? RELAY_JOB : CASE_JOB, id, at);

/** After an answer, and after its refund. */
export function tellingAll({ id, home }: WalletDispute, at: Instant): readonly NewJob[] {
  const told = deadline(TELL_JOB, id, at);
  return home.kind === 'hub' ? [told] : [told, deadline(CASE_JOB, id, at)];
}

export const givingBack = ({ id, home }: WalletDispute, at: Instant): NewJob =>
  deadline(home.kind === 'hub' ? REFUND_JOB : CASE_REFUND_JOB, id, at);
