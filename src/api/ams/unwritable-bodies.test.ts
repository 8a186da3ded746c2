/** Bodies that are good JSON and that no database can keep: refused by name, not answered as unknown for ever. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { registration } from '../../../test/e2e/ams-market.ts';
import { callerTo, PUBLIC_KEY_OF_C1, type Said } from '../../../test/support/ams-caller.ts';
import { testApp } from '../../../test/support/app.ts';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { registerClient } from '../../ams/index.ts';
import { must } from '../../base/result.ts';
import { buildServer, type Server } from '../server.ts';

const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

describe('bodies that cannot be kept', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let server: Server;
  let call: (operation: string, content: object) => Promise<Said>;
  before(async () => {
    m = await createModules();
    const bare = testApp(m);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ams = { ...bare.ams, key: { privateKey, publicKey: '' } };
    server = await buildServer({ ...bare, ams });
    call = callerTo(server);
    const client = { clientId: 'C1', marketplace: m.marketplace.id, publicKey: PUBLIC_KEY_OF_C1 };
    must(await registerClient(ams, undefined, client));
  });
  after(async () => {
    await server?.close();
    await m?.end();
  });

  test('in fields that nobody reads too; the request id stays free', async () => {
    for (const [said, fields] of [
      ['merchantInfo.extra: must be text', { extra: 'a\0b' }],
      ['merchantInfo.extra: must be text', { extra: '\ud800' }],
      ['merchantInfo: must have names', { 'a\0': 1 }],
      ['merchantInfo.extra.a', { extra: nested(2_000) }],
    ] as const) {
      const { result } = await call('merchants/register', registration('r1', 'S1', fields));
      assert.deepEqual([result.resultStatus, result.resultCode], ['F', 'PARAM_ILLEGAL']);
      assert.ok(result.resultMessage.startsWith(said), result.resultMessage);
    }
    const good = await call('merchants/register', registration('r1', 'S1', { extra: 'a\nb 😀' }));
    assert.notEqual(good.result.resultStatus, 'F', good.result.resultMessage);
  });
});
