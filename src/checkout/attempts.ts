/**
 * The attempts that were made through a link. The key of an attempt is the link with a number, minted once and kept by the
 * journal as every command's key is: whoever asks for attempt 1 again, from a second tab, after a double click or a lost
 * answer, gets what became of attempt 1. The next number is free only once the last attempt has ended without money.
 */
import type { Id } from '../base/ids.ts';
import { type CommandKey, commandKey, type Journal } from '../journal/index.ts';
import { findPayment, type Payment } from '../payments/index.ts';
import { type CheckoutLink, MOST_ATTEMPTS } from './link.ts';

export const attemptKey = (link: CheckoutLink, attempt: number): CommandKey =>
  commandKey(link.id, nameOf(attempt), 'pay_instalment', { order: link.order, instalment: link.instalment });

/** The payment of each attempt, in their order, as it stands now. */
export async function attemptsOf(journal: Journal, link: CheckoutLink): Promise<readonly Payment[]> {
  const names = Array.from({ length: MOST_ATTEMPTS }, (_, index) => nameOf(index + 1));
  const answers = await journal.findAnswers(link.id, names);
  const begun = names.flatMap((name) => {
    const kept = answers.get(name);
    return kept === undefined ? [] : [(kept.answer as { readonly id: Id<'pay'> }).id];
  });
  const payments = await Promise.all(begun.map((id) => findPayment(journal.db, id)));
  return payments.filter((payment) => payment !== null);
}

const nameOf = (attempt: number): string => `attempt ${attempt}`;
