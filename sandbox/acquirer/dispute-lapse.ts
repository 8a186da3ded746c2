/** A dispute that nobody has answered by the due instant is lost. What was taken stays taken; nothing more moves. */
import type { Activity } from '../base/agenda.ts';
import type { Acquirer } from './acquirer.ts';
import type { DisputeRow } from './dispute.ts';
import { changeDispute } from './dispute-rows.ts';

const NEXT = 'select * from dispute where due_ms is not null order by due_ms, change_seq limit 1';

export function lapseDisputes(acquirer: Acquirer): Activity {
  const { store } = acquirer;
  return {
    name: 'dispute lapse',
    nextDue: () => {
      const due = store.first<DisputeRow>(NEXT)?.due_ms ?? null;
      return due === null ? null : Number(due);
    },
    run: () =>
      store.transaction(() => {
        const dispute = store.first<DisputeRow>(NEXT);
        if (dispute !== null) changeDispute(acquirer, dispute, { status: 'EXPIRED', outcome: 'LOST', due_ms: null });
      }),
  };
}
