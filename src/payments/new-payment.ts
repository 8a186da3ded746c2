/** What every payment is before anything was asked of a network, whichever way it is paid. */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Payment } from './payment.ts';
import type { Payable } from './ports.ts';
import { nothingYet } from './settle-operation.ts';

export interface NewPayment {
  readonly id: Id<'pay'>;
  readonly at: Instant;
  readonly input: { readonly marketplace: Id<'mkt'>; readonly order: Id<'ord'>; readonly instalment: number };
  readonly payable: Payable;
  /** At least one; the first is asked first. */
  readonly routes: readonly [Id<'net'>, ...Id<'net'>[]];
}

/** Pending, captured at once, of a fixed amount, with nothing known of card or wallet: what pays it says the rest. */
export const newPayment = ({ id, at, input, payable, routes }: NewPayment): Payment => ({
  id,
  version: 0,
  state: 'pending',
  marketplace: input.marketplace,
  order: input.order,
  seller: payable.seller,
  instalment: input.instalment,
  network: routes[0],
  routes,
  tries: [],
  amount: payable.amount,
  ...nothingYet(payable),
  capture: 'automatic',
  estimated: false,
  onExpiry: 'release',
  expiresAt: null,
  expiryJob: null,
  reauthorizations: 0,
  checks: null,
  rules: { unavailable: payable.rules.authenticate.unavailable, mismatch: payable.rules.mismatch },
  exemption: null,
  authentication: null,
  card: null,
  credential: null,
  schemeTransactionId: null,
  billingAddress: null,
  networkPaymentId: null,
  openOperation: null,
  decline: null,
  createdAt: at,
});
