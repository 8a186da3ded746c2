import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line } from './clearing-files.ts';
import { checkNobodyOwes, unequalLines } from './clearing-laws.ts';
import { type Balance, startReplay } from './replay.ts';
import type { StateRows } from './tables.ts';

const line = (requestId: string, amount: bigint): Line => ({ type: 'PAYMENT', requestId, counterpart: 'ACQ1', amount });
const BOOKS = new Map([
  ['PAYMENT P1', 310n],
  ['PAYMENT P2', 20n],
]);

test('a line of another amount, one that is missing, one that is there twice', () => {
  const lines = [line('P1', 310n), line('P2', 20n)];
  assert.deepEqual(unequalLines('tng', lines, BOOKS), []);
  assert.deepEqual(unequalLines('tng', [line('P1', 311n), line('P2', 20n)], BOOKS), [
    'tng: PAYMENT P1: file 311, books 310',
  ]);
  assert.deepEqual(unequalLines('tng', [line('P1', 310n)], BOOKS), [
    'tng: PAYMENT P2: in the books with 20, in no file',
  ]);
  assert.deepEqual(unequalLines('tng', [...lines, line('P2', 20n)], BOOKS), ['tng: 1 lines are there twice']);
});

test('who of the hub still owes is found, and cards are not of the hub', () => {
  const owing = (account: string): readonly string[] => {
    const balances = new Map<string, Balance>([[account, { debits: 7n, credits: 0n }]]);
    const details: string[] = [];
    const rows = { participants: new Map([['net_1', 'PSP1']]) } as unknown as StateRows;
    checkNobodyOwes({ ...startReplay(), balances }, rows, (_law, _subjects, detail) => void details.push(detail));
    return details;
  };
  assert.deepEqual(owing('receivable:net_1:MYR'), ['receivable:net_1:MYR is -7']);
  assert.deepEqual(owing('acquirer:ptc_9:JPY'), ['acquirer:ptc_9:JPY is -7']);
  assert.deepEqual(owing('settlement:stl_1:JPY'), ['settlement:stl_1:JPY is -7']);
  assert.deepEqual(owing('receivable:net_2:USD'), []);
});
