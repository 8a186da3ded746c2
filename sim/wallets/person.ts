/** What people with wallets do in every life: they have an account, show a code, and say yes or no on the phone. */

import { RICH, type Wallet } from '../../stories/hub-parties.ts';
import { act } from '../acts.ts';
import type { Answer, Call, Life } from '../moves.ts';
import type { OnPhone } from '../phone.ts';
import type { WalletLifePlan } from './plan.ts';
import { PERSON } from './town.ts';

/** Whose phone it is: of a life whose wallet asks before it answers, somebody's of its own. */
export const accountOf = ({ way, number }: WalletLifePlan): string =>
  way === 'payment_code_pin' ? `life-${number}` : PERSON;

/** An account that is asked for every amount; none where everybody's does. */
export function enrolling(plan: WalletLifePlan, { slug }: Wallet): readonly Call[] {
  if (plan.way !== 'payment_code_pin') return [];
  const body = { walletId: slug, account: accountOf(plan), balance: RICH, pinAbove: '1' };
  return [act(plan, 'enroll', '/_sandbox/users', { as: 'wallets', body })];
}

/** A code of one minute; refused with `no_code` while the hub has none to give. */
export function showingCode(plan: WalletLifePlan, { slug }: Wallet): Call {
  const body = { walletId: slug, account: accountOf(plan) };
  return act(plan, 'show-code', '/_sandbox/payment-codes', { as: 'wallets', body });
}

export const isByCode = ({ way }: WalletLifePlan): boolean => way === 'payment_code' || way === 'payment_code_pin';

export const codeIn = ({ status, body }: Answer): string | null => (status < 300 ? String(body.code) : null);

/** The yes or no of the plan. `payment` is the wallet's, null where the phone has to look what it is asked. */
export function onPhone(plan: WalletLifePlan, { slug }: Wallet, payment: string | null): Call {
  const does = plan.ending === 'declined' ? 'decline' : 'confirm';
  const body: OnPhone = { wallet: slug, account: accountOf(plan), payment, does };
  const { network, fault } = plan.told;
  return {
    label: `order ${plan.number}: ${does} on the phone`,
    as: 'phone',
    method: 'POST',
    path: '',
    body: { ...body },
    network,
    fault,
  };
}

/** Sent once: what was asked of a person who is gone is not asked again. */
export function* once(call: Call): Life<Answer> {
  return (yield { calls: [call] })[0] as Answer;
}

/** The wallet's payment that a page of it asks about. */
export const paymentIn = (url: unknown): string | null =>
  typeof url === 'string' ? (new URL(url).pathname.split('/').at(-1) ?? null) : null;

/** The person has a say, and says something. */
export const speaks = ({ ending }: Pick<WalletLifePlan, 'ending'>): boolean =>
  ending !== 'expired' && ending !== 'given_up';

/** Nothing is paid by plan. */
export const staysUnpaid = (plan: Pick<WalletLifePlan, 'ending'>): boolean =>
  plan.ending === 'declined' || !speaks(plan);
