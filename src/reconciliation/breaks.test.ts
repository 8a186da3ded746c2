import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules, usd } from '../../test/support/modules.ts';
import { ok } from '../base/result.ts';
import { merge, type UnitPart } from '../journal/index.ts';
import { closeExplained, type NewBreak, openBreak } from './breaks.ts';
import { testDays } from './test-days.ts';

describe('a break that is opened and explained at the same moment', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let days: ReturnType<typeof testDays>;
  before(async () => {
    m = await createModules();
    days = testDays(m);
  });
  after(() => m.close());

  const found = (subject: string): NewBreak => ({
    kind: 'bank_line_unexplained',
    subject,
    amount: usd(100),
    reason: 'nothing of ours has it',
  });
  const commit = (part: UnitPart) =>
    m.journal.run(undefined, async () => ok({ unit: { at: m.reconciliation.clock.now(), ...part }, value: null }));
  const explained = ({ kind, subject }: NewBreak) =>
    closeExplained(m.reconciliation, kind, subject, 'explained', m.reconciliation.clock.now());

  test('who explains without having seen it is refused, and closes it when it reads again', async () => {
    const line = found('ln_one');
    const unseen = await explained(line);
    assert.ok((await commit(await openBreak(m.reconciliation, line, m.reconciliation.clock.now()))).ok);
    const refused = await commit(
      merge(unseen, await openBreak(m.reconciliation, found('ln_other'), m.reconciliation.clock.now())),
    );
    assert.equal(refused.ok ? 'committed' : refused.error.code, 'conflict');
    assert.ok((await commit(await explained(line))).ok);
    assert.deepEqual(await days.openBreaks(), []);
  });

  test('one that is closed is not opened again, nor closed twice', async () => {
    assert.deepEqual((await explained(found('ln_one'))).events, []);
    assert.deepEqual((await openBreak(m.reconciliation, found('ln_one'), m.reconciliation.clock.now())).events, []);
  });
});
