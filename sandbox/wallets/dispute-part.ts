/** What is wrong with a payment, on its page: what was said so far and what came of it, and how to say it. Pure. */
import { escaped } from '../base/page-frame.ts';
import type { DisputeRow } from './disputes.ts';
import type { PaymentRow } from './schema.ts';

const KINDS = { retrieval: 'Question to the shop', escalation: 'Claim' } as const;
const STATES: Readonly<Record<string, string>> = {
  ASKING: 'not heard yet',
  OPEN: 'the shop has been asked',
  ANSWERED: 'the shop has answered and keeps the money',
  LAPSED: 'the shop did not answer',
  REFUNDING: 'the money is on its way back',
  REFUNDED: 'given back',
  NOT_REFUNDED: 'could not be given back',
};

interface Shown {
  readonly payment: PaymentRow;
  /** Of its page. */
  readonly path: string;
}

export function disputePart({ payment, path }: Shown, disputes: readonly DisputeRow[]): string {
  const told = disputes.map(
    ({ kind, reason, state }) =>
      `<div><dt>${KINDS[kind]}</dt><dd>${escaped(reason)}: ${escaped(STATES[state] ?? state)}</dd></div>`,
  );
  const list = told.length === 0 ? '' : `<dl>${told.join('')}</dl>`;
  return payment.state === 'paid' ? `${list}${complaintForm(path)}` : list;
}

const complaintForm = (path: string): string => `
    <details>
      <summary>Something is wrong with this payment</summary>
      <form method="post" action="${path}/dispute">
        <label for="reason">What is wrong?</label>
        <input id="reason" name="reason" maxlength="200" required>
        <button type="submit" name="kind" value="retrieval" class="plain">Ask the shop</button>
        <button type="submit" name="kind" value="escalation">I want my money back</button>
      </form>
    </details>`;
