/**
 * settle: what an order holds is split between its seller and the marketplace. Taken from earliestSettlementTime on, once for an
 * order; the sum must be what was captured and not refunded.
 */
import { type AmsInstruction, hasPaid, instruct } from '../../ams/index.ts';
import { add, type Money, zero } from '../../base/money.ts';
import { type Answer, type Call, refused } from './call.ts';
import type { Fields } from './fields.ts';
import { findNamedPayment } from './named.ts';
import { type AmsResult, resultOf, resultOfRefusal, SUCCESS } from './results.ts';
import { inTime } from './within-time.ts';

const MOST_DETAILS = 20;

export async function settle(call: Call): Promise<Answer> {
  const { app, client, fields } = call;
  const requestId = fields.needText('settlementRequestId', 64);
  const id = fields.needText('paymentId', 64);
  const split = readSplit(fields);
  if (fields.wrong !== null || split === null) return refused(fields.wrong ?? NO_DETAILS);
  const row = await findNamedPayment(app.journal.db, client, { id });
  if (row === null) return refused({ code: 'unknown_payment', detail: 'no such payment' });
  if (!(await hasPaid(app.ams, row))) return refused({ code: 'not_paid', detail: 'this payment has paid nothing' });
  const wish = { kind: 'settle', amsPayment: row.id, order: row.order, ...split } as const;
  const settled = await inTime(call, instruct(app.ams, { client, requestId, wish, notifyUrl: null }));
  if (settled === null) return { result: IN_PROCESS, settlementRequestId: requestId };
  if (!settled.ok) return refused(settled.error);
  return {
    result: instructionResult(settled.value),
    settlementRequestId: requestId,
    settlementId: settled.value.id,
  };
}

const NO_DETAILS = { code: 'illegal_parameter', detail: 'is needed', pointer: '/settlementDetails' } as const;

/** Several details of one side count together. */
function readSplit(fields: Fields): { readonly net: Money; readonly share: Money } | null {
  const count = fields.count('settlementDetails', MOST_DETAILS);
  let sums: { readonly SELLER: Money; readonly MARKETPLACE: Money } | null = null;
  for (let index = 0; index < count; index += 1) {
    const path = `settlementDetails.${index}`;
    const to = fields.word(`${path}.settleTo`, ['SELLER', 'MARKETPLACE'] as const);
    const amount = fields.needAmount(`${path}.settlementAmount`);
    sums ??= { SELLER: zero(amount.currency), MARKETPLACE: zero(amount.currency) };
    if (to === null) fields.reject(`${path}.settleTo`, 'is needed');
    else if (amount.currency !== sums[to].currency)
      fields.reject(`${path}.settlementAmount`, 'all are in one currency');
    else if (amount.amount <= 0n) fields.reject(`${path}.settlementAmount`, 'must be above zero');
    else sums = { ...sums, [to]: add(sums[to], amount) };
  }
  return sums === null ? null : { net: sums.SELLER, share: sums.MARKETPLACE };
}

export const IN_PROCESS = resultOf('PROCESSING', 'it is in process; repeat with the same id');

export function instructionResult({ state, ending }: Pick<AmsInstruction, 'state' | 'ending'>): AmsResult {
  if (ending !== null) return resultOfRefusal(ending);
  return state === 'done' ? SUCCESS : IN_PROCESS;
}
