/**
 * Paying an instalment by card: decide (payment and operation recorded, the order knows) → the cardholder is asked, where the
 * rules want it → the acquirer authorizes or captures at once → settle. Calls happen outside any transaction; a crash in
 * between is resumed by inquiry.
 * Checks in this order: the token, then what the order says (exists, payable, this instalment due, none in progress).
 */
import type { Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { BrowserFacts } from '../connectors/ports/card-authentication.ts';
import type { CardFacts } from '../connectors/ports/card-vault.ts';
import { type CommandKey, type Decision, insert, merge, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { CardAccount } from '../parties/index.ts';
import { settleAuthentication } from './authenticate-payment.ts';
import { ASKED } from './authentication.ts';
import { authenticationStep } from './card-rules.ts';
import { chargeCard, firstOperation } from './charge-card.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Operation } from './operation.ts';
import { type Payment, payments } from './payment.ts';
import type { Payable } from './ports.ts';
import { nothingYet } from './settle-operation.ts';
import { startOperation } from './start-operation.ts';
import { findPayment } from './store.ts';

export interface PayInstalment {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  readonly token: string;
  readonly capture: 'automatic' | 'manual';
  /** The amount may still grow, as the buyer knows; only with manual capture. */
  readonly estimated?: boolean;
  readonly onExpiry?: Payment['onExpiry'];
  /** Where the cardholder can be asked; without it nobody is, and the issuer may decline for that. */
  readonly cardholder?: Cardholder;
  /** The cardholder is asked, if he can be, whatever the rules say: an issuer has asked for that. */
  readonly askCardholder?: boolean;
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
  if (card === null || card.marketplace !== input.marketplace) {
    return refuse('unknown_token', 'the vault does not know this card token', { pointer: '/token' });
  }
  if (input.estimated === true && input.capture === 'automatic') {
    return refuse('amount_is_final', 'an estimate is authorized first, and captured by hand', {
      pointer: '/estimated',
    });
  }
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () => flight.track(await decide(deps, command, input, card)));
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation, payable } = begun.value.value;
    const { seq } = begun.value;
    if (operation.kind !== 'authenticate') return chargeCard(deps, flight, { payment, operation, seq, facts: payable });
    const { browser, returnUrl } = input.cardholder as Cardholder;
    const word = await deps.accounts.of(payment.network).authentication.authenticate({
      reference: operation.reference,
      use: payment.id,
      cardToken: payment.card.token,
      amount: payment.amount,
      browser,
      returnUrl,
    });
    const settled = await settleAuthentication(deps, operation.id, word);
    if (settled.ok || settled.error.code !== 'operation_closed') return settled;
    return ok({ kind: 'committed', value: (await findPayment(deps.journal.db, payment.id)) as Payment, seq });
  });
}

/** A repeat needs no card: the first answer stands even when the token has been used up, or the vault is out of reach. */
async function describeCard(
  deps: PaymentDeps,
  command: CommandKey,
  { token, marketplace }: PayInstalment,
): Promise<CardFacts | null> {
  const asked = await deps.vault.describe(token).then(
    (card) => ({ card }),
    (fault: unknown) => ({ fault }),
  );
  if ('card' in asked && asked.card !== null) return asked.card;
  const kept = await deps.journal.findAnswer(command.client, command.key);
  if (kept !== null) return { token, marketplace, brand: '', last4: '' };
  if ('fault' in asked) throw asked.fault;
  return null;
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
  const step = authenticationStep(rules, { amount, country: buyer.country });
  const asks = (step.kind === 'authenticate' || input.askCardholder === true) && input.cardholder !== undefined;
  if (step.kind === 'authenticate' && !asks && rules.authenticate.unavailable === 'decline')
    return refuse('cardholder_required', 'this payment needs the cardholder’s browser', { pointer: '/cardholder' });
  const draft: Payment = {
    ...blank({ id, at, input, card, payable, network: (deps.accounts.all[0] as CardAccount).id }),
    state: asks ? 'authenticating' : 'pending',
    exemption: step.kind === 'go_on' ? (step.exemption ?? null) : null,
    authentication: asks ? ASKED : null,
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
  const unit = { at, ...merge(created, sent, payable.part), open: true, answer: payment };
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
  networkPaymentId: null,
  openOperation: null,
  decline: null,
  createdAt: at,
});
