/**
 * Printed codes, and those of national schemes: the person types the amount, unless the code says it. One that was made for one payment
 * (dynamic, with an amount) is paid once; every other is for all who come.
 */
import { hash } from 'node:crypto';
import type { Id } from '../../base/ids.ts';
import { equals, isPositive, type Money } from '../../base/money.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { ShopFacts } from '../../connectors/ports/wallet.ts';
import type { Participant } from '../../parties/index.ts';
import type { Scenario } from '../hub-payment.ts';
import type { ScanRefusal } from './errors.ts';
import { shopOfNational } from './national-shop.ts';
import { openOnce } from './open-once.ts';
import type { NationalRoute, Route } from './route-code.ts';
import type { Done, ScanCode, ScanDeps, Scanned } from './scan-deps.ts';
import { findCodeByValue, findShop } from './store.ts';

interface StoreScan {
  readonly route: Route & { readonly kind: 'store' };
  readonly acquirers: readonly Participant[];
}

export async function scanStoreCode(deps: ScanDeps, scan: ScanCode, { route, acquirers }: StoreScan): Done {
  const { db } = deps.journal;
  const acquirer = acquirers.find(({ participantId }) => participantId === route.acquirerId);
  if (acquirer === undefined) return refuse('invalid_code', `no acquirer here is ${route.acquirerId}`);
  if (acquirer.state !== 'active') return suspended(acquirer);
  const [shop, code] = await Promise.all([
    findShop(db, acquirer.id, route.merchantId),
    findCodeByValue(db, scan.value),
  ]);
  if (shop === null) return refuse('invalid_code', `${acquirer.name} has registered no shop ${route.merchantId}`);
  if (code?.state === 'retired') return refuse('invalid_code', 'this code was retired; ask the shop for another');
  if (route.currency === null) return refuse('invalid_code', 'does not say a currency that one can pay in (53)');
  const { merchantId, name, localName, country, categoryCode } = shop;
  const latinName = localName === null ? {} : { latinName: name };
  const facts: ShopFacts = { merchantId, name: localName ?? name, country, categoryCode, ...latinName };
  const asked = { acquirer, shop: facts, currency: route.currency, amount: null };
  return payStatic(deps, scan, { asked, scenario: 'store_code', code: code?.id ?? null });
}

/** One made for one payment is paid once; a printed one as a store code, with the amount that it may say. */
export async function scanNationalCode(deps: ScanDeps, scan: ScanCode, route: NationalRoute): Done {
  const { acquirer, currency, amount } = route;
  const asked = { acquirer, shop: shopOfNational(route), currency, amount };
  if (!route.once || amount === null) return payStatic(deps, scan, { asked, scenario: 'push_code', code: null });
  const requestId = requestIdOf('code', scan.value);
  const opened = await openOnce(deps, scan, {
    ...{ acquirer, shop: asked.shop, amount, requestId, scenario: 'push_code', code: null },
    push: scan.value,
    orderReference: route.code.additional['05'] ?? route.code.additional['01'] ?? requestId,
    description: asked.shop.name,
  });
  return opened.ok ? ok({ kind: 'payment', codeType: 'ORDER_CODE', payment: opened.value, acquirer }) : opened;
}

interface StaticCode {
  readonly asked: Omit<Scanned & { readonly kind: 'ask_amount' }, 'kind'>;
  readonly scenario: Scenario;
  readonly code: Id<'hcd'> | null;
}

/** Asks for the amount, or opens the payment of the amount that the person has typed. */
async function payStatic(deps: ScanDeps, scan: ScanCode, { asked, scenario, code }: StaticCode): Done {
  const { typed } = scan;
  if (typed === null) return ok({ kind: 'ask_amount', ...asked });
  const amount = checkTyped(typed.amount, asked);
  if (!amount.ok) return amount;
  const { acquirer, shop } = asked;
  const requestId = requestIdOf(scan.wallet.participantId, typed.userRequestId);
  const opened = await openOnce(deps, scan, {
    ...{ acquirer, shop, amount: amount.value, requestId, scenario, code, userRequestId: typed.userRequestId },
    push: scenario === 'push_code' ? scan.value : null,
    orderReference: requestId,
    description: shop.name,
  });
  return opened.ok ? ok({ kind: 'payment', codeType: 'STORE_CODE', payment: opened.value, acquirer }) : opened;
}

function checkTyped(typed: Money, { currency, amount }: StaticCode['asked']): Result<Money, ScanRefusal> {
  if (typed.currency !== currency)
    return refuse('wrong_currency', `the shop sells in ${currency}`, { pointer: '/paymentAmount/currency' });
  if (!isPositive(typed) || (amount !== null && !equals(typed, amount)))
    return refuse('invalid_amount', amount === null ? 'must be above zero' : 'is not what the code says', {
      pointer: '/paymentAmount/value',
    });
  return ok(typed);
}

/** Ours, of what is said once: a wallet's `userRequestId`, or a code for one payment. 40 characters. */
const requestIdOf = (whose: string, what: string): string =>
  hash('sha256', `${whose}\n${what}`, 'hex').slice(0, 40).toUpperCase();

export const suspended = ({ name }: Participant) =>
  refuse('acquirer_suspended', `${name} takes no payments at the moment`);
