/**
 * Codes to print for a shop: EMVCo, static, without amount, with our template beside those of other schemes that the acquirer gives.
 * The same call again gives the same code; other facts, or a code that was retired, give the next one.
 *
 * Life: `printed` → a first payment verifies that it can be read and leads to its shop → `live` → `retired` by hand. The code says
 * everything itself, so one that an acquirer prints on its own is good too; it has no row here and no life.
 */
import type { Instant } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import { type Id, newId } from '../../base/ids.ts';
import { isLegalMove } from '../../base/moves.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { absent, type Decision, EMPTY_PART, insert, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import type { Participant } from '../../parties/index.ts';
import type { DataObject } from '../codes/data-objects.ts';
import { HUB_CODE_MOVES, type HubCode, hubCodes, type Shop } from '../hub-payment.ts';
import { type CodeDeps, committedOr, committedValue, NOTHING_NEW, type NothingNew } from './deps.ts';
import type { IssueRefusal } from './errors.ts';
import { findCode, findShop, storeCodesOf } from './store.ts';
import { storeCodeValue } from './store-code-value.ts';

/** The template of another scheme, as its own rules want it. */
export interface SchemeTemplate {
  /** 27 to 51; 26 is ours. */
  readonly id: string;
  readonly guid: string;
  readonly objects: readonly DataObject[];
}

export interface CreateStoreCode {
  readonly acquirer: Participant;
  readonly merchantId: string;
  /** What the shop sells in. */
  readonly currency: Currency;
  readonly schemes: readonly SchemeTemplate[];
}

/** Checks in this order: the shop, that it is registered with a city, then what EMVCo and the profile of the country ask. */
export async function createStoreCode(deps: CodeDeps, input: CreateStoreCode): Promise<Result<HubCode, IssueRefusal>> {
  const same = await sameCode(deps, input);
  if (!same.ok) return same;
  if (same.value.code !== null) return ok(same.value.code);
  type Decided = Result<Decision<HubCode>, IssueRefusal | NothingNew>;
  const created = await deps.journal.run(undefined, async (): Promise<Decided> => {
    const found = await sameCode(deps, input);
    if (!found.ok) return found;
    const { shop, next, code: meanwhile } = found.value;
    if (meanwhile !== null) return NOTHING_NEW;
    const value = storeCodeValue({ shop, acquirerId: input.acquirer.participantId, number: next, ...input });
    if (!value.ok) return value;
    const at = deps.clock.now();
    const code = printedCode({ acquirer: input.acquirer.id, shop: shop.id, number: next, value: value.value }, at);
    const unit = part({
      events: [event('hub_code.issued', code.id, { kind: code.kind })],
      writes: [insert(hubCodes, code)],
      guards: [absent(hubCodes, 'value', code.value)],
    });
    return ok({ unit: { at, ...unit }, value: code });
  });
  return committedOr(created, async () => {
    const there = await sameCode(deps, input);
    return (there.ok ? there.value.code : null) as HubCode;
  });
}

interface Found {
  readonly shop: Shop;
  /** One that says exactly this and still leads to its shop. */
  readonly code: HubCode | null;
  /** Of the next code. */
  readonly next: number;
}

async function sameCode({ journal }: CodeDeps, input: CreateStoreCode): Promise<Result<Found, IssueRefusal>> {
  const { acquirer, merchantId } = input;
  const shop = await findShop(journal.db, acquirer.id, merchantId);
  if (shop === null)
    return refuse('unknown_shop', 'no such shop; register it first', { pointer: '/referenceMerchantId' });
  if (shop.city === null)
    return refuse('unknown_shop', 'the shop is known by its payments only; register it first', {
      pointer: '/referenceMerchantId',
    });
  const codes = await storeCodesOf(journal.db, shop.id);
  const says = (code: HubCode): boolean => {
    const value = storeCodeValue({ shop, acquirerId: acquirer.participantId, number: code.number ?? 1, ...input });
    return code.state !== 'retired' && value.ok && value.value === code.value;
  };
  const next = Math.max(0, ...codes.map(({ number }) => number ?? 0)) + 1;
  return ok({ shop, code: codes.find(says) ?? null, next });
}

/** Of a shop or of its page. */
export const printedCode = (
  facts: Pick<HubCode, 'acquirer' | 'shop' | 'value' | 'number'> & { readonly kind?: 'store' | 'entry' },
  at: Instant,
): HubCode => ({
  id: newId('hcd'),
  version: 1,
  state: 'printed',
  kind: 'store',
  ...facts,
  ...{ wallet: null, customerId: null, payment: null, expiresAt: null, verifiedAt: null },
  createdAt: at,
});

/**
 * The part of the unit by which a payment is paid that came through a printed code: the first one verifies the code. A later one, and
 * one through a code without a row, change nothing.
 */
export function verifyingCode(code: HubCode | null, payment: Id<'hpy'>, at: Instant): UnitPart {
  if (code === null || code.state !== 'printed') return EMPTY_PART;
  return part({
    events: [event('hub_code.verified', code.id, { payment })],
    writes: [update(hubCodes, code, { state: 'live', payment, verifiedAt: at })],
  });
}

/** By hand: it leads nowhere any more, and whoever scans it is told so. Payments that began by it go on. */
export async function retireCode(
  { journal, clock }: CodeDeps,
  { id, by }: { readonly id: Id<'hcd'>; readonly by: string },
): Promise<Result<HubCode, IssueRefusal>> {
  const retired = await journal.run(undefined, async (): Promise<Result<Decision<HubCode>, IssueRefusal>> => {
    const code = await findCode(journal.db, id);
    if (code === null) return refuse('not_found', 'no such code');
    const isPrinted = code.kind === 'store' || code.kind === 'entry';
    if (!isPrinted || !isLegalMove(HUB_CODE_MOVES, code.state, 'retired'))
      return refuse('illegal_move', 'only a printed code that still leads somewhere is retired');
    const unit = part({
      events: [event('hub_code.retired', id, { by })],
      writes: [update(hubCodes, code, { state: 'retired' })],
    });
    const value: HubCode = { ...code, state: 'retired', version: code.version + 1 };
    return ok({ unit: { at: clock.now(), ...unit }, value });
  });
  return committedValue(retired);
}
