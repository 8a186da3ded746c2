/** What banks do with the list of settlements: participants pay what they owe, the operator pays what it owes. Booked once by reference. */
import type { Page } from '../../../stories/views.ts';
import type { World } from '../../../stories/world.ts';
import { BANK_ACCOUNT } from './town.ts';

export interface Settlement {
  readonly id: string;
  readonly state: string;
  readonly reference: string;
  readonly name: string;
  readonly participantId: string;
  readonly direction: 'in' | 'out' | 'none';
  readonly amount: { readonly value: string; readonly currency: string };
}

/** How many were carried out. */
export async function settleDue(world: World): Promise<number> {
  const due = (await settlementsOf(world, 'state=instructed&')).filter(({ direction }) => direction !== 'none');
  for (const { direction, amount, reference, name } of due) {
    const transfer = { account: BANK_ACCOUNT, currency: amount.currency, amount: amount.value, endToEndId: reference };
    const path = `/_interbank/${direction === 'in' ? 'credits' : 'debits'}`;
    await world.bank.post(path, { ...transfer, debtorName: name, text: `settlement ${reference}` });
  }
  return due.length;
}

export async function settlementsOf({ operator }: World, filter = ''): Promise<readonly Settlement[]> {
  const found: Settlement[] = [];
  for (let cursor = ''; ; ) {
    const page = await operator.get<Page<Settlement>>(`/v1/hub-settlements?${filter}limit=100${cursor}`);
    found.push(...page.data);
    if (page.next === null) return found;
    cursor = `&cursor=${page.next}`;
  }
}
