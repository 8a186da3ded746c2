/** Order of missed work, and what idle means. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Activity, makeAgenda } from './agenda.ts';

/** An activity due at each of the given instants, in order. */
function scripted(name: string, dues: number[], log: string[]): Activity {
  return {
    name,
    nextDue: () => dues[0] ?? null,
    run: (due) => {
      log.push(`${name}@${due}`);
      dues.shift();
    },
  };
}

test('missed work is done in the order of its due instants, whoever it belongs to', async () => {
  const log: string[] = [];
  const agenda = makeAgenda([scripted('statement', [20, 40, 90], log), scripted('booking', [10, 30], log)], () => 50);
  assert.equal(agenda.status().idle, false);
  await agenda.drain();
  assert.deepEqual(log, ['booking@10', 'statement@20', 'booking@30', 'statement@40']);
  assert.deepEqual(agenda.status(), { idle: true, nextDue: '1970-01-01T00:00:00.090Z' });
});

test('a network is not idle while an activity is at work, even when nothing else is due', async () => {
  let finish = (): void => undefined;
  let due: number | null = 1;
  const slow: Activity = {
    name: 'slow',
    nextDue: () => due,
    run: () => {
      due = null;
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  };
  const agenda = makeAgenda([slow], () => 2);
  const drained = agenda.drain();
  assert.deepEqual(agenda.status(), { idle: false, nextDue: null });
  finish();
  await drained;
  assert.equal(agenda.status().idle, true);
});

test('what an activity throws reaches who drained, and the next drain tries again', async () => {
  let tries = 0;
  const failing: Activity = {
    name: 'failing',
    nextDue: () => (tries < 2 ? 1 : null),
    run: () => {
      tries += 1;
      if (tries === 1) throw new Error('no luck');
    },
  };
  const agenda = makeAgenda([failing], () => 2);
  await assert.rejects(agenda.drain(), /no luck/);
  await agenda.drain();
  assert.equal(tries, 2);
});
