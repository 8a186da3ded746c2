import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFiltered, parseOrderSearch, toggleState, withFilter } from './search.ts';

test('unknown and empty fields are dropped', () => {
  assert.deepEqual(parseOrderSearch({ state: 'paid,shipped', q: '', limit: '9', cursor: 'c1', seller: 7 }), {
    state: 'paid,shipped',
    cursor: 'c1',
  });
});

test('a filter change resets paging and nothing else', () => {
  const search = { state: 'paid', q: 'PO-1', seller: 'sel_1', from: '2026-01-01', cursor: 'c3' };
  assert.deepEqual(withFilter(search, { q: 'PO-2' }), {
    state: 'paid',
    q: 'PO-2',
    seller: 'sel_1',
    from: '2026-01-01',
  });
  assert.deepEqual(withFilter(search, { seller: undefined }), { state: 'paid', q: 'PO-1', from: '2026-01-01' });
});

test('states toggle in a comma list', () => {
  assert.equal(toggleState({}, 'paid'), 'paid');
  assert.equal(toggleState({ state: 'paid' }, 'shipped'), 'paid,shipped');
  assert.equal(toggleState({ state: 'paid' }, 'paid'), undefined);
});

test('paging alone is not a filter', () => {
  assert.equal(isFiltered({ cursor: 'c1' }), false);
  assert.equal(isFiltered({ cursor: 'c1', to: '2026-01-01' }), true);
});
