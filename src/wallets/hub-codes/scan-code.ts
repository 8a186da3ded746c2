/**
 * A person has scanned a code (`userInitiatedPay`): what it leads to. A code with an amount becomes a payment that the wallet has, at a
 * price that holds; one without asks for the amount, and the same scan comes again with it; a shop's page is opened.
 *
 * Invariants: while a code lives, whoever has scanned it gets the same payment again, and nobody else gets it; the wallet's
 * `userRequestId` stands for one payment. The acquirer is asked about its own code outside every decision, and answers
 * the same code alike.
 */
import { hash } from 'node:crypto';
import { addMs, type Instant, msOf } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import type { Id } from '../../base/ids.ts';
import { equals, isPositive, type Money } from '../../base/money.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { ShopFacts } from '../../connectors/ports/wallet.ts';
import { findParticipant, type Participant } from '../../parties/index.ts';
import type { HubRefusal } from '../errors.ts';
import type { HubCode, HubPayment, Scenario } from '../hub-payment.ts';
import { askAcquirer } from './ask-acquirer.ts';
import { pageOf } from './entry-pages.ts';
import type { ScanRefusal } from './errors.ts';
import { shopOfNational } from './national-shop.ts';
import { type NationalRoute, type Route, routeCode } from './route-code.ts';
import type { OpenForPerson, ScanDeps } from './scan-deps.ts';
import { findCodeByValue, findPaymentByRequest, findShop, listAcquirers, loadPayment } from './store.ts';

export interface ScanCode {
  readonly value: string;
  readonly wallet: Participant;
  readonly customerId: string;
  /** What the person has typed, where the code says no amount. */
  readonly typed: { readonly amount: Money; readonly userRequestId: string } | null;
}

export type Scanned =
  | {
      readonly kind: 'payment';
      readonly codeType: 'ORDER_CODE' | 'STORE_CODE';
      readonly payment: HubPayment;
      readonly acquirer: Participant;
    }
  | {
      readonly kind: 'ask_amount';
      readonly acquirer: Participant;
      readonly shop: ShopFacts;
      readonly currency: Currency;
      /** Printed in the code: the person cannot type another. */
      readonly amount: Money | null;
    }
  | { readonly kind: 'open_page'; readonly acquirer: Participant; readonly url: string };

type Done = Promise<Result<Scanned, ScanRefusal | HubRefusal>>;

/** A payment that a person begins waits this long. */
export const PERSON_WAITS_MS = 10 * 60_000;

/** Checks in this order: the wallet's mode, the code, the amount; then those of every payment. */
export async function scanCode(deps: ScanDeps, scan: ScanCode): Done {
  if (scan.wallet.wallet?.modes.includes('merchantPresented') !== true)
    return refuse('mode_not_offered', 'the users of this wallet scan no codes');
  const acquirers = await listAcquirers(deps.journal.db);
  const route = routeCode(scan.value, { domain: deps.codeDomain, acquirers });
  if (!route.ok) return route;
  switch (route.value.kind) {
    case 'store':
      return scanStoreCode(deps, scan, { route: route.value, acquirers });
    case 'national':
      return scanNationalCode(deps, scan, route.value);
    case 'link':
      return scanLink(deps, scan, route.value);
  }
}

/** What is known of a link by its own row comes before the acquirer whose prefix it has. */
async function scanLink(deps: ScanDeps, scan: ScanCode, route: Route & { readonly kind: 'link' }): Done {
  const { db } = deps.journal;
  const code = (await findCodeByValue(db, scan.value)) ?? (await entryPage(deps, scan.value));
  if (code?.kind === 'order') return scanOrderCode(deps, scan, code);
  if (code?.kind === 'entry') return openPage(deps, scan, code);
  if (route.acquirer !== null) return scanPrivateCode(deps, scan, route.acquirer);
  const why = route.isOurs ? 'no order has this code' : 'this page is nobody’s who takes part here';
  return refuse('invalid_code', why);
}

async function entryPage({ journal }: ScanDeps, link: string): Promise<HubCode | null> {
  const page = pageOf(link);
  return page === null ? null : findCodeByValue(journal.db, page);
}

async function openPage({ journal }: ScanDeps, { value }: ScanCode, code: HubCode): Done {
  if (code.state === 'retired') return refuse('invalid_code', 'this page was retired; ask the shop for another code');
  const acquirer = await acquirerOfCode(journal.db, code.acquirer);
  return acquirer.ok ? ok({ kind: 'open_page', acquirer: acquirer.value, url: value }) : acquirer;
}

async function scanOrderCode(deps: ScanDeps, scan: ScanCode, code: HubCode): Done {
  const { db } = deps.journal;
  if (isOver(code.expiresAt, deps.clock.now())) return refuse('expired_code', 'this code has expired');
  const acquirer = await acquirerOfCode(db, code.acquirer);
  if (!acquirer.ok) return acquirer;
  const found = code.payment === null ? null : await loadPayment(db, code.payment);
  if (found === null) return refuse('invalid_code', 'no order has this code');
  const payment = await offerTo(deps, scan, found);
  return payment.ok
    ? ok({ kind: 'payment', codeType: 'ORDER_CODE', payment: payment.value, acquirer: acquirer.value })
    : payment;
}

/** To whoever scans first; the same person is answered as before. */
async function offerTo(
  deps: ScanDeps,
  scan: ScanCode,
  found: HubPayment,
): Promise<Result<HubPayment, ScanRefusal | HubRefusal>> {
  const standing = theirs(found, scan);
  if (!standing.ok || found.state !== 'waiting') return standing;
  const { wallet, customerId } = scan;
  const offered = await deps.offer(found, { wallet, customerId });
  if (offered.ok) return offered;
  // Of two who scan at once, or of one who scans twice, the second finds what the first has made of it.
  const now = await loadPayment(deps.journal.db, found.id);
  return now === null || now.state === 'waiting' ? offered : theirs(now, scan);
}

/** Refused to anybody else, and once nothing can come of it. */
function theirs(
  payment: HubPayment,
  { wallet, customerId }: Pick<ScanCode, 'wallet' | 'customerId'>,
): Result<HubPayment, ScanRefusal> {
  const isTheirs = payment.wallet === wallet.id && payment.customerId === customerId;
  if (payment.wallet !== null && !isTheirs) return refuse('paid_by_another', 'somebody else is paying with this code');
  return ENDED.has(payment.state) ? refuse('order_closed', 'this order cannot be paid any more') : ok(payment);
}

const ENDED: ReadonlySet<HubPayment['state']> = new Set(['failed', 'closed', 'canceling', 'canceled']);

interface StoreScan {
  readonly route: Route & { readonly kind: 'store' };
  readonly acquirers: readonly Participant[];
}

async function scanStoreCode(deps: ScanDeps, scan: ScanCode, { route, acquirers }: StoreScan): Done {
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
  const facts: ShopFacts = { merchantId, name: localName ?? name, country, categoryCode };
  const asked = { acquirer, shop: facts, currency: route.currency, amount: null };
  return payStatic(deps, scan, { asked, scenario: 'store_code', code: code?.id ?? null });
}

/** One made for one payment is paid once; a printed one as a store code, with the amount that it may say. */
async function scanNationalCode(deps: ScanDeps, scan: ScanCode, route: NationalRoute): Done {
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

async function scanPrivateCode(deps: ScanDeps, scan: ScanCode, acquirer: Participant): Done {
  const said = await askAcquirer(deps.acquirers, acquirer, { value: scan.value, customerId: scan.customerId });
  if (!said.ok) return said;
  const { requestId, orderReference, description, amount, shop, settlementCurrency, expiresAt, notifyUrl } = said.value;
  if (isOver(expiresAt, deps.clock.now()))
    return refuse('expired_code', 'the acquirer says that this code has expired');
  const opened = await openOnce(deps, scan, {
    ...{ acquirer, shop, amount, requestId, orderReference, description, settlementCurrency, expiresAt, notifyUrl },
    ...{ scenario: 'private_code', code: null, push: null },
  });
  return opened.ok ? ok({ kind: 'payment', codeType: 'ORDER_CODE', payment: opened.value, acquirer }) : opened;
}

type Opening = Pick<
  OpenForPerson,
  'acquirer' | 'shop' | 'amount' | 'requestId' | 'scenario' | 'code' | 'push' | 'orderReference' | 'description'
> &
  Partial<Pick<OpenForPerson, 'settlementCurrency' | 'notifyUrl' | 'userRequestId'>> & {
    readonly expiresAt?: Instant | null;
  };

/** The payment of this request id: opened now, or as it is when the same person has opened it. */
async function openOnce(
  deps: ScanDeps,
  scan: ScanCode,
  opening: Opening,
): Promise<Result<HubPayment, ScanRefusal | HubRefusal>> {
  const again = await openedBefore(deps, scan, opening);
  if (again !== null) return again;
  const { wallet, customerId } = scan;
  const latest = addMs(deps.clock.now(), PERSON_WAITS_MS);
  const { expiresAt } = opening;
  const opened = await deps.open({
    ...opening,
    ...{ wallet, customerId },
    settlementCurrency: opening.settlementCurrency ?? null,
    notifyUrl: opening.notifyUrl ?? null,
    userRequestId: opening.userRequestId ?? null,
    expiresAt: expiresAt === undefined || expiresAt === null || expiresAt > latest ? latest : expiresAt,
  });
  if (opened.ok) return opened;
  return (await openedBefore(deps, scan, opening)) ?? opened;
}

async function openedBefore(
  { journal }: ScanDeps,
  scan: ScanCode,
  { acquirer, requestId, amount, shop }: Opening,
): Promise<Result<HubPayment, ScanRefusal> | null> {
  const found = await findPaymentByRequest(journal.db, acquirer.id, requestId);
  if (found === null) return null;
  if (!equals(found.amount, amount) || found.shop.merchantId !== shop.merchantId)
    return refuse('request_id_taken', 'this request was another amount or another shop');
  return theirs(found, scan);
}

/** Ours, of what is said once: a wallet's `userRequestId`, or a code for one payment. 40 characters. */
const requestIdOf = (whose: string, what: string): string =>
  hash('sha256', `${whose}\n${what}`, 'hex').slice(0, 40).toUpperCase();

async function acquirerOfCode(
  db: ScanDeps['journal']['db'],
  id: Id<'ptc'> | null,
): Promise<Result<Participant, ScanRefusal>> {
  const acquirer = id === null ? null : await findParticipant(db, id);
  if (acquirer === null) return refuse('invalid_code', 'the acquirer of this code is not here');
  return acquirer.state === 'active' ? ok(acquirer) : suspended(acquirer);
}

const suspended = ({ name }: Participant) => refuse('acquirer_suspended', `${name} takes no payments at the moment`);

const isOver = (at: Instant | null, now: Instant): boolean => at !== null && msOf(at) <= msOf(now);
