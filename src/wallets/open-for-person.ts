/**
 * A person begins a payment with a wallet: by a printed code of a shop with the amount typed, by an acquirer's own code that it
 * has read for us, or by a national code that is pushed on. Opened and offered in one unit; the wallet is not called, for it is the
 * one that asks. Repeated under the same name, it is the same payment.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { commandKey, type Decision, EMPTY_PART, merge } from '../journal/index.ts';
import { loadParticipant, type Participant } from '../parties/index.ts';
import { mintReference } from '../payments/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import type { HubCode, HubPayment } from './hub-payment.ts';
import type { Person } from './offer-payment.ts';
import { offeredPayment, type Opening, openedPayment, opening, shopKept } from './open-payment.ts';
import { routePayment } from './route-payment.ts';
import { findHubPayment, loadHubPayment } from './store.ts';
import { acquirerOf, ratesNow, settlementCurrencyOf } from './take-payment.ts';

export interface OpenForPerson
  extends Pick<Opening, 'shop' | 'orderReference' | 'description' | 'amount' | 'notifyUrl' | 'expiresAt'> {
  readonly acquirer: Participant;
  readonly scenario: 'store_code' | 'private_code' | 'push_code';
  /** The acquirer's; null where a printed code began it: then it is ours. */
  readonly requestId: string | null;
  readonly settlementCurrency: Currency | null;
  /** A code of ours that this payment uses up; null for one that is good for many. */
  readonly code: HubCode | null;
  /** What makes the call repeatable: the wallet's own id of it, or the code's value where it stands for one order. */
  readonly repeat: string;
}

/** Checks: acquirer, settlement currency, expiry; then those of the wallet (route-payment.ts). */
export async function openForPerson(
  deps: HubDeps,
  person: Person,
  input: OpenForPerson,
): Promise<Result<HubPayment, HubRefusal>> {
  const { amount, shop, repeat } = input;
  const fields = { customer: person.customerId, amount, acquirer: input.acquirer.id, merchant: shop.merchantId };
  const command = commandKey(person.wallet.id, `open ${repeat}`, 'hub_open', fields);
  const kept = await deps.journal.findAnswer(command.client, command.key);
  const rates = kept === null ? await ratesNow(deps) : REPEATED;
  const opened = await deps.journal.run(command, async (): Promise<Result<Decision<{ id: HubPayment['id'] }>, HubRefusal>> => {
    if (kept !== null) return REPEATED;
    const at = deps.clock.now();
    const open = await openedBy(deps, input, at);
    if (!open.ok) return open;
    const wallet = await loadParticipant(deps.journal.db, person.wallet.id);
    const wish = { payment: open.value, wallet, customerId: person.customerId, rates, at };
    const route = await routePayment(deps, wish);
    if (!route.ok) return route;
    const payment = offeredPayment(open.value, route.value, person.customerId);
    const using = input.code === null ? EMPTY_PART : deps.codes.usingCode(input.code, payment.id);
    const shopPart = await shopKept(deps.journal.db, payment, at);
    const answer = { id: payment.id };
    return ok({ unit: { at, ...merge(opening(payment, at), route.value.part, using, shopPart), answer }, value: answer });
  });
  if (!opened.ok) return opened;
  const { id } = (opened.value.kind === 'committed' ? opened.value.value : opened.value.answer) as HubPayment;
  return ok((await loadHubPayment(deps.journal.db, id)) as HubPayment);
}

/** Only reached by a repeat, whose answer is found under its key. */
const REPEATED = refuse('rate_unavailable', 'this request is being worked on');

async function openedBy(deps: HubDeps, input: OpenForPerson, at: Instant): Promise<Result<HubPayment, HubRefusal>> {
  const { db } = deps.journal;
  const role = acquirerOf(await loadParticipant(db, input.acquirer.id));
  if (!role.ok) return role;
  const currency = settlementCurrencyOf(role.value, input.settlementCurrency);
  if (!currency.ok) return currency;
  const { shop, orderReference, description, amount, notifyUrl, scenario, expiresAt, requestId } = input;
  if (expiresAt !== null && expiresAt <= at) return refuse('payment_expired', 'its time has passed');
  const name = { acquirer: input.acquirer.id, requestId: requestId ?? mintReference(20) };
  if (requestId !== null && (await findHubPayment(db, name)) !== null)
    return refuse('request_id_taken', 'another payment has this paymentRequestId');
  const facts = { shop, orderReference, description, amount, notifyUrl, scenario, expiresAt };
  const code = input.code?.id ?? null;
  const opened = openedPayment({ ...name, ...facts, settlementCurrency: currency.value, redirectUrl: null }, at);
  return ok({ ...opened, code });
}
