import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payUntilKnown } from './pay.ts';
import type { Answer, Attempt, Server } from './server.ts';
import type { State } from './state.ts';

const ATTEMPT: Attempt = {
  attempt: 2,
  card: 'tok_1',
  browser: { language: 'en', screenWidth: 1, screenHeight: 1, colorDepth: 1, timeZoneOffset: 0 },
};
const at = (standing: string, attempt = 2): Answer => ({
  kind: 'state',
  state: { standing, attempt } as unknown as State,
});
const SILENCE: Answer = { kind: 'silence' };

function scripted(pays: Answer[], looks: Answer[] = []) {
  const sent: Attempt[] = [];
  let silences = 0;
  const server: Server = {
    look: async () => looks.shift() ?? SILENCE,
    goOn: async () => SILENCE,
    pay: async (attempt) => {
      sent.push(attempt);
      return pays.shift() ?? assert.fail('asked too often');
    },
  };
  const done = payUntilKnown(server, ATTEMPT, {
    pause: async () => undefined,
    onSilence: () => {
      silences += 1;
    },
  });
  return { done, sent, silences: () => silences };
}

test('silence is answered by the same attempt again, until something is known', async () => {
  const { done, sent, silences } = scripted([SILENCE, SILENCE, at('paid')]);
  assert.deepEqual(await done, at('paid'));
  assert.deepEqual(sent, [ATTEMPT, ATTEMPT, ATTEMPT]);
  assert.equal(silences(), 2);
});

test('an answer from before the attempt began is no answer; a decline is', async () => {
  const { done, sent } = scripted([at('ready', 2), at('ready', 3)]);
  assert.deepEqual(await done, at('ready', 3));
  assert.equal(sent.length, 2);
});

test('a refusal is looked into: what stands is shown', async () => {
  assert.deepEqual(await scripted([{ kind: 'refused', code: 'link_expired' }], [at('expired')]).done, at('expired'));
  const race = scripted([{ kind: 'refused', code: 'payment_in_progress' }], [at('checking')]);
  assert.deepEqual(await race.done, at('checking'));
});

test('a card that is gone is entered again', async () => {
  assert.deepEqual(await scripted([{ kind: 'refused', code: 'unknown_token' }]).done, { kind: 'card_unknown' });
});
