/**
 * What answers look like, for the OpenAPI description. They describe and do not rewrite: test/api/answers.test.ts holds real
 * answers of a running installation against them, closed, so that neither side can drift.
 */
import { type TSchema, Type } from 'typebox';

const closed = <Fields extends Record<string, TSchema>>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false });
const id = (prefix: string) => Type.String({ pattern: `^${prefix}_[0-9a-f]{32}$` });
const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const instant = Type.String({ format: 'date-time' });
const text = Type.String();

const money = closed({
  value: Type.String({ pattern: '^-?[0-9]+$', description: 'minor units' }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
});
const party = closed({ id: text, name: nullable(text) });
const bankAccount = closed({
  country: text,
  routingNumber: text,
  accountNumber: Type.String({ description: 'masked' }),
  accountType: text,
  holderName: text,
});
const feePlan = closed({ percentBps: Type.Integer(), fixed: Type.Optional(money), cap: Type.Optional(money) });
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
  balances: Type.Array(closed({ currency: text, available: money, held: money, inPayout: money })),
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
  refunded: money,
  refunding: money,
  disputed: Type.Object(
    { value: text, currency: text },
    { additionalProperties: false, description: 'taken out of what is held by disputes' },
  ),
  dispute: nullable(id('dsp')),
  held: money,
  fee: money,
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
export const OrderWithMoves = closed({ ...orderFields, costs, moves: Type.Array(move) });

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
  card: closed({ brand: text, last4: text }),
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
    }),
  ),
  exemption: nullable(text),
  tries: Type.Array(closed({ code: text, class: nullable(text), at: instant }), {
    description: 'declines after which it was tried once more, over another route or with the cardholder',
  }),
  authentication: nullable(closed({ state: text, liabilityShift: Type.Boolean(), reason: nullable(text) })),
  action: Type.Union([closed({ kind: text, url: text, creq: text }), Type.Null()], {
    description: 'what the cardholder’s browser has to do: POST the form field `creq` to `url`, then continue',
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

const covers = closed({ held: money, reserve: money, seller: money, debt: money });
const disputeFields = {
  id: id('dsp'),
  case: Type.String({
    pattern: '^dsp_[0-9a-f]{32}$',
    description: 'the dispute itself, or the open one of its order that it joined',
  }),
  channel: text,
  networkId: text,
  state: text,
  stage: Type.String({
    description: 'inquiry, chargeback, pre_arbitration or arbitration; of an ended dispute the last',
  }),
  marketplace: id('mkt'),
  order: id('ord'),
  orderReference: nullable(text),
  payment: id('pay'),
  seller: party,
  amount: money,
  reason: closed({ code: text, title: text, kind: text }),
  liabilityShift: Type.Boolean({ description: 'the cardholder was authenticated: fraud is the issuer’s to bear' }),
  recommendation: closed({ answer: text, because: text }),
  turn: nullable(Type.String({ description: 'ours or theirs' })),
  respondBy: nullable(instant),
  expired: Type.Boolean(),
  checking: Type.Boolean({ description: 'the network has not said yet whether it took the answer' }),
  money: closed({
    debited: money,
    credited: money,
    taken: Type.Object(
      { value: text, currency: text },
      { additionalProperties: false, description: 'debited less credited' },
    ),
    fees: money,
    cover: nullable(covers),
  }),
  openedAt: instant,
  endedAt: nullable(instant),
};
export const DisputeAnswer = closed(disputeFields);
export const DisputeWithHistory = closed({
  ...disputeFields,
  moves: Type.Array(Type.String({ description: 'what may be done now: evidence, challenge, accept' })),
  movements: Type.Array(closed({ kind: text, amount: money, at: instant, source: text })),
  documents: Type.Array(
    closed({
      id: id('doc'),
      stage: text,
      name: text,
      mediaType: text,
      bytes: Type.Integer(),
      sha256: text,
      addedAt: instant,
    }),
  ),
  answers: Type.Array(
    closed({
      kind: text,
      stage: text,
      reference: text,
      state: text,
      sentAt: instant,
      answeredAt: nullable(instant),
      refusal: word,
    }),
  ),
  joined: Type.Array(closed({ id: id('dsp'), state: text, amount: money })),
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

const side = closed({ name: text, owner: text });
const posting = {
  seq: text,
  leg: Type.Integer(),
  at: instant,
  event: text,
  subject: text,
  debit: side,
  credit: side,
  amount: money,
};
export const PostingAnswer = closed(posting);
export const TraceStepAnswer = closed({ ...posting, depth: Type.Integer(), direction: text, portion: money });
export const AccountAnswer = closed({
  name: text,
  owner: text,
  currency: text,
  kind: text,
  side: text,
  balance: money,
  debits: money,
  credits: money,
});
export const AccountBalanceAnswer = closed({
  name: text,
  owner: text,
  currency: text,
  balance: money,
  seq: Type.String({ description: 'of the last event it includes' }),
});
const entryFields = {
  seq: text,
  leg: Type.Integer(),
  at: instant,
  event: text,
  subject: text,
  side: Type.String({ description: 'where this account was posted: debit or credit' }),
  amount: money,
  other: side,
  balance: money,
};
export const EntryAnswer = closed(entryFields);
export const StatementLine = Type.Union([
  closed({
    line: Type.Literal('opening'),
    name: text,
    owner: text,
    currency: text,
    from: instant,
    to: instant,
    seq: Type.String({ description: 'of the last event the statement includes' }),
    balance: money,
  }),
  closed({ line: Type.Literal('entry'), ...entryFields }),
  closed({ line: Type.Literal('closing'), entries: Type.Integer(), balance: money }),
]);
export const CheckAnswer = closed({
  ok: Type.Boolean(),
  seq: text,
  laws: Type.Array(closed({ law: text, alarm: Type.Boolean(), ok: Type.Boolean(), findings: Type.Array(text) })),
});
export const TimelineAnswer = closed({
  at: instant,
  lane: text,
  kind: text,
  title: text,
  detail: text,
  seq: nullable(text),
  amount: Type.Optional(money),
});
export const LineAnswer = closed({
  id: id('ln'),
  state: text,
  direction: text,
  amount: money,
  bookedOn: text,
  text,
  counterparty: nullable(text),
  bankReference: text,
  endToEndId: nullable(text),
  explainedAs: nullable(text),
  subject: nullable(text),
});
export const BreakAnswer = closed({
  id: id('brk'),
  kind: text,
  state: text,
  subject: text,
  amount: nullable(money),
  reason: text,
  owner: text,
  openedAt: instant,
  closedAt: nullable(instant),
  closedBy: nullable(text),
  closeReason: nullable(text),
});
export const EventAnswer = closed({
  seq: text,
  type: text,
  subject: text,
  version: Type.Integer(),
  at: instant,
  data: Type.Object({}, { additionalProperties: true }),
});
export const SystemAnswer = closed({
  version: text,
  sandbox: Type.Boolean(),
  now: instant,
  journal: closed({ seq: text }),
  jobs: closed({ waiting: Type.Integer(), due: Type.Integer(), dead: Type.Integer(), nextDue: nullable(instant) }),
  addresses: closed({ vault: text, docs: text }),
});

export const ImportAnswer = closed({ day: text });
export const JobAnswer = closed({ id: text, kind: text, subject: text, lastError: nullable(text) });
export const RestartAnswer = closed({ restarted: Type.Boolean() });

/** Everything there is, without pages. */
export const listOf = (row: TSchema) => closed({ data: Type.Array(row) });
/** A page; `next` is the cursor of the one after. */
export const pageAnswer = (row: TSchema) => closed({ data: Type.Array(row), next: nullable(text) });
