import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherFacts } from './token-facts.ts';

const card = (token: string) => ({ token, marketplace: 'mkt_1', brand: 'visa', last4: '1111' });

test('tokens asked for together are one call; each gets its own card, whatever the order of the answer', async () => {
  const calls: (readonly string[])[] = [];
  const describe = gatherFacts(async (tokens) => {
    calls.push(tokens);
    return {
      cards: [...tokens]
        .reverse()
        .filter((token) => token !== 'tok_gone')
        .map(card),
    };
  });
  const found = await Promise.all(['tok_a', 'tok_b', 'tok_gone', 'tok_a'].map(describe));
  assert.deepEqual(found, [card('tok_a'), card('tok_b'), null, card('tok_a')]);
  assert.deepEqual(calls, [['tok_a', 'tok_b', 'tok_gone']]);
});

test('a vault that does not answer is a fault for everybody who asked, and never "unknown"', async () => {
  const describe = gatherFacts(async () => {
    throw new Error('no answer');
  });
  for (const each of [describe('tok_a'), describe('tok_b')]) await assert.rejects(each, /no answer/);
});
