/**
 * With what card an instalment is paid: a single-use token, which the buyer may agree to have kept, or a card that is kept,
 * under its agreement. The vault describes the card before anything is decided; by what right it is used is decided with the
 * payment, on the agreement as it stands, and the unit commits only while it stands so.
 */
import { addMs, type Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { CardFacts } from '../connectors/ports/card-vault.ts';
import { type CommandKey, EMPTY_PART, part, type UnitPart, unchanged } from '../journal/index.ts';
import type { CardRules } from '../parties/index.ts';
import { type Agreement, agreements, type Charge, mayCharge } from './agreement.ts';
import type { Credential } from './credential.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { type KeepCard, makeAgreement } from './make-agreement.ts';
import type { Payment } from './payment.ts';
import type { Payable } from './ports.ts';
import { brokenLimit, type Declined, LOOK_BACK_HOURS } from './retry-limits.ts';
import { declinesOfCard, findAgreement, paymentsOf } from './store.ts';

export type CardChoice =
  | { readonly token: string; readonly keepCard?: KeepCard }
  | { readonly agreement: Id<'agr'>; readonly initiatedBy: 'buyer' | 'marketplace' };

type Paying = CardChoice & { readonly marketplace: Id<'mkt'>; readonly order: Id<'ord'> };

/** A repeat needs no card: the first answer stands even when the card is gone, or the vault is out of reach. */
export async function describeCard(
  deps: PaymentDeps,
  command: CommandKey,
  input: Paying,
): Promise<Result<CardFacts, PaymentRefusal>> {
  if (!('agreement' in input)) {
    const card = await ask(deps, command, () => deps.vault.describe(input.token));
    if (card === 'repeated') return ok(blankCard(input.token, input.marketplace));
    return card === null || card.marketplace !== input.marketplace
      ? refuse('unknown_token', 'the vault does not know this card token', { pointer: '/token' })
      : ok(card);
  }
  const agreement = await findAgreement(deps.journal.db, input.agreement);
  if (agreement === null || agreement.marketplace !== input.marketplace)
    return refuse('unknown_agreement', 'no such agreement', { pointer: '/agreement' });
  const { card, marketplace, buyer } = agreement;
  // Not active: what is decided refuses it, or finds that it is a repeat.
  if (card === null || agreement.state !== 'active') return ok(blankCard('', marketplace));
  const found = await ask(deps, command, () => deps.vault.describe(card.token, { marketplace, buyer }));
  if (found === 'repeated') return ok(blankCard(card.token, marketplace));
  return found === null
    ? refuse('unknown_token', 'the vault does not know the card of this agreement', { pointer: '/agreement' })
    : ok(found);
}

const blankCard = (token: string, marketplace: string): CardFacts => ({ token, marketplace, brand: '', last4: '' });

async function ask(
  deps: PaymentDeps,
  command: CommandKey,
  describe: () => Promise<CardFacts | null>,
): Promise<CardFacts | null | 'repeated'> {
  const asked = await describe().then(
    (card) => ({ card }),
    (fault: unknown) => ({ fault }),
  );
  if ('card' in asked && asked.card !== null) return asked.card;
  if ((await deps.journal.findAnswer(command.client, command.key)) !== null) return 'repeated';
  if ('fault' in asked) throw asked.fault;
  return null;
}

/** Nobody is asked when the marketplace pays by itself: the cardholder was, when the card was stored. */
export const isUnattended = (choice: CardChoice): boolean =>
  'agreement' in choice && choice.initiatedBy === 'marketplace';

/** An agreement is authenticated whatever the amount, where the law asks for it: no exemption for small ones. */
export const rulesFor = (choice: CardChoice, rules: CardRules): CardRules =>
  'keepCard' in choice ? { ...rules, authenticate: { ...rules.authenticate, lowValueBelow: {} } } : rules;

interface Situation {
  /** As the vault described it. */
  readonly card: CardFacts;
  readonly payable: Payable;
  readonly payment: Id<'pay'>;
  readonly at: Instant;
  /** The rules ask for the cardholder. */
  readonly asked: boolean;
}

export interface CardUse {
  readonly credential: Credential | null;
  /** The account the charge must go over; null when any may take it. */
  readonly network: Id<'net'> | null;
  readonly part: UnitPart;
}

const ONCE: CardUse = { credential: null, network: null, part: EMPTY_PART };

/** By what right the card is used, and what commits with that. Asked after the order said that it can be paid. */
export async function decideCardUse(
  deps: PaymentDeps,
  input: Paying,
  situation: Situation,
): Promise<Result<CardUse, PaymentRefusal>> {
  if ('agreement' in input) return underAgreement(deps, input, situation);
  if (input.keepCard === undefined) return ok(ONCE);
  const { marketplace, order } = input;
  const made = makeAgreement(input.keepCard, { marketplace, order, ...situation });
  if (!made.ok) return made;
  const { agreement, part: makes } = made.value;
  const credential = { ...bindingOf(situation), agreement: agreement.id, use: 'store' } as const;
  return ok({ credential, network: null, part: makes });
}

async function underAgreement(
  deps: PaymentDeps,
  { agreement: id, initiatedBy: by, order }: Extract<Paying, { agreement: Id<'agr'> }>,
  situation: Situation,
): Promise<Result<CardUse, PaymentRefusal>> {
  const agreement = await findAgreement(deps.journal.db, id);
  if (agreement === null) return refuse('unknown_agreement', 'no such agreement', { pointer: '/agreement' });
  const { payable, at } = situation;
  const { amount, buyer } = payable;
  const alone = by === 'marketplace';
  // The order's version, which this payment changes, holds these still until the commit.
  const before = alone ? chargedBefore(await paymentsOf(deps.journal.db, order), id, amount) : zero(amount.currency);
  const allowed = mayCharge(agreement, { order, buyer: buyer.id, amount, by, before, at });
  if (!allowed.ok) return allowed;
  // It became active after the vault was asked about its card.
  if (agreement.card?.token !== situation.card.token)
    return refuse('conflict', 'the agreement changed while this was being decided; try again');
  const limited = alone ? await checkRetryLimits(deps, agreement, { amount, at }) : ok(agreement);
  if (!limited.ok) return limited;
  const credential: Credential = {
    ...bindingOf(situation),
    agreement: id,
    use: alone ? 'merchant' : 'reuse',
    originalTransactionId: alone ? (agreement.first?.schemeTransactionId ?? null) : null,
  };
  const network = alone ? (agreement.first?.network ?? null) : null;
  return ok({ credential, network, part: part({ guards: [unchanged(agreements, agreement)] }) });
}

/** The schemes bound how often a declined card is tried without its holder. */
async function checkRetryLimits(
  deps: PaymentDeps,
  agreement: Agreement,
  next: Declined,
): Promise<Result<Agreement, PaymentRefusal>> {
  const { marketplace, card } = agreement;
  if (card === null) return ok(agreement);
  const since = addMs(next.at, -LOOK_BACK_HOURS * 3_600_000);
  const declines = await declinesOfCard(deps.journal.db, { marketplace, fingerprint: card.fingerprint, since });
  const limit = brokenLimit(card, declines, next);
  if (limit === null) return ok(agreement);
  const facts = { declines: limit.declines, hours: limit.hours };
  const why = `${limit.declines} declines within ${limit.hours} hours are as many as the scheme takes`;
  return refuse('too_many_declines', why, { pointer: '/agreement', facts });
}

const bindingOf = ({ payable }: Situation): Pick<Credential, 'buyer' | 'originalTransactionId' | 'last'> => ({
  buyer: payable.buyer.id,
  originalTransactionId: null,
  last: payable.rest.amount === 0n,
});

const CAME_TO_NOTHING: ReadonlySet<Payment['state']> = new Set(['declined', 'canceled', 'expired']);

/** What the marketplace has charged of this order by itself, under this agreement. */
function chargedBefore(payments: readonly Payment[], agreement: Id<'agr'>, { currency }: Charge['amount']) {
  return payments
    .filter(({ credential, state }) => credential?.agreement === agreement && !CAME_TO_NOTHING.has(state))
    .filter(({ credential }) => credential?.use === 'merchant')
    .reduce((sum, { state, captured, amount }) => add(sum, state === 'captured' ? captured : amount), zero(currency));
}
