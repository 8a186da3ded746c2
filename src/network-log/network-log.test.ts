import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createTestDatabase, NO_DATABASE, type TestDatabase } from '../../test/support/database.ts';
import { instant } from '../base/clock.ts';
import type { NetworkFault } from '../connectors/ports/network-http.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { createNetworkHttp, loadInbound, storeInbound } from './index.ts';
import { redactBody } from './redact.ts';

test('secrets, account numbers and addresses never stay, at any depth, also inside a string', () => {
  const body = JSON.stringify({
    amount: 5,
    card: { accountNumber: '4111111111111111', cvv: '123' },
    body: JSON.stringify({
      accountNumber: '4111111111111111',
      accountHolder: { billingAddress: { line1: '1 Wacker Drive' } },
    }),
    note: 'call 4111111111111111',
  });
  const kept = redactBody(body, 'application/json') as string;
  assert.ok(!kept.includes('4111111111111111') && !kept.includes('"123"'), kept);
  assert.ok(!kept.includes('Wacker'), kept);
  assert.match(kept, /"amount":5/);
  assert.equal(
    redactBody('grant_type=x&client_assertion=secret', 'application/x-www-form-urlencoded'),
    'grant_type=x&client_assertion=%5Bremoved%5D',
  );
  assert.match(
    redactBody('622231380104987654321', 'text/plain') as string,
    /^\[text\/plain, 21 bytes, sha256 [0-9a-f]{64}\]$/,
  );
  assert.match(redactBody('{"broken', 'application/json') as string, /^\[malformed JSON/);
});

describe('network log', { skip: NO_DATABASE }, () => {
  let database: TestDatabase;
  let db: Pool;
  before(async () => {
    database = await createTestDatabase();
    db = createPool({ url: database.app, applicationName: 'test' });
  });
  after(async () => {
    await db.end();
    await database.drop();
  });
  const exchanges = async () => (await db.query('select purpose, status, fault from exchanges order by id')).rows;

  test('a message is stored once with one job, however often and at once it comes', async () => {
    const message = { network: 'acquirer', messageId: 'n1', kind: 'notification', bytes: Buffer.from('{"a":1}') };
    const ids = await Promise.all([1, 2, 3, 4].map(() => storeInbound(db, message, { kind: 'x', due: instant(0) })));
    const stored = ids.filter((id) => id !== null);
    assert.equal(stored.length, 1);
    assert.equal((await db.query('select 1 from jobs')).rowCount, 1);
    assert.deepEqual(Buffer.from((await loadInbound(db, stored[0] as never))?.bytes as Uint8Array), message.bytes);
  });

  test('every exchange is kept: an answer, a cut, a refusal to connect; the last is known not to have arrived', async () => {
    let cut = false;
    const server = createServer((request, response) => (cut ? request.socket.destroy() : response.end('{"ok":true}')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const http = createNetworkHttp({ network: 'test', db, log: () => undefined });
    const send = (purpose: string) => http.send({ method: 'GET', url, timeoutMs: 2000, purpose });
    assert.equal((await send('fine')).status, 200);
    cut = true;
    const reached = async (purpose: string) =>
      ((await send(purpose).catch((error: unknown) => error)) as NetworkFault).reached;
    assert.equal(await reached('cut'), 'maybe');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await reached('refused'), 'no');
    assert.deepEqual(
      (await exchanges()).map(({ purpose, status, fault }) => [purpose, status, fault !== null]),
      [
        ['fine', 200, false],
        ['cut', null, true],
        ['refused', null, true],
      ],
    );
    for (let i = 0; i < 5; i += 1) await reached('again');
    const before = (await exchanges()).length;
    assert.equal(await reached('breaker open'), 'no');
    assert.equal((await exchanges()).length, before, 'nothing was tried while the breaker is open');
  });

  test('exchanges that end together are each kept, and one that cannot be written takes no other with it', async () => {
    const server = createServer(async (request, response) => {
      await request.toArray();
      response.setHeader('content-type', 'application/json').end('{"token":"secret","ok":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const lost: Record<string, unknown>[] = [];
    const http = createNetworkHttp({ network: 'many', db, log: (_message, facts) => void lost.push(facts) });
    const headers = { 'content-type': 'application/json' };
    const send = (purpose: string, reference?: string) =>
      http.send({
        method: 'POST',
        url,
        headers,
        body: '{"cvv":"123"}',
        timeoutMs: 2000,
        purpose,
        ...(reference === undefined ? {} : { reference }),
      });
    const sendings = ['one', 'zero\0byte', 'two', 'three'].map((purpose) => send(purpose, `REF${purpose.slice(0, 3)}`));
    const answers = await Promise.all([...sendings, send('nameless')]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
    const { rows } = await db.query(
      `select purpose, reference, method, url, request, status, response, fault from exchanges where network = 'many' order by purpose`,
    );
    const kept = { method: 'POST', url, request: '{"cvv":"[removed]"}', status: 200, fault: null };
    const response = '{"token":"[removed]","ok":true}';
    assert.deepEqual(rows, [
      { purpose: 'nameless', reference: null, ...kept, response },
      { purpose: 'one', reference: 'REFone', ...kept, response },
      { purpose: 'three', reference: 'REFthr', ...kept, response },
      { purpose: 'two', reference: 'REFtwo', ...kept, response },
    ]);
    assert.deepEqual(
      lost.map(({ purpose }) => purpose),
      ['zero\0byte'],
    );
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('a redirect is a fault that may have reached the network, and is not followed', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(307, { location: '/' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const http = createNetworkHttp({ network: 'moved', db, log: () => undefined });
    const sending = http.send({ method: 'GET', url, timeoutMs: 2000, purpose: 'moved' });
    await assert.rejects(sending, (fault: NetworkFault) => fault.reached === 'maybe');
    assert.equal(asked, 1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
