/** The sandbox's acquirers as participants: added once, believed by their key, found again where they have moved. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startShops } from '../../sandbox/shops/test-shops.ts';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules } from '../../test/support/modules.ts';
import { findParticipantByName, listParticipants } from '../parties/index.ts';
import { ensureSandboxAcquirers } from './sandbox-acquirers.ts';

test('acquirers are added once, with key and prefixes, and follow the shops to another port', {
  skip: NO_DATABASE,
}, async () => {
  const modules = await createModules();
  const [first, second] = [await startShops(), await startShops()];
  after(async () => {
    await Promise.all([first.close(), second.close()]);
    await modules.end();
  });
  const { db } = modules.journal;
  const deps = { journal: modules.journal, clock: modules.orders.clock };
  await ensureSandboxAcquirers(deps, first.url);
  const tokyo = await findParticipantByName(db, 'SBXACQJP00000001');
  assert.equal(tokyo?.acquirer?.endpoint, `${first.url}/alipayplus/acqp/tokyo`);
  const { body } = await first.admin('GET', 'acquirers');
  const [listed] = body.acquirers as { publicKey: string }[];
  assert.equal(tokyo.keys[0]?.publicKey, listed?.publicKey);
  assert.deepEqual(tokyo.acquirer.codePrefixes, ['https://qr.minato-acquiring.example/281101040001']);
  await ensureSandboxAcquirers(deps, first.url);
  await ensureSandboxAcquirers(deps, second.url);
  const moved = await findParticipantByName(db, 'SBXACQJP00000001');
  assert.equal(moved?.acquirer?.endpoint, `${second.url}/alipayplus/acqp/tokyo`);
  assert.deepEqual(moved?.keys, tokyo.keys, 'keys are changed by an operator alone');
  assert.equal((await listParticipants(db)).length, 5);
});
