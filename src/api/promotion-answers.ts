/** What answers about campaigns and vouchers look like, for the OpenAPI description (answers.ts). */
import { Type } from 'typebox';
import { closed, id, instant, money, nullable, said, text } from './answer-parts.ts';

const many = (schema: Parameters<typeof Type.Array>[0]) => nullable(Type.Array(schema));

const campaignFields = {
  id: id('cmp'),
  state: Type.String({ description: 'draft, live, paused or ended' }),
  name: Type.String({ description: 'what the person who saves is told' }),
  funder: closed({
    by: Type.String({ description: 'hub, sponsor, wallet or merchant' }),
    name: Type.Optional(Type.String({ description: 'of a sponsor' })),
    wallet: Type.Optional(id('ptc')),
    acquirer: Type.Optional(id('ptc')),
    merchantId: Type.Optional(text),
  }),
  gives: closed({
    kind: Type.String({ description: 'discount or voucher' }),
    terms: Type.Optional(
      Type.Array(
        closed({
          threshold: said('the order comes to at least this'),
          off: closed({
            kind: text,
            amount: Type.Optional(money),
            bps: Type.Optional(Type.Integer({ description: 'hundredths of a percent' })),
            cap: Type.Optional(money),
          }),
        }),
      ),
    ),
    voucher: Type.Optional(closed({ sale: text, face: money, validDays: Type.Integer(), policy: Type.Optional(text) })),
  }),
  inShops: nullable(
    closed({
      countries: many(text),
      wallets: many(id('ptc')),
      acquirers: many(id('ptc')),
      shops: many(closed({ acquirer: id('ptc'), merchantId: text })),
    }),
  ),
  onOrders: nullable(closed({ marketplaces: many(id('mkt')) })),
  from: instant,
  to: instant,
  perPerson: nullable(Type.Integer()),
  stackable: Type.Boolean(),
  priority: Type.Integer(),
  budgets: Type.Array(said('ever set or paid in')),
  createdAt: instant,
  endedAt: nullable(instant),
};

export const FundReturnAnswer = closed({
  id: id('ref'),
  state: Type.String({ description: 'due, and paid once a line of our bank is explained by it' }),
  campaign: id('cmp'),
  amount: money,
  paidBy: nullable(id('ln')),
  createdAt: instant,
});

export const CampaignAnswer = closed(campaignFields);

export const CampaignWithMoney = closed({
  ...campaignFields,
  money: Type.Array(
    closed({
      left: said('may still be given'),
      reserved: said('kept for payments that are not paid yet, and for open free vouchers'),
      fund: said('of a sponsor, with us'),
    }),
  ),
  returns: Type.Array(FundReturnAnswer, { description: 'of the rest, to the sponsor' }),
});

export const VoucherAnswer = closed({
  id: id('vch'),
  state: Type.String({ description: 'issued, assigned, redeemed or lapsed' }),
  programme: id('cmp'),
  marketplace: id('mkt'),
  name: text,
  sale: Type.String({ description: 'free or sold' }),
  holder: nullable(id('buy')),
  face: money,
  left: said('what it can still pay'),
  applied: nullable(closed({ order: id('ord'), amount: money })),
  expiresAt: instant,
  createdAt: instant,
});
