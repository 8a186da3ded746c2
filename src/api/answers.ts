/**
 * What answers look like, for the OpenAPI description. They describe and do not rewrite: test/api/answers.test.ts holds real
 * answers of a running installation against them, closed, so that neither side can drift.
 */
import { type TSchema, Type } from 'typebox';
import { closed, id, instant, money, nullable, said, text } from './answer-parts.ts';
import { frozen, sums } from './money-owed-answers.ts';

export * from './books-answers.ts';

const party = closed({ id: text, name: nullable(text) });
const bankAccount = closed({
  country: text,
  routingNumber: text,
  accountNumber: Type.String({ description: 'masked' }),
  accountType: text,
  holderName: text,
});
const feePlan = closed({
  version: Type.Integer(),
  percentBps: Type.Integer(),
  fixed: Type.Optional(money),
  cap: Type.Optional(money),
  chargebacks: closed({
    commission: Type.String({ description: 'on released money that a lost chargeback takes back: kept or returned' }),
    networkFee: Type.String({ description: 'who bears what the network charges for a dispute: operator or seller' }),
  }),
});
const word = nullable(closed({ code: text, message: text }));

export const MarketplaceAnswer = closed({
  id: id('mkt'),
  name: text,
  feePlan,
  payoutSchedule: text,
  cardRules: closed({
    authenticate: closed({
      always: Type.Boolean(),
      from: Type.Record(text, text),
      afterDeclines: nullable(Type.Integer()),
      countries: Type.Array(text),
      lowValueBelow: Type.Record(text, text),
      unavailable: text,
    }),
    mismatch: closed({ cvv: text, address: text }),
  }),
  cardRoutes: Type.Array(
    closed({
      account: id('net'),
      currencies: Type.Array(text),
      brands: Type.Array(text),
      countries: Type.Array(text),
    }),
  ),
  createdAt: instant,
});

export const NetworkAccountAnswer = closed({
  id: id('net'),
  network: text,
  merchantId: text,
  funding: text,
  health: nullable(text),
});

export const KeyAnswer = closed({
  id: id('key'),
  name: text,
  marketplace: nullable(id('mkt')),
  scopes: Type.Array(text),
  createdAt: instant,
  secret: Type.Optional(Type.String({ description: 'shown once' })),
});

export const MarketplaceWithKey = closed({
  id: id('mkt'),
  name: text,
  feePlan,
  payoutSchedule: text,
  createdAt: instant,
  apiKey: nullable(KeyAnswer),
});

const sellerFields = {
  id: id('sel'),
  marketplace: id('mkt'),
  state: text,
  name: text,
  country: text,
  email: text,
  categoryCode: text,
  bankAccount,
  payoutsBlocked: nullable(closed({ since: instant, reason: text })),
  createdAt: instant,
};
export const SellerAnswer = closed(sellerFields);
export const SellerWithBalances = closed({
  ...sellerFields,
  balances: Type.Array(closed({ currency: text, ...sums })),
});

export const BuyerAnswer = closed({
  id: id('buy'),
  marketplace: id('mkt'),
  name: text,
  country: text,
  email: text,
  createdAt: instant,
});

const instalment = closed({
  number: Type.Integer(),
  amount: money,
  captured: money,
  due: text,
  state: text,
  payment: nullable(id('pay')),
});
const orderFields = {
  id: id('ord'),
  version: Type.Integer(),
  state: text,
  marketplace: id('mkt'),
  seller: party,
  buyer: party,
  reference: text,
  description: text,
  total: money,
  captured: money,
  discounts: Type.Array(
    closed({
      campaign: id('cmp'),
      voucher: nullable(id('vch')),
      name: text,
      fundedBy: Type.String({ description: 'hub, sponsor, or buyer: a voucher that was sold' }),
      off: said('of the total, not the buyer’s to pay'),
      state: Type.String({ description: 'applied, and funded with the first money of the buyer' }),
      returned: said('gone back to who funded it, with refunds'),
    }),
  ),
  discounted: said('what discounts paid and no refund gave back to them'),
  refunded: money,
  refunding: money,
  disputed: Type.Object(
    { value: text, currency: text },
    { additionalProperties: false, description: 'taken out of what is held by disputes' },
  ),
  dispute: nullable(id('dsp')),
  held: money,
  fee: money,
  share: nullable(
    said('what a settlement gave to the marketplace’s own balance; null unless it was settled by an instructed split'),
  ),
  feeReturned: said('of the fee, given back for what was lost to chargebacks'),
  released: money,
  instalments: Type.Array(instalment),
  shipBy: nullable(instant),
  payBy: instant,
  shipment: nullable(closed({ carrier: text, trackingNumber: text, shippedAt: instant })),
  autoReceiptAt: nullable(instant),
  receivedAt: nullable(instant),
  receivedBy: nullable(text),
  releaseDueAt: nullable(instant),
  releasedAt: nullable(instant),
  canceledAt: nullable(instant),
  cancelReason: nullable(text),
  policy: closed({ name: text, version: Type.Integer() }),
  createdAt: instant,
};
const field = closed({
  name: text,
  label: text,
  type: text,
  required: Type.Boolean(),
  max: Type.Optional(money),
  above: Type.Optional(money),
  options: Type.Optional(Type.Array(closed({ value: text, label: text }))),
});
const move = closed({
  move: text,
  label: text,
  method: text,
  href: text,
  needsIdempotencyKey: Type.Boolean(),
  body: Type.Optional(Type.Object({}, { additionalProperties: true })),
  fields: Type.Array(field),
});
const costs = Type.Array(closed({ kind: text, amount: money }), {
  description:
    'fees of the network, by kind: interchange, scheme, processing; returned is what was given back. From the day’s files',
});
export const OrderAnswer = closed(orderFields);
export const OrderWithMoves = closed({
  ...orderFields,
  costs,
  frozen: Type.Array(frozen, { description: 'open disputes, and what is frozen for each' }),
  moves: Type.Array(move),
});

const paymentFields = {
  id: id('pay'),
  order: id('ord'),
  instalment: Type.Integer(),
  state: text,
  amount: money,
  authorized: money,
  capturable: money,
  captured: money,
  captures: Type.Array(
    closed({
      networkId: text,
      amount: money,
      returned: Type.Object(
        { value: text, currency: text },
        { additionalProperties: false, description: 'refunded, or on its way back' },
      ),
      left: money,
    }),
  ),
  refunded: money,
  refunding: money,
  refundable: money,
  capture: text,
  estimated: Type.Boolean(),
  expiresAt: nullable(instant),
  onExpiry: Type.String({ description: 'what is done with an authorization that is about to lapse' }),
  checks: nullable(closed({ address: text, cvv: text })),
  method: Type.Union(
    [
      closed({ type: Type.Literal('card'), brand: text, last4: text }),
      closed({ type: Type.Literal('wallet'), wallet: text, brand: text, name: text }),
    ],
    { description: 'with what it is paid' },
  ),
  card: nullable(closed({ brand: text, last4: text })),
  wallet: nullable(
    closed({
      way: Type.String({
        description:
          'cashier: on the wallet’s page; agreement: nobody is asked; payment_code; order_code: its user has scanned',
      }),
      agreement: nullable(id('wag')),
      payTo: Type.Object(
        { value: text, currency: text },
        { additionalProperties: false, description: 'what the buyer pays at home' },
      ),
      rate: Type.Union([text, Type.Null()], {
        description: 'major units of payTo for one of the amount, everything in it; null in one currency',
      }),
      fee: Type.Union([money, Type.Null()], { description: 'what part of payTo is the platform’s fee' }),
      quote: nullable(id('qte')),
      paidBack: money,
      payUrl: nullable(text),
      customerId: nullable(text),
      paidAt: nullable(instant),
      cancelableUntil: nullable(instant),
      canceling: Type.Boolean(),
    }),
  ),
  agreement: nullable(id('agr')),
  initiatedBy: text,
  decline: nullable(
    closed({
      code: text,
      message: text,
      class: Type.Optional(
        Type.String({
          description: 'hard: never with this card; soft: later; authenticate: with the cardholder; refused',
        }),
      ),
      limitSetBy: Type.Optional(Type.String({ description: 'who set the limit that was exceeded' })),
    }),
  ),
  exemption: nullable(text),
  tries: Type.Array(closed({ code: text, class: nullable(text), at: instant }), {
    description: 'declines after which it was tried once more, over another route or with the cardholder',
  }),
  authentication: nullable(closed({ state: text, liabilityShift: Type.Boolean(), reason: nullable(text) })),
  action: Type.Union([closed({ kind: text, url: text, creq: Type.Optional(text) }), Type.Null()], {
    description:
      'what the buyer’s browser has to do, then continue. challenge: POST the form field `creq` to `url`; redirect: open `url`',
  }),
  checking: Type.Boolean({ description: 'the acquirer has not answered yet; nobody should pay again' }),
  createdAt: instant,
};
export const OperationAnswer = closed({
  id: id('opn'),
  payment: id('pay'),
  order: id('ord'),
  kind: text,
  state: text,
  reference: text,
  amount: money,
  networkId: nullable(text),
  at: instant,
  answeredAt: nullable(instant),
  answer: word,
  moved: Type.Union([money, Type.Null()], { description: 'what moves at a wallet, in its currency' }),
  owner: Type.Optional(text),
  marketplace: Type.Optional(id('mkt')),
});
export const RefundAnswer = closed({
  id: id('ref'),
  payment: id('pay'),
  order: id('ord'),
  amount: money,
  state: text,
  capture: Type.String({ description: 'the network’s id of the capture it gives back from' }),
  reason: text,
  createdAt: instant,
});
export const PaymentAnswer = closed(paymentFields);
export const PaymentMethodsAnswer = closed({
  amount: nullable(money),
  country: nullable(text),
  cards: Type.Boolean(),
  wallets: Type.Array(
    closed({ wallet: text, brand: text, name: text, payTo: money, rate: nullable(text), fee: nullable(money) }),
    {
      description: 'what the amount comes to in each, at one rate with everything in it, and what part of that is fee',
    },
  ),
  refused: Type.Array(closed({ wallet: text, name: text, code: text, detail: text, setBy: nullable(text) }), {
    description: 'wallets that do not take it, why, and who set the limit',
  }),
});
export const PaymentWithOperations = closed({
  ...paymentFields,
  costs,
  operations: Type.Array(OperationAnswer),
  refunds: Type.Array(RefundAnswer),
});

const keptCard = {
  id: id('tok'),
  brand: text,
  last4: text,
  expiryMonth: Type.Integer(),
  expiryYear: Type.Integer(),
  fingerprint: Type.String({ description: 'equal for equal numbers within a marketplace' }),
  state: Type.String({ description: 'stored, deleting or deleted' }),
};
export const CardAnswer = closed({ ...keptCard, agreement: nullable(id('agr')) });
export const DeletedCardAnswer = closed({ id: id('tok'), state: text, agreement: nullable(id('agr')) });
export const AgreementAnswer = closed({
  id: id('agr'),
  state: text,
  marketplace: id('mkt'),
  buyer: id('buy'),
  scope: text,
  order: nullable(id('ord')),
  maximum: nullable(money),
  terms: text,
  agreedAt: instant,
  payment: id('pay'),
  firstUse: nullable(
    closed({
      named: Type.Boolean({ description: 'the scheme gave it an id; a charge without the buyer needs it' }),
      authenticated: Type.Boolean(),
      authenticationAsked: Type.Boolean({ description: 'the marketplace’s rules asked for the cardholder' }),
    }),
  ),
  card: nullable(closed(keptCard)),
  ended: nullable(closed({ at: instant, reason: text })),
});

export const PayoutAnswer = closed({
  id: id('po'),
  seller: party,
  amount: money,
  state: text,
  bankAccount,
  reference: text,
  file: nullable(id('pof')),
  trace: nullable(text),
  returnReason: nullable(closed({ code: text, text })),
  expectedOn: nullable(text),
  createdAt: instant,
});
export const PayoutRunAnswer = closed({
  id: id('run'),
  marketplace: id('mkt'),
  name: Type.String({
    description: 'the idempotency key of a run that was asked for, `daily:` and the day of another',
  }),
  state: text,
  sellersPlanned: Type.Integer({ description: 'sellers when the run began' }),
  sellersDone: Type.Integer({ description: 'sellers looked at so far' }),
  payouts: Type.Integer({ description: 'payouts begun so far' }),
  total: money,
  startedAt: instant,
  endedAt: nullable(instant),
});

/** Everything there is, without pages. */
export const listOf = (row: TSchema) => closed({ data: Type.Array(row) });
/** A page; `next` is the cursor of the one after. */
export const pageAnswer = (row: TSchema) => closed({ data: Type.Array(row), next: nullable(text) });
