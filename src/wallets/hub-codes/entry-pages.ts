/**
 * Entry codes: the link to a shop's page, printed by the acquirer. The phone opens the page, and the page goes on with `pay`. A page is
 * registered once, by the address without its query: what a shop puts behind the question mark is its own.
 */
import { ok, type Result, refuse } from '../../base/result.ts';
import { absent, type Decision, insert, part } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import type { Participant } from '../../parties/index.ts';
import { type HubCode, hubCodes } from '../hub-payment.ts';
import { type CodeDeps, committedValue } from './deps.ts';
import type { IssueRefusal } from './errors.ts';
import { findCodeByValue, findShop } from './store.ts';
import { printedCode } from './store-codes.ts';

export interface RegisterEntryPage {
  readonly acquirer: Participant;
  /** Of a registered shop. */
  readonly merchantId: string;
  /** https; without query. */
  readonly url: string;
}

/** Checks in this order: the shop, the address, that it is nobody else's. The same again changes nothing. */
export async function registerEntryPage(
  { journal, clock }: CodeDeps,
  { acquirer, merchantId, url }: RegisterEntryPage,
): Promise<Result<HubCode, IssueRefusal>> {
  const { db } = journal;
  const shop = await findShop(db, acquirer.id, merchantId);
  if (shop === null)
    return refuse('unknown_shop', 'no such shop; register it first', { pointer: '/referenceMerchantId' });
  const page = pageOf(url);
  if (page === null || new URL(url).search !== '')
    return refuse('code_not_allowed', 'must be an https address without query', { pointer: '/pageUrl' });
  const known = await findCodeByValue(db, page);
  if (known !== null) return samePage(known, shop.id);
  const registered = await journal.run(undefined, async (): Promise<Result<Decision<HubCode>, IssueRefusal>> => {
    const meanwhile = await findCodeByValue(db, page);
    if (meanwhile !== null) return refuse('conflict', 'the page is being registered; ask again');
    const at = clock.now();
    const facts = { acquirer: acquirer.id, shop: shop.id, value: page, number: null, kind: 'entry' } as const;
    const code = printedCode(facts, at);
    const unit = part({
      events: [event('hub_code.issued', code.id, { kind: code.kind })],
      writes: [insert(hubCodes, code)],
      guards: [absent(hubCodes, 'value', page)],
    });
    return ok({ unit: { at, ...unit }, value: code });
  });
  return committedValue(registered);
}

function samePage(known: HubCode, shop: string): Result<HubCode, IssueRefusal> {
  if (known.shop === shop && known.state !== 'retired') return ok(known);
  const why = known.state === 'retired' ? 'was retired' : "is another shop's";
  return refuse('code_taken', `this page ${why}`, { pointer: '/pageUrl' });
}

/** What is registered of a link, and looked for when one is scanned; null when it is no https address. */
export function pageOf(link: string): string | null {
  const url = URL.parse(link);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return null;
  return `${url.origin}${url.pathname}`;
}
