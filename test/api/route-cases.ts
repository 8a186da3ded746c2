/**
 * Every route of the API with what a test must know of it: who may call it, an id of one's own and one of another's, a good
 * body. bad-input.test.ts fails when the OpenAPI document has a route that is not here.
 */
import { generateKeyPairSync } from 'node:crypto';
import { usd } from '../../stories/story.ts';
import { BANK_ACCOUNT, type Market, type Things } from './scene.ts';

export type Scope = 'orders' | 'payments' | 'payouts' | 'parties' | 'reports' | 'operator';

export interface RouteCase {
  readonly scope: Scope;
  /** Moves money: the Idempotency-Key is required. */
  readonly money?: true;
  /** Takes an Idempotency-Key when there is one. */
  readonly keyed?: true;
  /** For `{id}`: one of the caller's own. */
  readonly own?: string;
  /** For what else the path has, by name. */
  readonly rest?: Readonly<Record<string, string>>;
  /** One of another marketplace; absent where only the operator calls. */
  readonly foreign?: string;
  /** Fits the schema, may be refused by the state of things. */
  readonly body?: unknown;
  /** A list with limit and cursor. */
  readonly paged?: true;
  /** What the query must have at least. */
  readonly query?: string;
  /** The most bytes of a body, where it is not the usual limit. */
  readonly bodyLimit?: number;
  /** Query parameters with values that are wrong. */
  readonly badQueries?: readonly string[];
}

const NONE = '0'.repeat(32);
const AMS_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'der' })
  .toString('base64');
const DAY = '2026-01-01T00:00:00Z';

/** The path as it is called. */
export const pathOf = (path: string, { own = '', rest = {} }: Pick<RouteCase, 'own' | 'rest'>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'id' ? own : (rest[name] ?? '')));

/** By method and path as the OpenAPI document writes them. */
export function routeCases(
  mine: Market & Things,
  other: Market & Things,
  token: string,
): Readonly<Record<string, RouteCase>> {
  return {
    ...partyCases(mine, other),
    ...orderCases(mine, other),
    ...moneyCases(mine, other, token),
    ...operatorCases(mine),
    ...amsCases(mine),
    ...hubCases(),
    ...participantCases(),
  };
}

function partyCases(mine: Market & Things, other: Market & Things): Record<string, RouteCase> {
  const party = { name: 'Somebody', country: 'US', email: 'desk@party.example' };
  const plan = { percentBps: 100, fixed: usd(30), cap: usd(900) };
  const list = { scope: 'parties', paged: true } as const;
  return {
    'POST /v1/marketplaces': {
      scope: 'operator',
      keyed: true,
      body: { name: 'Third', feePlan: plan, payoutSchedule: 'daily' },
    },
    'GET /v1/marketplaces': { scope: 'operator', paged: true },
    'GET /v1/marketplaces/{id}': { scope: 'reports', own: mine.id, foreign: other.id },
    'PATCH /v1/marketplaces/{id}': {
      scope: 'operator',
      keyed: true,
      own: mine.id,
      body: {
        cardRules: {
          authenticate: {
            ...{ always: false, from: { USD: '100000' }, afterDeclines: 3, countries: ['DE'] },
            ...{ lowValueBelow: { EUR: '3000' }, unavailable: 'continue' },
          },
          mismatch: { cvv: 'accept', address: 'accept' },
        },
        cardRoutes: [],
      },
    },
    'GET /v1/network-accounts': { scope: 'operator' },
    'POST /v1/marketplaces/{id}/api-keys': {
      scope: 'operator',
      own: mine.id,
      body: { name: 'second key', scopes: ['orders'] },
    },
    'POST /v1/sellers': {
      scope: 'parties',
      keyed: true,
      body: { ...party, categoryCode: '5732', bankAccount: BANK_ACCOUNT },
    },
    'GET /v1/sellers': { ...list, badQueries: [`q=${'x'.repeat(101)}`] },
    'GET /v1/sellers/{id}': { scope: 'parties', own: mine.seller, foreign: other.seller },
    'PUT /v1/sellers/{id}/bank-account': {
      scope: 'parties',
      keyed: true,
      own: mine.seller,
      foreign: other.seller,
      body: BANK_ACCOUNT,
    },
    'GET /v1/sellers/{id}/balance': { scope: 'parties', own: mine.seller, foreign: other.seller },
    'PUT /v1/marketplaces/{id}/fee-plan': { scope: 'operator', keyed: true, own: mine.id, body: plan },
    'POST /v1/buyers': { scope: 'parties', keyed: true, body: party },
    'GET /v1/buyers': { ...list, badQueries: [`q=${'x'.repeat(101)}`] },
    'GET /v1/buyers/{id}': { scope: 'parties', own: mine.buyer, foreign: other.buyer },
  };
}

function orderCases(mine: Market & Things, other: Market & Things): Record<string, RouteCase> {
  const one = { scope: 'orders', own: mine.order, foreign: other.order } as const;
  return {
    'POST /v1/orders': { scope: 'orders', keyed: true, body: mine.terms() },
    'GET /v1/orders': {
      scope: 'orders',
      paged: true,
      badQueries: ['state=lost', 'state=paid,', 'sort=total', 'seller=me', `buyer=${mine.seller}`, 'from=2026-01-01'],
    },
    'GET /v1/orders/{id}': one,
    'GET /v1/orders/{id}/timeline': one,
    'GET /v1/orders/{id}/payments': one,
    'GET /v1/orders/{id}/postings': one,
    'POST /v1/orders/{id}/ship': { ...one, keyed: true, body: { carrier: 'SF', trackingNumber: '1' } },
    'POST /v1/orders/{id}/receive': { ...one, keyed: true, body: {} },
    'POST /v1/orders/{id}/release': { ...one, money: true, body: {} },
    'POST /v1/orders/{id}/cancel': { ...one, keyed: true, body: { reason: 'changed my mind' } },
  };
}

function moneyCases(mine: Market & Things, other: Market & Things, token: string): Record<string, RouteCase> {
  const payment = { scope: 'payments', own: mine.payment, foreign: other.payment } as const;
  const payout = { scope: 'payouts', own: mine.payout, foreign: other.payout } as const;
  return {
    'POST /v1/orders/{id}/payments': {
      scope: 'payments',
      money: true,
      own: mine.order,
      foreign: other.order,
      body: {
        instalment: 1,
        token,
        capture: 'automatic',
        keepCard: { scope: 'unscheduled', maximum: usd(500), terms: 'v1' },
        billingAddress: { postalCode: '60601', country: 'US', line1: '1 Wacker Drive', city: 'Chicago' },
      },
    },
    'GET /v1/orders/{id}/payment-methods': {
      scope: 'payments',
      own: mine.order,
      foreign: other.order,
      badQueries: ['country=my'],
    },
    'POST /v1/payments/{id}/capture': { ...payment, money: true, body: { amount: usd(1), final: false } },
    'POST /v1/payments/{id}/increment': { ...payment, money: true, body: { amount: usd(1) } },
    'POST /v1/payments/{id}/continue': { ...payment, body: {} },
    'POST /v1/payments/{id}/cancel': { ...payment, money: true, body: {} },
    'POST /v1/payments/{id}/refunds': { ...payment, money: true, body: { amount: usd(100), reason: 'broken' } },
    'GET /v1/payments': { scope: 'payments', paged: true, badQueries: ['state=lost', `order=${mine.seller}`] },
    'GET /v1/payments/{id}': payment,
    'POST /v1/payouts': { scope: 'payouts', money: true, body: { seller: mine.seller, amount: usd(100) } },
    'GET /v1/payouts': { scope: 'payouts', paged: true, badQueries: ['state=lost', `seller=${mine.order}`] },
    'POST /v1/payout-runs': { scope: 'payouts', money: true, body: {} },
    'GET /v1/payout-runs': { scope: 'payouts', paged: true },
    'GET /v1/payout-runs/{id}': { scope: 'payouts', own: mine.run, foreign: other.run },
    'POST /v1/payouts/{id}/cancel': { ...payout, money: true, body: { reason: 'wrong account' } },
    'GET /v1/payouts/{id}': payout,
    ...checkoutCases(mine, other),
    ...cardCases(mine, other),
    ...disputeCases(),
    ...exchangeCases(mine, other),
    ...promotionCases(mine, other),
  };
}

/** No campaign runs in these worlds: what is not there is not found. */
function promotionCases(mine: Market & Things, other: Market & Things): Record<string, RouteCase> {
  const campaign = { scope: 'operator', own: `cmp_${NONE}` } as const;
  const voucher = { scope: 'orders', own: `vch_${NONE}`, foreign: `vch_${NONE}` } as const;
  const off = { kind: 'percent', bps: 500, cap: usd(1000) };
  return {
    'POST /v1/campaigns': {
      scope: 'operator',
      keyed: true,
      body: {
        name: 'Golden week',
        funder: { by: 'hub' },
        gives: { kind: 'discount', terms: [{ threshold: usd(5000), off }] },
        inShops: { countries: ['JP'] },
        from: DAY,
        to: '2026-02-01T00:00:00Z',
      },
    },
    'GET /v1/campaigns': { scope: 'operator', paged: true, badQueries: ['state=lost'] },
    'GET /v1/campaigns/{id}': campaign,
    'POST /v1/campaigns/{id}/budget': { ...campaign, money: true, body: { amount: usd(100) } },
    'POST /v1/campaigns/{id}/launch': { ...campaign, keyed: true, body: {} },
    'POST /v1/campaigns/{id}/pause': { ...campaign, keyed: true, body: {} },
    'POST /v1/campaigns/{id}/end': { ...campaign, keyed: true, body: {} },
    'POST /v1/campaigns/{id}/return-rest': { ...campaign, money: true, body: { currency: 'USD' } },
    'POST /v1/vouchers': {
      scope: 'operator',
      money: true,
      body: { programme: `cmp_${NONE}`, marketplace: mine.id, count: 1 },
    },
    'GET /v1/vouchers': { scope: 'orders', paged: true, badQueries: ['state=lost', `holder=${mine.seller}`] },
    'GET /v1/vouchers/{id}': voucher,
    'POST /v1/vouchers/{id}/assign': { ...voucher, money: true, body: { buyer: mine.buyer } },
    'POST /v1/orders/{id}/vouchers': {
      scope: 'orders',
      money: true,
      own: mine.order,
      foreign: other.order,
      body: { voucher: `vch_${NONE}` },
    },
  };
}

/** Nobody has a quote or a deal in these worlds but what the cases make. */
function exchangeCases(mine: Market, other: Market): Record<string, RouteCase> {
  const seller = { scope: 'payouts', own: mine.seller, foreign: other.seller } as const;
  const deal = { counterparty: 'Bank of Elsewhere', reference: 'FX-1', settlesOn: '2026-12-01' };
  return {
    'GET /v1/fx/rates': { scope: 'payouts' },
    'POST /v1/fx/quotes': {
      scope: 'payouts',
      keyed: true,
      body: { from: 'USD', to: 'EUR', amount: usd(1000) },
    },
    'GET /v1/fx/quotes/{id}': { scope: 'payouts', own: `qte_${NONE}`, foreign: `qte_${NONE}` },
    'GET /v1/fx/positions': { scope: 'operator' },
    'POST /v1/fx/deals': {
      scope: 'operator',
      money: true,
      body: { ...deal, sold: usd(1000), bought: { value: '920', currency: 'EUR' } },
    },
    'GET /v1/fx/deals': { scope: 'operator', paged: true },
    'GET /v1/fx/deals/{id}': { scope: 'operator', own: `fxd_${NONE}` },
    'POST /v1/sellers/{id}/conversions': { ...seller, money: true, body: { quote: `qte_${NONE}` } },
    'GET /v1/sellers/{id}/conversions': { ...seller, paged: true },
  };
}

function checkoutCases(mine: Market & Things, other: Market & Things): Record<string, RouteCase> {
  const links = { scope: 'payments', own: mine.order, foreign: other.order } as const;
  return {
    'POST /v1/orders/{id}/checkout-links': {
      ...links,
      keyed: true,
      body: { instalment: 1, returnUrl: 'https://shop.example/back', expiresIn: 3600 },
    },
    'GET /v1/orders/{id}/checkout-links': links,
    'POST /v1/checkout-links/{id}/revoke': {
      scope: 'payments',
      keyed: true,
      own: mine.link,
      foreign: other.link,
      body: {},
    },
  };
}

/** Nobody has agreed to anything in these worlds (stored-cards.test.ts): what is not there is not found. */
function cardCases(mine: Market, other: Market): Record<string, RouteCase> {
  const agreement = { scope: 'payments', own: `agr_${NONE}`, foreign: `agr_${NONE}` } as const;
  const buyer = { scope: 'payments', own: mine.buyer, foreign: other.buyer } as const;
  return {
    'GET /v1/agreements/{id}': agreement,
    'POST /v1/agreements/{id}/end': { ...agreement, keyed: true, body: { by: 'buyer' } },
    'GET /v1/buyers/{id}/cards': buyer,
    'DELETE /v1/buyers/{id}/cards/{card}': { ...buyer, rest: { card: `tok_${NONE}` } },
  };
}

/** Disputes come from the network: a world without one has none, and what it does not have is not found. */
function disputeCases(): Record<string, RouteCase> {
  const dispute = { scope: 'payments', own: `dsp_${NONE}`, foreign: `dsp_${NONE}` } as const;
  const document = { name: 'proof.txt', mediaType: 'text/plain', content: 'ZGVsaXZlcmVk' };
  return {
    'GET /v1/disputes': { scope: 'payments', paged: true, badQueries: ['state=paid', 'order=me'] },
    'GET /v1/disputes/{id}': dispute,
    'GET /v1/disputes/{id}/timeline': dispute,
    'POST /v1/disputes/{id}/evidence': {
      ...dispute,
      keyed: true,
      body: { documents: [document] },
      bodyLimit: 9 * 1024 * 1024,
    },
    'GET /v1/debts': { scope: 'payouts', paged: true, badQueries: ['state=paid', 'seller=me'] },
    'GET /v1/debts/{id}': { scope: 'payouts', own: `dbt_${NONE}` },
    'POST /v1/debts/{id}/write-off': { scope: 'operator', money: true, own: `dbt_${NONE}`, body: { reason: 'gone' } },
    'POST /v1/disputes/{id}/challenge': { ...dispute, money: true, body: {} },
    'POST /v1/disputes/{id}/accept': { ...dispute, money: true, body: {} },
  };
}

/** Nobody takes part in the hub of these worlds: there is nothing to clear. */
function hubCases(): Record<string, RouteCase> {
  return {
    'GET /v1/clearing/cycles': { scope: 'operator', paged: true },
    'GET /v1/clearing/cycles/{id}': { scope: 'operator', own: `cyc_${NONE}` },
    'GET /v1/hub-settlements': { scope: 'operator', paged: true, badQueries: ['state=paid', 'participantId=a-b'] },
    'GET /v1/hub-settlements/{id}': { scope: 'operator', own: `stl_${NONE}` },
    'GET /v1/growth': {
      scope: 'operator',
      query: 'from=2026-11-01&to=2026-11-02',
      badQueries: [
        'from=2026-11-02&to=2026-11-01',
        'from=2026-02-30&to=2026-03-01',
        'holiday=easter&year=2026',
        'touristSpend=-1',
      ],
    },
  };
}

function amsCases(mine: Market & Things): Record<string, RouteCase> {
  return {
    'GET /v1/ams-gateway': { scope: 'operator' },
    'GET /v1/shops': { scope: 'operator', paged: true, badQueries: ['acquirer=x'] },
    'GET /v1/shops/{id}': { scope: 'operator', own: `shp_${NONE}` },
    'GET /v1/hub-payments': { scope: 'operator', paged: true, badQueries: ['acquirer=x', 'wallet=A', 'state=lost'] },
    'GET /v1/hub-payments/{id}': { scope: 'operator', own: `hpy_${NONE}` },
    'GET /v1/hub-codes/{id}': { scope: 'operator', own: `hcd_${NONE}` },
    'GET /v1/hub-codes/{id}.svg': { scope: 'operator', own: `hcd_${NONE}` },
    'GET /v1/hub-codes/{id}.png': { scope: 'operator', own: `hcd_${NONE}` },
    'POST /v1/hub-codes/{id}/retire': { scope: 'operator', own: `hcd_${NONE}`, body: {} },
    'GET /v1/code-drawing.svg': { scope: 'operator', query: 'value=x', badQueries: ['value='] },
    'GET /v1/code-drawing.png': { scope: 'operator', query: 'value=x', badQueries: ['value='] },
    'GET /v1/ams-clients': { scope: 'operator' },
    'POST /v1/ams-clients': {
      scope: 'operator',
      keyed: true,
      body: {
        clientId: '5X00000000000009',
        marketplace: mine.id,
        publicKey: AMS_KEY,
        defaults: { policy: 'express', shipWithinDays: 9, buyerCountry: 'US', seller: mine.seller, payWithinS: 900 },
        sellers: { 'SELLER-1': mine.seller },
        notifyUrl: 'https://merchant.example/notify',
      },
    },
    'GET /v1/ams-clients/{id}/notifications': { scope: 'operator', own: `amc_${NONE}` },
    'POST /v1/ams-clients/{id}/keys': {
      scope: 'operator',
      keyed: true,
      own: `amc_${NONE}`,
      body: { version: '2', publicKey: AMS_KEY },
    },
    'GET /v1/registrations': { scope: 'operator', paged: true, badQueries: ['state=gone'] },
    'GET /v1/registrations/{id}': { scope: 'operator', own: `reg_${NONE}` },
    'GET /v1/attachments/{id}': { scope: 'operator', own: `att_${NONE}` },
    'POST /v1/registrations/{id}/approve': {
      scope: 'operator',
      keyed: true,
      own: `reg_${NONE}`,
      body: { reason: 'known' },
    },
    'POST /v1/registrations/{id}/refuse': {
      scope: 'operator',
      keyed: true,
      own: `reg_${NONE}`,
      body: { reason: 'unknown' },
    },
    'POST /v1/ams-clients/{id}/withdraw-key': {
      scope: 'operator',
      keyed: true,
      own: `amc_${NONE}`,
      body: { version: '1' },
    },
  };
}

function participantCases(): Record<string, RouteCase> {
  const scope = 'operator';
  const own = `ptc_${NONE}`;
  const wallet = {
    ...{ slug: 'sparrow', brandCode: 'SPARROW', country: 'MY', currency: 'MYR', modes: ['userPresented'] },
    ...{ endpoint: 'https://sparrow.example/mpp', codeIssuer: '281666', cutOffMinutes: 15, markets: { JP: 'live' } },
    limits: [{ setBy: 'Sparrow', per: 'payment', kind: 'max', amount: { value: '100000', currency: 'MYR' } }],
    fees: { interchangeBps: 0, serviceBps: 10 },
    settlement: { agreementId: 'SPARROW1', days: 2, calendar: 'MY' },
  };
  return {
    'GET /v1/participants': { scope, badQueries: ['role=shop'] },
    'GET /v1/participants/{id}': { scope, own },
    'POST /v1/participants': {
      ...{ scope, keyed: true },
      body: { participantId: 'SPARROW000000001', name: 'Sparrow', publicKey: AMS_KEY, keyVersion: '1', wallet },
    },
    'PATCH /v1/participants/{id}': { scope, keyed: true, own, body: { name: 'Sparrow Pay' } },
    'POST /v1/participants/{id}/suspend': { scope, keyed: true, own, body: {} },
    'POST /v1/participants/{id}/resume': { scope, keyed: true, own, body: {} },
    'POST /v1/participants/{id}/keys': { scope, keyed: true, own, body: { version: '2', publicKey: AMS_KEY } },
    'POST /v1/participants/{id}/withdraw-key': { scope, keyed: true, own, body: { version: '1' } },
    'GET /v1/wallets': { scope },
    'GET /v1/wallets/{wallet}': { scope, rest: { wallet: 'tng' } },
    'POST /v1/wallets/{wallet}/markets': {
      scope,
      keyed: true,
      rest: { wallet: 'tng' },
      body: { markets: { JP: 'paused', KR: 'none' } },
    },
    'GET /v1/coverage': { scope },
  };
}

function operatorCases(mine: Market & Things): Record<string, RouteCase> {
  const scope = 'operator';
  const account = `name=seller&owner=${mine.seller}&currency=USD`;
  return {
    'GET /v1/ledger/accounts': { scope, badQueries: ['nonZero=yes', 'currency=usd', `owner=${'x'.repeat(101)}`] },
    'GET /v1/ledger/balance': {
      scope: 'reports',
      query: account,
      badQueries: [
        '',
        'name=pocket&currency=USD',
        `${account}&at=yesterday`,
        `${account}&at=${DAY}&seq=1`,
        `${account}&seq=-1`,
      ],
    },
    'GET /v1/ledger/entries': {
      scope: 'reports',
      query: account,
      badQueries: ['', `${account}&limit=0`, `${account}&limit=101`, `${account}&cursor=x`, `${account}&cursor=1`],
    },
    'GET /v1/ledger/statement': {
      scope: 'reports',
      query: `${account}&from=${DAY}&to=2030-01-01T00:00:00Z`,
      badQueries: [
        account,
        `${account}&from=${DAY}`,
        `${account}&from=${DAY}&to=2026-02-30T00:00:00Z`,
        `${account}&from=${DAY}&to=2025-01-01T00:00:00Z`,
        `${account}&from=${DAY}&to=${DAY}&format=pdf`,
      ],
    },
    'GET /v1/ledger/check': { scope },
    'GET /v1/ledger/trace/{id}': { scope, own: mine.order, badQueries: ['cent=0', 'cent=-1', 'cent=1.5'] },
    'GET /v1/reconciliation/lines': { scope, paged: true, badQueries: ['state=lost'] },
    'POST /v1/reconciliation/lines/{id}/explain': {
      scope,
      keyed: true,
      own: `ln_${NONE}`,
      body: { as: 'capital', reason: 'float' },
    },
    'POST /v1/reconciliation/import': { scope, body: { day: '2026-01-05' } },
    'GET /v1/reconciliation/breaks': { scope, paged: true, badQueries: ['state=lost'] },
    'POST /v1/reconciliation/breaks/{id}/close': {
      scope,
      keyed: true,
      own: `brk_${NONE}`,
      body: { reason: 'found', by: 'me' },
    },
    'GET /v1/operations': { scope, badQueries: ['olderThanMinutes=-1', 'olderThanMinutes=x'] },
    'POST /v1/operations/{id}/resolve': {
      scope,
      own: `opn_${NONE}`,
      body: { outcome: 'declined', evidence: 'letter 7', reason: 'never seen' },
    },
    'GET /v1/events': { scope, badQueries: ['after=-1', 'after=x', 'limit=0', 'limit=1001'] },
    'GET /v1/system': { scope: 'reports' },
    'GET /v1/jobs/dead': { scope },
    'GET /v1/vault/keys': { scope },
    'POST /v1/vault/keys/rotate': { scope, body: { what: 'root' } },
    'POST /v1/vault/keys/remove': { scope, body: { rootKey: `kek_${NONE}` } },

    'POST /v1/jobs/{id}/restart': { scope, own: NONE, body: {} },
  };
}
