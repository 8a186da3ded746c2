/** Instructions that stop half way: the job goes on, a repeat does nothing twice, a refusal and the deed are never both. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { must } from '../base/result.ts';
import type { Job } from '../jobs/index.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { earn } from '../payouts/test-payouts.ts';
import type { AmsDeps } from './deps.ts';
import { CARRY_OUT_JOB, carryOutJob, type Instruct, instruct } from './instruct.ts';
import { findInstruction } from './instruction.ts';
import { registerClient } from './register-client.ts';
import type { AmsClient } from './rows.ts';

describe('instructions of AMS clients', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let deps: AmsDeps;
  let client: AmsClient;
  before(async () => {
    m = await createModules();
    const { journal, parties, orders, payments, checkout, payouts, fx } = m;
    const registrations = { ...parties, decides: 'checks' } as const;
    const own = { journal, clock: orders.clock, codeDomain: 'qr.causeway.example' };
    deps = { ...own, parties, orders, payments, checkout, payouts, fx, registrations };
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const input = {
      clientId: 'C1',
      marketplace: m.marketplace.id,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
    client = committed(must(await registerClient(deps, undefined, input)));
    await earn(m, m.seller, 10_000);
  });
  after(() => m?.close());

  const said = { purposeCode: 'GSD', remark: null, fromName: 'S', toName: null };
  const wish = (requestId: string, cents: number): Instruct => ({
    client,
    requestId,
    wish: {
      ...{ kind: 'transfer', from: m.seller.id, to: m.marketplace.id, amount: usd(cents), currency: 'USD' },
      ...said,
    },
    notifyUrl: null,
  });
  /** As if the process had ended once the request id was remembered. */
  const halfWay = (): AmsDeps => {
    const keptBack = () => Promise.reject(new Error('the process ends here'));
    return { ...deps, payouts: { ...deps.payouts, keptBack } };
  };
  const own = async (): Promise<number> =>
    Number((await balanceOf(m.db, account('marketplace', m.marketplace.id), 'USD')).amount);
  const rowOf = (requestId: string) => findInstruction(m.db, { client: client.id, kind: 'transfer', requestId });
  const jobOf = async (requestId: string): Promise<Job> => {
    const row = await rowOf(requestId);
    assert.ok(row !== null);
    const job = { id: row.job, kind: CARRY_OUT_JOB, subject: row.id, due: m.now(), payload: {} };
    return { ...job, attempts: 1, lease: '' };
  };

  test('one that stopped half way is open, and its job and its repeat do it once', async () => {
    await assert.rejects(instruct(halfWay(), wish('t1', 700)), /the process ends here/);
    assert.equal((await rowOf('t1'))?.state, 'open');
    assert.equal(await own(), 0);
    const job = await jobOf('t1');
    await Promise.all([carryOutJob(deps, job), instruct(deps, wish('t1', 700)), carryOutJob(deps, job)]);
    await carryOutJob(deps, job);
    assert.equal((await rowOf('t1'))?.state, 'done');
    assert.equal(await own(), 700);
    const waiting = await m.db.query('select 1 from jobs where kind = $1', [CARRY_OUT_JOB]);
    assert.equal(waiting.rowCount, 0);
  });

  test('a refusal is final under its id, whatever the balance becomes', async () => {
    const refused = must(await instruct(deps, wish('t2', 50_000)));
    assert.deepEqual([refused.state, refused.ending?.code], ['refused', 'balance_not_enough']);
    await earn(m, m.seller, 100_000);
    const again = must(await instruct(deps, wish('t2', 50_000)));
    assert.equal(again.state, 'refused');
    assert.equal((await carryOutJob(deps, await jobOf('t2'))).kind, 'finished');
    assert.equal(await own(), 700);
    const other = await instruct(deps, wish('t2', 1));
    assert.ok(!other.ok && other.error.code === 'idempotency_key_reused');
  });
});
