/**
 * Paying an instalment by card: decide (payment and operation recorded, the order knows) → the acquirer authorizes or
 * captures at once → settle. The call happens outside any transaction; a crash in between is resumed by inquiry.
 * Checks in this order: the token, then what the order says (exists, payable, this instalment due, none in progress).
 */
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { PayRequest } from '../connectors/ports/card-acquirer.ts';
import type { CardFacts } from '../connectors/ports/card-vault.ts';
import { type CommandKey, type Decision, insert, merge, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { finishOperation } from './finish-operation.ts';
import type { Operation } from './operation.ts';
import { type Payment, payments } from './payment.ts';
import type { Payable } from './ports.ts';
import { nothingYet } from './settle-operation.ts';
import { startOperation } from './start-operation.ts';

export interface PayInstalment {
  readonly marketplace: Id<'mkt'>;
  readonly order: Id<'ord'>;
  readonly instalment: number;
  readonly token: string;
  readonly capture: 'automatic' | 'manual';
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
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () => flight.track(await decide(deps, command, input, card)));
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation, payable } = begun.value.value;
    const answer = await flight.call(() => deps.acquirer.pay(payRequest(payment, operation, payable)));
    return finishOperation(deps, { payment, operation, answer, seq: begun.value.seq });
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
  const draft: Payment = {
    id,
    version: 0,
    state: 'pending',
    marketplace: input.marketplace,
    order: input.order,
    seller: payable.seller,
    instalment: input.instalment,
    network: deps.network,
    amount: payable.amount,
    ...nothingYet(payable),
    capture: input.capture,
    card: { token: card.token, brand: card.brand, last4: card.last4 },
    networkPaymentId: null,
    openOperation: null,
    decline: null,
    createdAt: at,
  };
  const kind = input.capture === 'automatic' ? 'sale' : 'authorize';
  const { operation, part: sent } = startOperation({
    payment: draft,
    kind,
    amount: payable.amount,
    refund: null,
    command,
    at,
    timeoutMs: deps.acquirerTimeoutMs,
  });
  const payment: Payment = { ...draft, version: 1, openOperation: operation.id };
  const created = part({
    events: [
      event('payment.created', id, { order: input.order, instalment: input.instalment, amount: payable.amount }),
    ],
    writes: [insert(payments, payment)],
  });
  const unit = { at, ...merge(created, sent, payable.part), open: true, answer: payment };
  return ok({ unit, value: { payment, operation, payable } });
}

const payRequest = (payment: Payment, operation: Operation, payable: Payable): PayRequest => ({
  kind: operation.kind === 'sale' ? 'sale' : 'authorize',
  reference: operation.reference,
  amount: payment.amount,
  cardToken: payment.card.token,
  softMerchant: payable.softMerchant,
  orderNumber: payable.orderNumber,
  statementDescriptor: payable.statementDescriptor,
});
