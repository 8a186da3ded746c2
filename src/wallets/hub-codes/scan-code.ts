/**
 * A person has scanned a code (`userInitiatedPay`): what it leads to. A code with an amount becomes a payment that the wallet has, at a
 * price that holds; one without asks for the amount, and the same scan comes again with it; a shop's page is opened.
 *
 * Invariants: while a code lives, whoever has scanned it gets the same payment again, and nobody else gets it; the wallet's
 * `userRequestId` stands for one payment. The acquirer is asked about its own code outside every decision, and answers
 * the same code alike.
 */
import { type Instant, msOf } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { findParticipant, type Participant } from '../../parties/index.ts';
import type { HubRefusal } from '../errors.ts';
import type { HubCode, HubPayment } from '../hub-payment.ts';
import { askAcquirer } from './ask-acquirer.ts';
import { pageOf } from './entry-pages.ts';
import type { ScanRefusal } from './errors.ts';
import { openOnce, theirs } from './open-once.ts';
import { type Route, routeCode } from './route-code.ts';
import type { Done, ScanCode, ScanDeps } from './scan-deps.ts';
import { scanNationalCode, scanStoreCode, suspended } from './scan-printed.ts';
import { findCodeByValue, listAcquirers, loadPayment } from './store.ts';

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
  if (code.amsPayment !== undefined) {
    const { wallet, customerId } = scan;
    const debit = await deps.orderCodes.scanned(code, { wallet, customerId });
    return debit.ok ? ok({ kind: 'order', debit: debit.value }) : debit;
  }
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

async function acquirerOfCode(
  db: ScanDeps['journal']['db'],
  id: Id<'ptc'> | null,
): Promise<Result<Participant, ScanRefusal>> {
  const acquirer = id === null ? null : await findParticipant(db, id);
  if (acquirer === null) return refuse('invalid_code', 'the acquirer of this code is not here');
  return acquirer.state === 'active' ? ok(acquirer) : suspended(acquirer);
}

const isOver = (at: Instant | null, now: Instant): boolean => at !== null && msOf(at) <= msOf(now);
