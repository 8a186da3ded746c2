/**
 * What a request to pay says: with which card or wallet, under what terms. Which fields go together is checked here; what the order and
 * the agreement say to it, where the payment is decided.
 */
import { type Static, Type } from 'typebox';
import { parseInstant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { CardChoice, KeepCard, PayByWallet, PayTerms, WalletChoice } from '../../payments/index.ts';
import { readMoney } from '../requests.ts';
import { body, Country, idOf, MoneyBody, Text } from '../schemas.ts';

const Cardholder = body({
  returnUrl: Type.String({ pattern: '^https?://', maxLength: 2000, description: 'where the issuer sends the browser' }),
  browser: body({
    acceptHeader: Text(500),
    userAgent: Text(500),
    language: Text(35),
    ip: Text(45),
    screenWidth: Type.Integer({ minimum: 1, maximum: 100_000 }),
    screenHeight: Type.Integer({ minimum: 1, maximum: 100_000 }),
    colorDepth: Type.Integer({ minimum: 1, maximum: 64 }),
    timeZoneOffset: Type.Integer({ minimum: -900, maximum: 900, description: 'minutes, as in JavaScript' }),
  }),
});
const KeepCardBody = body({
  scope: Type.Union([Type.Literal('order'), Type.Literal('unscheduled'), Type.Literal('buyer')], {
    description:
      'what the card may be charged for: the rest of this order, later orders of this buyer, or only what the buyer pays in person',
  }),
  maximum: Type.Optional({
    ...MoneyBody,
    description:
      'what the marketplace may charge by itself: in all (order; what is left to pay when absent) or each time (unscheduled)',
  } as typeof MoneyBody),
  terms: Text(200),
});
const Address = body({
  postalCode: Text(16),
  country: Country,
  line1: Type.Optional(Text(100)),
  city: Type.Optional(Text(60)),
});

const MethodBody = body({
  type: Type.Literal('wallet'),
  wallet: Type.String({ minLength: 1, maxLength: 64, description: 'the wallet’s short name or brand code' }),
  agreement: Type.Optional(idOf('wag')),
  paymentCode: Type.Optional(
    Type.String({ pattern: '^[0-9]{16,32}$', description: 'shown by the buyer’s phone, read in a shop' }),
  ),
  returnUrl: Type.Optional(
    Type.String({ pattern: '^https?://', maxLength: 2000, description: 'where the wallet sends the buyer back to' }),
  ),
  expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'fourteen minutes from now when absent' })),
});

export const PayBody = body({
  instalment: Type.Integer({ minimum: 1, maximum: 2 }),
  method: Type.Optional(MethodBody),
  token: Type.Optional(Type.String({ pattern: '^tok_[0-9a-f]{32}$', description: 'from the vault; or an agreement' })),
  keepCard: Type.Optional(KeepCardBody),
  agreement: Type.Optional(idOf('agr')),
  initiatedBy: Type.Optional(
    Type.Union([Type.Literal('buyer'), Type.Literal('marketplace')], {
      description: 'who pays under the agreement: the buyer, who is there, or the marketplace by itself',
    }),
  ),
  capture: Type.Optional(Type.Union([Type.Literal('automatic'), Type.Literal('manual')])),
  estimated: Type.Optional(Type.Boolean({ description: 'the amount may still grow; with manual capture only' })),
  cardholder: Type.Optional(Cardholder),
  billingAddress: Type.Optional(Address),
  onExpiry: Type.Optional(
    Type.Union([Type.Literal('reauthorize'), Type.Literal('release')], {
      description: 'what to do with an authorization that is about to lapse',
    }),
  ),
});

export interface WantedWallet {
  readonly wallet: Omit<PayByWallet, 'marketplace' | 'order'>;
  readonly fields: object;
}

export interface WantedPayment {
  readonly choice: CardChoice;
  readonly terms: Omit<PayTerms, 'marketplace' | 'order'>;
  /**
   * By which a repeat is known. A token is a card: it stays out, as card data does; so do the browser, which may be another
   * one, and the cardholder's address.
   */
  readonly fields: object;
}

/** Checks in this order: a wallet or a card; a token or an agreement, what goes with which, the maximum. */
export function readPayBody(sent: Static<typeof PayBody>): Result<WantedPayment | WantedWallet, Refusal> {
  return sent.method === undefined ? readCardBody(sent) : readWalletBody(sent.method, sent);
}

function readWalletBody(
  { wallet, agreement, paymentCode, returnUrl, expiresAt }: Static<typeof MethodBody>,
  { instalment, method: _method, ...rest }: Static<typeof PayBody>,
): Result<WantedWallet, Refusal> {
  const [other] = Object.keys(rest);
  if (other !== undefined) return wrong(`/${other}`, 'goes with a card only');
  if (agreement !== undefined && paymentCode !== undefined)
    return wrong('/method/paymentCode', 'a payment code or an agreement, not both');
  const until = expiresAt === undefined ? undefined : parseInstant(expiresAt);
  if (until === null) return wrong('/method/expiresAt', 'must be an instant in UTC');
  const payer: WalletChoice =
    agreement !== undefined
      ? { kind: 'agreement', agreement: agreement as Id<'wag'> }
      : paymentCode !== undefined
        ? { kind: 'payment_code', code: paymentCode }
        : { kind: 'cashier' };
  const wanted = {
    instalment,
    wallet,
    payer,
    ...(returnUrl === undefined ? {} : { returnUrl }),
    ...(until === undefined ? {} : { expiresAt: until }),
  };
  return ok({ wallet: wanted, fields: { ...wanted, method: 'wallet' } });
}

function readCardBody(sent: Static<typeof PayBody>): Result<WantedPayment, Refusal> {
  const { method: _method, token, keepCard, agreement, initiatedBy, cardholder, billingAddress, ...rest } = sent;
  const choice = readChoice(sent);
  if (!choice.ok) return choice;
  const wanted = { capture: 'automatic' as const, ...rest };
  const terms = {
    ...wanted,
    ...(cardholder === undefined ? {} : { cardholder }),
    ...(billingAddress === undefined ? {} : { billingAddress }),
  };
  const { token: _card, ...known } = { token: '', ...choice.value };
  return ok({ choice: choice.value, terms, fields: { ...wanted, ...known } });
}

function readChoice(sent: Static<typeof PayBody>): Result<CardChoice, Refusal> {
  const { token, agreement, initiatedBy, keepCard, cardholder } = sent;
  if (agreement !== undefined) {
    if (token !== undefined) return wrong('/token', 'a token or an agreement, not both');
    if (keepCard !== undefined) return wrong('/keepCard', 'the card of an agreement is kept already');
    if (initiatedBy === undefined) return wrong('/initiatedBy', 'who pays must be said with an agreement');
    if (initiatedBy === 'marketplace' && cardholder !== undefined)
      return wrong('/cardholder', 'nobody is there when the marketplace pays by itself');
    return ok({ agreement: agreement as Id<'agr'>, initiatedBy });
  }
  if (initiatedBy !== undefined) return wrong('/initiatedBy', 'goes with an agreement only');
  if (token === undefined) return wrong('/token', 'a token or an agreement is needed');
  if (keepCard === undefined) return ok({ token });
  const kept = readKeepCard(keepCard);
  return kept.ok ? ok({ token, keepCard: kept.value }) : kept;
}

function readKeepCard({ scope, terms, maximum }: Static<typeof KeepCardBody>): Result<KeepCard, Refusal> {
  if (maximum === undefined) return ok({ scope, terms });
  const money = readMoney(maximum, '/keepCard/maximum');
  return money.ok ? ok({ scope, terms, maximum: money.value }) : money;
}

const wrong = (pointer: string, detail: string): Result<never, Refusal> =>
  refuse('invalid_request', detail, { pointer });
