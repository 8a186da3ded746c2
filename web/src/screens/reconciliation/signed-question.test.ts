import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BankLine } from '../../api/client.ts';
import { closeQuestion, explainQuestion } from './signed-question.ts';

const line = (direction: BankLine['direction']): BankLine => ({
  id: 'ln_1',
  state: 'unexplained',
  direction,
  amount: { value: '4200', currency: 'USD' },
  bookedOn: '2026-11-20',
});
const choices = (direction: BankLine['direction']) =>
  explainQuestion(line(direction)).fields[0]?.options?.map(({ value }) => value);

test('a line can only be explained as something of its own direction', () => {
  assert.deepEqual(choices('credit'), ['capital', 'interest']);
  assert.deepEqual(choices('debit'), ['bank_fee', 'network_fees']);
  assert.equal(explainQuestion(line('debit')).context, 'USD 42.00 · out · booked 2026-11-20');
});

test('closing a break asks for a reason and a signature', () => {
  const asked = closeQuestion({
    id: 'brk_1',
    kind: 'settlement_short',
    state: 'open',
    amount: null,
    reason: 'Booked less than reported.',
    owner: 'operator',
    openedAt: '2026-11-20T09:00:00Z',
  });
  assert.deepEqual([asked.path, asked.context], ['breaks/brk_1/close', 'Booked less than reported.']);
  assert.deepEqual(
    asked.fields.map(({ name }) => name),
    ['reason', 'by'],
  );
});
