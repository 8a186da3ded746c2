/**
 * Paying an instalment by card: decide (payment and operation recorded, the order knows) → the cardholder is asked, where the
 * rules want it → the acquirer authorizes or captures at once → settle. Calls happen outside any transaction; a crash in
 * between is resumed by inquiry.
 * Checks in this order: the token or agreement, then what the order says (exists, payable, this instalment due, none in
 * progress), then by what right the card is used (use-card.ts), then that an account takes it.
 */
import { addMs, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { BillingAddress } from '../connectors/ports/card-acquirer.ts';
import type { BrowserFacts } from '../connectors/ports/card-authentication.ts';
import type { CardFacts } from '../connectors/ports/card-vault.ts';
import { type CommandKey, type Decision, insert, merge, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { accountsFor, type CardRules, type Routed } from '../parties/index.ts';
import { settleAuthentication } from './authenticate-payment.ts';
import { ASKED } from './authentication.ts';
import { authenticationStep, type Step } from './card-rules.ts';
import { chargeCard, firstOperation } from './charge-card.ts';
import { cardOwnerOf } from './credential.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { newPayment } from './new-payment.ts';
import type { Operation } from './operation.ts';
import { cardOf, type Payment, payments } from './payment.ts';
import type { Payable } from './ports.ts';
import { startOperation } from './start-operation.ts';
import { declinesOfCard, findOperation, findPayment } from './store.ts';
import { type CardChoice, type CardUse, decideCardUse, describeCard, isUnattended, rulesFor } from './use-card.ts';

export type PayInstalment = CardChoice & PayTerms;

export interface PayTerms {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  readonly capture: 'automatic' | 'manual';
  /** The amount may still grow, as the buyer knows; only with manual capture. */
  readonly estimated?: boolean;
  readonly onExpiry?: Payment['onExpiry'];
  /** Where the cardholder can be asked; without it nobody is, and the issuer may decline for that. */
  readonly cardholder?: Cardholder;
  readonly billingAddress?: BillingAddress;
  /** Repeats of the command are answered from the rows by whoever asks: nothing waits under its key, and nothing is kept there. */
  readonly answeredFromRows?: true;
}

export interface Cardholder {
  readonly browser: BrowserFacts;
  readonly returnUrl: string;
}

/** The payment as far as it is known: final, or pending while the acquirer is being asked. */
export async function payInstalment(
  deps: PaymentDeps,
  command: CommandKey,
  input: PayInstalment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  const card = await describeCard(deps, command, input);
  if (!card.ok) return card;
  const estimate = checkEstimate(input);
  if (!estimate.ok) return estimate;
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () =>
      flight.track(await decide(deps, command, input, card.value)),
    );
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation, payable } = begun.value.value;
    const { seq } = begun.value;
    const { cardholder, billingAddress } = input;
    const start = { payment, operation, seq };
    if (operation.kind === 'authenticate') return askCardholder(deps, start, cardholder as Cardholder);
    const charged = await chargeCard(deps, flight, {
      ...start,
      facts: payable,
      owner: payable.asStarted,
      cardholder: cardholder !== undefined,
      billingAddress,
    });
    if (!charged.ok || charged.value.kind === 'repeated' || charged.value.value.state !== 'authenticating')
      return charged;
    const asked = charged.value.value;
    const question = (await findOperation(deps.journal.db, asked.openOperation as Id<'opn'>)) as Operation;
    return askCardholder(
      deps,
      { payment: asked, operation: question, seq: charged.value.seq },
      cardholder as Cardholder,
    );
  });
}

interface Question {
  readonly payment: Payment;
  readonly operation: Operation;
  readonly seq: bigint;
}

/** The issuer is asked who pays; a frictionless yes charges the card at once. */
async function askCardholder(
  deps: PaymentDeps,
  { payment, operation, seq }: Question,
  { browser, returnUrl }: Cardholder,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  const word = await deps.accounts.of(operation.network).authentication.authenticate({
    reference: operation.reference,
    use: payment.id,
    cardToken: cardOf(payment).token,
    amount: payment.amount,
    browser,
    returnUrl,
    ...cardOwnerOf(payment),
  });
  const settled = await settleAuthentication(deps, operation.id, word);
  if (settled.ok || settled.error.code !== 'operation_closed') return settled;
  return ok({ kind: 'committed', value: (await findPayment(deps.journal.db, payment.id)) as Payment, seq });
}

function checkEstimate(input: PayInstalment): Result<null, PaymentRefusal> {
  if (input.estimated !== true) return ok(null);
  if (input.capture === 'automatic')
    return refuse('amount_is_final', 'an estimate is authorized first, and captured by hand', {
      pointer: '/estimated',
    });
  // It would grow past what the buyer agreed to.
  return isUnattended(input)
    ? refuse('amount_is_final', 'the marketplace charges what the buyer agreed to, not an estimate', {
        pointer: '/estimated',
      })
    : ok(null);
}

interface Begun {
  readonly payment: Payment;
  readonly operation: Operation;
  readonly payable: Payable;
}

async function decide(
  deps: PaymentDeps,
  command: CommandKey,
  input: PayInstalment,
  card: CardFacts,
): Promise<Result<Decision<Begun>, PaymentRefusal>> {
  const id = newId('pay');
  const at = deps.clock.now();
  const start = await deps.owner.startPayment({
    marketplace: input.marketplace,
    order: input.order,
    instalment: input.instalment,
    payment: id,
  });
  if (!start.ok) return start;
  const payable = start.value;
  const { amount, rules, buyer } = payable;
  const { country } = buyer;
  const declines = await recentDeclines(deps, rules, { marketplace: input.marketplace, card, at });
  const step: Step = isUnattended(input)
    ? { kind: 'go_on' }
    : authenticationStep(rulesFor(input, rules), { amount, country, declines });
  const asked = step.kind === 'authenticate';
  const use = await decideCardUse(deps, input, { card, payable, payment: id, at, asked });
  if (!use.ok) return use;
  const { credential } = use.value;
  const routed = { currency: amount.currency, brand: card.brand, country };
  const routes = routesOf(deps, use.value, payable, routed);
  const [first, ...others] = routes;
  if (first === undefined)
    return refuse('no_route', 'no account takes a card of this brand, currency and country', { facts: routed });
  const asks = step.kind === 'authenticate' && input.cardholder !== undefined;
  if (step.kind === 'authenticate' && !asks && rules.authenticate.unavailable === 'decline')
    return refuse('cardholder_required', 'this payment needs the cardholder’s browser', { pointer: '/cardholder' });
  const draft: Payment = {
    ...newPayment({ id, at, input, payable, routes: [first, ...others] }),
    state: asks ? 'authenticating' : 'pending',
    capture: input.capture,
    estimated: input.estimated === true,
    onExpiry: input.onExpiry ?? 'reauthorize',
    card: { token: card.token, brand: card.brand, last4: card.last4, fingerprint: card.fingerprint ?? null },
    exemption: step.kind === 'go_on' ? (step.exemption ?? null) : null,
    authentication: asks ? ASKED : null,
    credential,
    billingAddress: asks ? (input.billingAddress ?? null) : null,
  };
  const waiting = input.answeredFromRows === true ? undefined : command;
  const { operation, part: sent } = asks
    ? startOperation({
        payment: draft,
        kind: 'authenticate',
        amount,
        command: waiting,
        at,
        timeoutMs: deps.acquirerTimeoutMs,
      })
    : firstOperation(deps, draft, waiting, at);
  const payment: Payment = { ...draft, version: 1, openOperation: operation.id };
  const created = part({
    events: [event('payment.created', id, { order: input.order, instalment: input.instalment, amount })],
    writes: [insert(payments, payment)],
  });
  const kept = waiting === undefined ? {} : { open: true, answer: payment };
  const unit = { at, ...merge(created, use.value.part, sent, payable.part), ...kept };
  return ok({ unit, value: { payment, operation, payable } });
}

/** A charge without the buyer goes over the account of the first use, as long as there is one, and over no other. */
const routesOf = (
  { accounts: { all } }: PaymentDeps,
  { network }: CardUse,
  { routes }: Payable,
  routed: Routed,
): readonly Id<'net'>[] =>
  network === null ? accountsFor(routes, all, routed) : all.map(({ id }) => id).filter((id) => id === network);

const DAY_MS = 86_400_000;

/** How often the card was declined within a day; asked only where a rule wants to know. */
async function recentDeclines(
  deps: PaymentDeps,
  { authenticate }: CardRules,
  { marketplace, card, at }: { readonly marketplace: Id<'mkt'>; readonly card: CardFacts; readonly at: Instant },
): Promise<number> {
  if (authenticate.afterDeclines === null || authenticate.always || card.fingerprint === undefined) return 0;
  const since = addMs(at, -DAY_MS);
  return (await declinesOfCard(deps.journal.db, { marketplace, fingerprint: card.fingerprint, since })).length;
}
