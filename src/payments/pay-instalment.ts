/**
 * Paying an instalment by card: decide (payment and operation recorded, the order knows) → the cardholder is asked, where the
 * rules want it → the acquirer authorizes or captures at once → settle. Calls happen outside any transaction; a crash in
 * between is resumed by inquiry.
 * Checks in this order: the token, then what the order says (exists, payable, this instalment due, none in progress).
 */
import type { Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { BillingAddress } from '../connectors/ports/card-acquirer.ts';
import type { BrowserFacts } from '../connectors/ports/card-authentication.ts';
import type { CardFacts } from '../connectors/ports/card-vault.ts';
import { type CommandKey, type Decision, insert, merge, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { CardAccount } from '../parties/index.ts';
import { settleAuthentication } from './authenticate-payment.ts';
import { ASKED } from './authentication.ts';
import { authenticationStep, type Step } from './card-rules.ts';
import { chargeCard, firstOperation } from './charge-card.ts';
import { cardOwnerOf } from './credential.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Operation } from './operation.ts';
import { type Payment, payments } from './payment.ts';
import type { Payable } from './ports.ts';
import { nothingYet } from './settle-operation.ts';
import { startOperation } from './start-operation.ts';
import { findPayment } from './store.ts';
import { type CardChoice, decideCardUse, describeCard, isUnattended, rulesFor } from './use-card.ts';

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
    const { billingAddress } = input;
    if (operation.kind !== 'authenticate')
      return chargeCard(deps, flight, { payment, operation, seq, facts: payable, billingAddress });
    const { browser, returnUrl } = input.cardholder as Cardholder;
    const word = await deps.accounts.of(payment.network).authentication.authenticate({
      reference: operation.reference,
      use: payment.id,
      cardToken: payment.card.token,
      amount: payment.amount,
      browser,
      returnUrl,
      ...cardOwnerOf(payment),
    });
    const settled = await settleAuthentication(deps, operation.id, word);
    if (settled.ok || settled.error.code !== 'operation_closed') return settled;
    return ok({ kind: 'committed', value: (await findPayment(deps.journal.db, payment.id)) as Payment, seq });
  });
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
  const step: Step = isUnattended(input)
    ? { kind: 'go_on' }
    : authenticationStep(rulesFor(input, rules), { amount, country: buyer.country });
  const use = await decideCardUse(deps, input, { payable, payment: id, at, asked: step.kind === 'authenticate' });
  if (!use.ok) return use;
  const { credential, network } = use.value;
  const asks = step.kind === 'authenticate' && input.cardholder !== undefined;
  if (step.kind === 'authenticate' && !asks && rules.authenticate.unavailable === 'decline')
    return refuse('cardholder_required', 'this payment needs the cardholder’s browser', { pointer: '/cardholder' });
  const draft: Payment = {
    ...blank({ id, at, input, card, payable, network: network ?? (deps.accounts.all[0] as CardAccount).id }),
    state: asks ? 'authenticating' : 'pending',
    exemption: step.kind === 'go_on' ? (step.exemption ?? null) : null,
    authentication: asks ? ASKED : null,
    credential,
    billingAddress: asks ? (input.billingAddress ?? null) : null,
  };
  const { operation, part: sent } = asks
    ? startOperation({
        payment: draft,
        kind: 'authenticate',
        amount,
        command,
        at,
        timeoutMs: deps.acquirerTimeoutMs,
      })
    : firstOperation(deps, draft, command, at);
  const payment: Payment = { ...draft, version: 1, openOperation: operation.id };
  const created = part({
    events: [event('payment.created', id, { order: input.order, instalment: input.instalment, amount })],
    writes: [insert(payments, payment)],
  });
  const unit = { at, ...merge(created, use.value.part, sent, payable.part), open: true, answer: payment };
  return ok({ unit, value: { payment, operation, payable } });
}

interface Blank {
  readonly id: Id<'pay'>;
  readonly at: Instant;
  readonly input: PayInstalment;
  readonly card: CardFacts;
  readonly payable: Payable;
  readonly network: Id<'net'>;
}

/** A payment of which nothing has been asked yet. */
const blank = ({ id, at, input, card, payable, network }: Blank): Payment => ({
  id,
  version: 0,
  state: 'pending',
  marketplace: input.marketplace,
  order: input.order,
  seller: payable.seller,
  instalment: input.instalment,
  network,
  amount: payable.amount,
  ...nothingYet(payable),
  capture: input.capture,
  estimated: input.estimated === true,
  onExpiry: input.onExpiry ?? 'reauthorize',
  expiresAt: null,
  expiryJob: null,
  reauthorizations: 0,
  checks: null,
  rules: { unavailable: payable.rules.authenticate.unavailable, mismatch: payable.rules.mismatch },
  exemption: null,
  authentication: null,
  card: { token: card.token, brand: card.brand, last4: card.last4 },
  credential: null,
  schemeTransactionId: null,
  billingAddress: null,
  networkPaymentId: null,
  openOperation: null,
  decline: null,
  createdAt: at,
});
