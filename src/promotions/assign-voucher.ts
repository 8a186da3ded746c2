/** A voucher gets a holder: a buyer of the marketplace it was issued for. Once; where the campaign limits it, so often a person. */
import type { Id } from '../base/ids.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, merge, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findBuyer } from '../parties/index.ts';
import type { PromotionDeps } from './deps.ts';
import type { PromotionRefusal } from './errors.ts';
import { countingUses, readPerson, usesOf } from './person-uses.ts';
import { findCampaign, findVoucher } from './store.ts';
import { VOUCHER_MOVES, type Voucher, vouchers } from './voucher.ts';

export interface AssignVoucher {
  /** Null for the operator. */
  readonly marketplace: Id<'mkt'> | null;
  readonly voucher: Id<'vch'>;
  readonly buyer: Id<'buy'>;
}

export function assignVoucher(
  deps: PromotionDeps,
  command: CommandKey | undefined,
  input: AssignVoucher,
): Promise<Result<Outcome<Voucher>, PromotionRefusal>> {
  const { db } = deps.journal;
  return deps.journal.run(command, async () => {
    const voucher = await findVoucher(db, input.voucher);
    if (voucher === null || (input.marketplace !== null && voucher.marketplace !== input.marketplace))
      return refuse('not_found', 'no such voucher') as Result<never, PromotionRefusal>;
    const at = deps.clock.now();
    if (voucher.state !== 'issued' || voucher.expiresAt <= at)
      return refuse('illegal_move', 'only a voucher that nobody has and that is good can be assigned', {
        facts: { state: voucher.state },
      });
    const [buyer, programme, person] = await Promise.all([
      findBuyer(db, input.buyer),
      findCampaign(db, voucher.programme),
      readPerson(db, input.buyer),
    ]);
    if (buyer === null || buyer.marketplace !== voucher.marketplace)
      return refuse('unknown_party', 'no such buyer', { pointer: '/buyer' });
    const limit = programme?.perPerson ?? null;
    if (limit !== null && (usesOf(person).get(voucher.programme) ?? 0) >= limit)
      return refuse('voucher_in_use', 'this buyer has had as many as the campaign gives one person', {
        pointer: '/buyer',
        facts: { perPerson: limit },
      });
    assertMove(VOUCHER_MOVES, `voucher ${voucher.id}`, voucher.state, 'assigned');
    const changes = { state: 'assigned', holder: buyer.id } as const;
    const own = part({
      events: [event('voucher.assigned', voucher.id, { to: buyer.id })],
      writes: [update(vouchers, voucher, changes)],
    });
    const uses = countingUses(person, limit === null ? [] : [{ id: voucher.programme }], 1);
    const after: Voucher = { ...voucher, ...changes, version: voucher.version + 1 };
    return ok({ unit: { at, ...merge(own, uses), answer: after }, value: after });
  });
}
