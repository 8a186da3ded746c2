/**
 * A person begins a payment with a wallet: by a printed code of a shop with the amount typed, by an acquirer's own code that it
 * has read for us, or by a national code that is pushed on. Opened and offered in one unit; the wallet is not called, for it is the
 * one that asks. The request id, the acquirer's or ours, is the acquirer's name of the payment from then on.
 */
import type { Instant } from '../base/clock.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, commandKey, type Decision, merge } from '../journal/index.ts';
import { findParticipant } from '../parties/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import { ensureShop, type OpenForPerson } from './hub-codes/index.ts';
import type { HubPayment } from './hub-payment.ts';
import { offeredPayment, openedPayment, opening } from './open-payment.ts';
import { orWithout, type RouteWish, routePayment } from './route-payment.ts';
import { findHubPayment, loadHubPayment } from './store.ts';
import { acquirerOf, ratesNow, settlementCurrencyOf } from './take-payment.ts';

/** Checks: acquirer, settlement currency, expiry; then those of the wallet (route-payment.ts). */
export async function openForPerson(deps: HubDeps, input: OpenForPerson): Promise<Result<HubPayment, HubRefusal>> {
  const command = commandOf(input);
  const rates = await ratesNow(deps);
  const opened = await orWithout((withDiscounts) =>
    deps.journal.run(command, () => decide(deps, input, { rates, withDiscounts })),
  );
  if (!opened.ok) return opened;
  const { value } = opened;
  const { id } = (value.kind === 'committed' ? value.value : value.answer) as Pick<HubPayment, 'id'>;
  return ok((await loadHubPayment(deps.journal.db, id)) as HubPayment);
}

/** Owned by the acquirer's request id, or by the wallet's name of the scan: that stands for one payment with whomever. */
function commandOf({
  acquirer,
  wallet,
  requestId,
  userRequestId,
  amount,
  shop,
  customerId,
}: OpenForPerson): CommandKey {
  const fields = { acquirer: acquirer.id, wallet: wallet.id, customerId, amount, merchant: shop.merchantId };
  return userRequestId === null
    ? commandKey(acquirer.id, `pay ${requestId}`, 'hub_open', fields)
    : commandKey(wallet.id, `scan ${userRequestId}`, 'hub_open', fields);
}

async function decide(
  deps: HubDeps,
  input: OpenForPerson,
  terms: Pick<RouteWish, 'rates' | 'withDiscounts'>,
): Promise<Result<Decision<Pick<HubPayment, 'id'>>, HubRefusal>> {
  const { db } = deps.journal;
  const at = deps.clock.now();
  const open = await openedBy(deps, input, at);
  if (!open.ok) return open;
  const { customerId, acquirer, shop } = input;
  const wallet = await findParticipant(db, input.wallet.id);
  const route = await routePayment(deps, { payment: open.value, wallet, customerId, at, ...terms });
  if (!route.ok) return route;
  const payment = offeredPayment(open.value, route.value, customerId);
  const known = await ensureShop(db, { acquirer, facts: shop }, at);
  const answer = { id: payment.id };
  return ok({ unit: { at, ...merge(opening(payment, at), route.value.part, known.part), answer }, value: answer });
}

async function openedBy(deps: HubDeps, input: OpenForPerson, at: Instant): Promise<Result<HubPayment, HubRefusal>> {
  const { db } = deps.journal;
  const role = acquirerOf(await findParticipant(db, input.acquirer.id));
  if (!role.ok) return role;
  const settlementCurrency = settlementCurrencyOf(role.value, input.settlementCurrency);
  if (!settlementCurrency.ok) return settlementCurrency;
  const { shop, orderReference, description, amount, notifyUrl, scenario, expiresAt, requestId, code, push } = input;
  if (expiresAt <= at) return refuse('payment_expired', 'its time has passed');
  const name = { acquirer: input.acquirer.id, requestId };
  if ((await findHubPayment(db, name)) !== null)
    return refuse('request_id_taken', 'another payment has this paymentRequestId');
  const facts = { shop, orderReference, description, amount, notifyUrl, scenario, expiresAt, redirectUrl: null };
  const opened = openedPayment({ ...name, ...facts, settlementCurrency: settlementCurrency.value }, at);
  return ok({ ...opened, code, push: push === null ? null : { code: push, state: 'waiting', at: null } });
}
