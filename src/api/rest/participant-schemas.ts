/** What is said about participants over REST, and how they are shown. Which currencies and countries exist is checked after the form. */
import { Type } from 'typebox';
import { closed, id, instant, money, nullable, text } from '../answer-parts.ts';
import { body, Country, MoneyBody, Text } from '../schemas.ts';

const words = (...all: readonly string[]) => Type.Union(all.map((word) => Type.Literal(word)));

const Bps = Type.Integer({ minimum: 0, maximum: 10_000, description: 'hundredths of a percent' });
const Url = Type.String({ pattern: '^https?://[!-~]+$', maxLength: 500 });
const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' });
const Mode = words('cashier', 'autoDebit', 'userPresented', 'merchantPresented');
const Markets = Type.Record(Type.String({ pattern: '^[A-Z]{2}$' }), words('pilot', 'live', 'paused'), {
  additionalProperties: false,
  description: 'where it can be used, by country of the shop',
});
const Limit = body({
  setBy: Text(60),
  per: words('payment', 'year'),
  kind: words('min', 'max'),
  amount: MoneyBody,
});
const Fees = Type.Partial(body({ interchangeBps: Bps, serviceBps: Bps }), { additionalProperties: false });
const Settlement = Type.Partial(
  body({ agreementId: Text(64), days: Type.Integer({ minimum: 0, maximum: 30 }), calendar: Country }),
  { additionalProperties: false },
);

const walletNeeds = {
  slug: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,39}$', description: 'our own short name of it' }),
  brandCode: Type.String({ pattern: '^[A-Z0-9_]{2,40}$', description: 'walletBrandName' }),
  country: Country,
  currency: Currency,
  modes: Type.Array(Mode, { minItems: 1, maxItems: 4 }),
  endpoint: Url,
};
const walletMay = {
  isBankApp: Type.Boolean({ description: 'the app of a bank, which figures of growth count apart' }),
  limits: Type.Array(Limit, { maxItems: 20 }),
  codeIssuer: nullable(Type.String({ pattern: '^[0-9]{6}$' })),
  cutOffMinutes: Type.Integer({ minimum: 0, maximum: 1439 }),
  fees: Fees,
  settlement: Settlement,
  markets: Markets,
};
const acquirerNeeds = {
  countries: Type.Array(Country, { minItems: 1, maxItems: 250 }),
  settlementCurrencies: Type.Array(Currency, { minItems: 1, maxItems: 50 }),
};
const acquirerMay = {
  endpoint: nullable(Url),
  codePrefixes: Type.Array(Text(200), { maxItems: 20 }),
  pushSchemes: Type.Array(Text(32), { maxItems: 20 }),
  fees: Fees,
  settlement: Settlement,
};
const strict = { additionalProperties: false };

const PublicKey = Type.String({ minLength: 100, maxLength: 4000, description: 'RSA, base64 of its SPKI, or PEM' });
export const Version = Type.String({ pattern: '^[0-9]{1,9}$', description: 'as keyVersion in the signature header' });
export const KeyBody = body({ version: Version, publicKey: PublicKey });

export const AddBody = body({
  participantId: Type.String({ pattern: '^[A-Za-z0-9]{8,64}$', description: 'pspId, acquirerId and Client-Id' }),
  name: Text(60),
  publicKey: Type.Optional(PublicKey),
  keyVersion: Type.Optional(Version),
  wallet: Type.Optional(Type.Object({ ...walletNeeds, ...Type.Partial(Type.Object(walletMay)).properties }, strict)),
  acquirer: Type.Optional(
    Type.Object({ ...acquirerNeeds, ...Type.Partial(Type.Object(acquirerMay)).properties }, strict),
  ),
});

export const ChangeBody = body({
  name: Type.Optional(Text(60)),
  wallet: Type.Optional(Type.Partial(Type.Object({ ...walletNeeds, ...walletMay }), strict)),
  acquirer: Type.Optional(Type.Partial(Type.Object({ ...acquirerNeeds, ...acquirerMay }), strict)),
});

export const MarketsBody = body({
  markets: Type.Record(Type.String({ pattern: '^[A-Z]{2}$' }), words('pilot', 'live', 'paused', 'none'), strict),
});

export const slugParams = Type.Object({ wallet: walletNeeds.slug });

const fees = closed({ interchangeBps: Type.Integer(), serviceBps: Type.Integer() });
const settlement = closed({ agreementId: text, days: Type.Integer(), calendar: text });

export const ParticipantAnswer = closed({
  id: id('ptc'),
  state: Type.String({ description: 'active or suspended' }),
  participantId: text,
  name: text,
  keys: Type.Array(closed({ version: text, publicKey: text, state: text, addedAt: instant })),
  wallet: nullable(
    closed({
      ...{ slug: text, brandCode: text, country: text, currency: text, modes: Type.Array(text), endpoint: text },
      limits: Type.Array(closed({ setBy: text, per: text, kind: text, amount: money })),
      codeIssuer: nullable(text),
      isBankApp: Type.Optional(Type.Boolean()),
      cutOffMinutes: Type.Integer({ description: 'minutes of the next day, UTC+8, in which it can still be canceled' }),
      ...{ fees, settlement, markets: Type.Record(text, text) },
      account: Type.String({ description: 'the network account it owes us on' }),
    }),
  ),
  acquirer: nullable(
    closed({
      ...{ countries: Type.Array(text), settlementCurrencies: Type.Array(text), endpoint: nullable(text) },
      ...{ codePrefixes: Type.Array(text), pushSchemes: Type.Array(text), fees, settlement },
    }),
  ),
  createdAt: instant,
});

export const CoverageAnswer = closed({
  markets: Type.Array(text),
  live: Type.Record(text, Type.Integer(), { description: 'how many wallets can be used there now' }),
  wallets: Type.Array(
    closed({
      ...{ id: id('ptc'), slug: text, name: text, brandCode: text, country: text, currency: text, state: text },
      markets: Type.Record(text, text),
    }),
  ),
});
