/** A printed code or an order code as the operator sees it. */
import { Type } from 'typebox';
import type { HubCode } from '../../wallets/index.ts';
import { closed, id, instant, nullable } from '../answer-parts.ts';

export const HubCodeAnswer = closed({
  id: id('hcd'),
  kind: Type.String({ description: 'order, entry or store' }),
  state: Type.String({ description: 'printed, live, used or retired' }),
  value: Type.String({ description: 'what is drawn' }),
  acquirer: nullable(id('ptc')),
  shop: nullable(id('shp')),
  payment: Type.Union([id('hpy'), Type.Null()], { description: 'of a printed code the first one, which verified it' }),
  expiresAt: nullable(instant),
  verifiedAt: nullable(instant),
  createdAt: instant,
});

export const viewCode = ({ id, kind, state, value, acquirer, shop, payment, ...times }: HubCode) => ({
  ...{ id, kind, state, value, acquirer, shop, payment },
  ...{ expiresAt: times.expiresAt, verifiedAt: times.verifiedAt, createdAt: times.createdAt },
});
