/** The body of a new campaign: its schema, and its money read. */
import { type Static, Type } from 'typebox';
import { type Instant, parseInstant } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { type CreateCampaign, type DiscountTerms, type Gives, VOUCHER_POLICIES } from '../../promotions/index.ts';
import { readMoney } from '../requests.ts';
import { body, Country, InstantText, idOf, MoneyBody, Text } from '../schemas.ts';

const MOST_PLACES = 1000;
const some = <Schema extends Parameters<typeof Type.Array>[0]>(schema: Schema) =>
  Type.Optional(Type.Array(schema, { minItems: 1, maxItems: MOST_PLACES, description: 'any when absent' }));

const Off = Type.Union([
  body({ kind: Type.Literal('amount'), amount: MoneyBody }),
  body({
    kind: Type.Literal('percent'),
    bps: Type.Integer({ minimum: 1, maximum: 10_000, description: 'hundredths of a percent of the order' }),
    cap: MoneyBody,
  }),
]);

const validDays = Type.Integer({ minimum: 1, maximum: 3650 });

export const CampaignBody = body({
  name: Text(100),
  funder: Type.Union([
    body({ by: Type.Literal('hub') }),
    body({ by: Type.Literal('sponsor'), name: Text(100) }),
    body({ by: Type.Literal('wallet'), wallet: idOf('ptc') }),
    body({ by: Type.Literal('merchant'), acquirer: idOf('ptc'), merchantId: Text(64) }),
  ]),
  gives: Type.Union([
    body({
      kind: Type.Literal('discount'),
      terms: Type.Array(body({ threshold: MoneyBody, off: Off }), { minItems: 1, maxItems: 50 }),
    }),
    body({
      kind: Type.Literal('voucher'),
      voucher: Type.Union([
        body({ sale: Type.Literal('free'), face: MoneyBody, validDays }),
        body({
          sale: Type.Literal('sold'),
          face: MoneyBody,
          validDays,
          policy: Type.Union([...new Set(VOUCHER_POLICIES.map(({ name }) => name))].map((name) => Type.Literal(name))),
        }),
      ]),
    }),
  ]),
  inShops: Type.Optional(
    body({
      countries: some(Country),
      wallets: some(idOf('ptc')),
      acquirers: some(idOf('ptc')),
      shops: some(body({ acquirer: idOf('ptc'), merchantId: Text(64) })),
    }),
  ),
  onOrders: Type.Optional(body({ marketplaces: some(idOf('mkt')) })),
  from: InstantText,
  to: InstantText,
  perPerson: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  stackable: Type.Optional(Type.Boolean({ description: 'goes together with others; not when absent' })),
  priority: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1000, description: 'the higher goes first; 0 when absent' }),
  ),
});

type Body = Static<typeof CampaignBody>;

/** What the schema allows and is no campaign's field yet: money and instants that do not exist. Ids are branded here. */
export function readCampaign(input: Body): Result<CreateCampaign, Refusal> {
  const gives = readGives(input.gives);
  if (!gives.ok) return gives;
  const [from, to] = [readInstant(input.from, '/from'), readInstant(input.to, '/to')];
  if (!from.ok) return from;
  if (!to.ok) return to;
  const { inShops, onOrders } = input;
  const { countries = null, wallets = null, acquirers = null, shops = null } = inShops ?? {};
  const fields = {
    ...{ name: input.name, funder: input.funder, gives: gives.value, from: from.value, to: to.value },
    inShops: inShops === undefined ? null : { countries, wallets, acquirers, shops },
    onOrders: onOrders === undefined ? null : { marketplaces: onOrders.marketplaces ?? null },
    perPerson: input.perPerson ?? null,
    stackable: input.stackable ?? false,
    priority: input.priority ?? 0,
  };
  // The schema has held every id to its prefix and form; only the brand is missing.
  return ok(fields as CreateCampaign);
}

function readInstant(text: string, pointer: string): Result<Instant, Refusal> {
  const found = parseInstant(text);
  return found === null ? refuse('invalid_request', 'no such instant', { pointer }) : ok(found);
}

function readGives(gives: Body['gives']): Result<Gives, Refusal> {
  if (gives.kind === 'voucher') {
    const face = readMoney(gives.voucher.face, '/gives/voucher/face');
    return face.ok ? ok({ kind: 'voucher', voucher: { ...gives.voucher, face: face.value } }) : face;
  }
  const terms: DiscountTerms[] = [];
  for (const [index, each] of gives.terms.entries()) {
    const read = readTerms(each, `/gives/terms/${index}`);
    if (!read.ok) return read;
    terms.push(read.value);
  }
  return ok({ kind: 'discount', terms });
}

type TermsBody = Extract<Body['gives'], { kind: 'discount' }>['terms'][number];

function readTerms({ threshold, off }: TermsBody, pointer: string): Result<DiscountTerms, Refusal> {
  const from = readMoney(threshold, `${pointer}/threshold`);
  if (!from.ok) return from;
  const most: Result<Money, Refusal> =
    off.kind === 'amount' ? readMoney(off.amount, `${pointer}/off/amount`) : readMoney(off.cap, `${pointer}/off/cap`);
  if (!most.ok) return most;
  const given =
    off.kind === 'amount'
      ? ({ kind: 'amount', amount: most.value } as const)
      : ({ kind: 'percent', bps: off.bps, cap: most.value } as const);
  return ok({ threshold: from.value, off: given });
}
