/**
 * What a person is asked before a break is closed or a bank line explained. Both are signed: a reason is always needed,
 * and it stays in the journal.
 */
import type { BankLine, Break } from '../../api/client.ts';
import { moneyText } from '../../format/money.ts';

export interface SignedField {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  /** A choice; free text when left out. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}
export interface SignedQuestion {
  readonly title: string;
  readonly context: string;
  readonly confirm: string;
  /** Below /v1/reconciliation/. */
  readonly path: string;
  readonly fields: readonly SignedField[];
}

const REASON: SignedField = { name: 'reason', label: 'Reason', description: 'Kept in the journal.' };

export const closeQuestion = (item: Break): SignedQuestion => ({
  title: 'Close break',
  context: [item.reason, item.amount ? moneyText(item.amount) : ''].filter(Boolean).join(' · '),
  confirm: 'Close break',
  path: `breaks/${item.id}/close`,
  fields: [REASON, { name: 'by', label: 'Signed by' }],
});

/** Money that came in can be capital or interest; money that went out can be a bank's fee or a network's. */
export const explainQuestion = (line: BankLine): SignedQuestion => ({
  title: 'Explain bank line',
  context: [moneyText(line.amount), line.direction === 'credit' ? 'in' : 'out', `booked ${line.bookedOn}`].join(' · '),
  confirm: 'Explain',
  path: `lines/${line.id}/explain`,
  fields: [
    {
      name: 'as',
      label: 'What it is',
      options:
        line.direction === 'credit'
          ? [
              { value: 'capital', label: 'Capital paid in' },
              { value: 'interest', label: 'Interest' },
            ]
          : [
              { value: 'bank_fee', label: 'Bank fee' },
              { value: 'network_fees', label: 'Payment of a bill of network fees' },
            ],
    },
    REASON,
  ],
});
