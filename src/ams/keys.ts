/**
 * The journal keys of everything a request id sets going. Each step has its own, made of the row's id: whoever repeats a
 * request, however often, finds the step done, and two requests at once do it once. Ending a payment takes the key of the
 * step that would begin it, so that a cancel and a charge cannot both have happened.
 */
import type { Refusal } from '../base/result.ts';
import { type CommandKey, commandKey } from '../journal/index.ts';
import type { AmsPayment, AmsRequest } from './rows.ts';

const CHARGE = 'charge';
const LINK = 'link';

export const linkKey = ({ id, order, instalment }: AmsPayment): CommandKey =>
  commandKey(id, LINK, 'create_checkout_link', { order, instalment });

/** Under which the payment of a code begins, whoever scans it. */
export const scanKey = ({ id }: AmsPayment): CommandKey => commandKey(id, CHARGE, 'pay_by_scan', {});

/** Name of the key under which a payment begins. */
export const beginsUnder = ({ way }: AmsPayment): string => (way === 'hosted' ? LINK : CHARGE);

/** Instead of beginning. */
export const endInsteadKey = (payment: AmsPayment): CommandKey =>
  commandKey(payment.id, beginsUnder(payment), 'end_ams_payment', {});

/** What is asked of the network for a capture, a refund or a cancel. */
export const askKey = ({ id, kind, payment, amount }: AmsRequest): CommandKey =>
  commandKey(id, 'ask', kind, { payment, amount });

/** Why a payment fails whose page or code has ended. */
export const LINK_ENDED: Refusal = { code: 'link_ended', detail: 'nobody paid before the payment expired' };
