/** The states that the code knows are the states that the database lets a row have. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { firstState, MACHINES } from './states-page.ts';

const schema = readFileSync(new URL('../../migrations/schema.sql', import.meta.url), 'utf8');

/** States of the constraint `<table>_state_check`, as the dump of the schema has it. */
function statesInSchema(table: string): string[] {
  const check = new RegExp(`constraint ${table}_state_check CHECK (.*)`).exec(schema)?.[1];
  assert.ok(check !== undefined, `${table} has no check of its state`);
  return [...check.matchAll(/'([a-z_]+)'::text/g)].map((match) => match[1] as string).sort();
}

for (const { title, table, moves } of MACHINES) {
  test(`states of ${title.toLowerCase()} are those of the table ${table}`, () => {
    assert.deepEqual(Object.keys(moves).sort(), statesInSchema(table));
  });
  test(`every move of ${title.toLowerCase()} leads to a state with moves of its own`, () => {
    for (const to of Object.values(moves).flat()) assert.ok(to in moves, `${to} is not a state`);
  });
}

test('the first state is the one no move leads to', () => {
  assert.equal(firstState({ begun: ['over'], over: [] }), 'begun');
  assert.throws(() => firstState({ one: ['two'], two: ['one'] }), /one first state/);
  assert.throws(() => firstState({ one: ['end'], two: ['end'], end: [] }), /one first state/);
});
