/** An inquiry (retrieval request) is answered with the documents it asks for, never with a challenge; no money moves. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { must } from '../base/result.ts';
import { addEvidence } from './add-evidence.ts';
import { answerDispute } from './answer-dispute.ts';
import type { Case } from './case.ts';
import { PDF, type Scene, scene } from './test-disputes.ts';

describe('inquiries', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(() => m?.end());

  const answer = async (row: Case): Promise<Case> => {
    const target = { marketplace: m.marketplace.id, dispute: row.id };
    must(await addEvidence(m.disputes, m.key(), { ...target, documents: [PDF] }));
    return committed(must(await answerDispute(m.disputes, m.key(), { ...target, kind: 'challenge' })));
  };

  test('it is fulfilled; the chargeback that follows is challenged', async () => {
    const { payments } = await s.paidOrder(9_000);
    const claim = m.cardDisputes.raise({
      payment: payments[0]?.networkPaymentId as string,
      amount: usd(9_000),
      stage: 'inquiry',
    });
    const row = await answer(await s.observe(claim));
    assert.deepEqual([row.state, row.turn, row.answers.at(-1)?.state], ['inquiry', 'theirs', 'taken']);
    assert.equal(m.cardDisputes.taken(claim), 0n);
    m.cardDisputes.advance(claim, 'chargeback');
    assert.equal((await answer(await s.observe(claim))).state, 'represented');
    const sent = m.cardDisputes.actions.map(({ kind, documents }) => [kind, documents]);
    assert.deepEqual(sent, [
      ['fulfill', 1],
      ['challenge', 1],
    ]);
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    await s.report();
    await s.agree(claim);
  });
});
