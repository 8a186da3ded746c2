import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { companionEnvironment } from '../../src/main/config.ts';
import { createClient } from '../../stories/client.ts';
import { CARDS, cast, expect, usd } from '../../stories/story.ts';
import { textTeller } from '../../stories/tellers.ts';
import { readThreeSides } from '../../stories/three-sides.ts';
import type { OrderView, PaymentView } from '../../stories/views.ts';
import { startWorld, type World } from '../../stories/world.ts';

interface Process {
  readonly api: string;
  stop(): Promise<void>;
}

describe('several processes on one database', () => {
  let world: World;
  const folders: string[] = [];
  const processes: Process[] = [];
  before(async () => {
    world = await startWorld();
    processes.push(await beside('api'), await beside('worker'));
  });
  after(async () => {
    for (const each of processes) await each.stop();
    await world?.end();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** A second program with a folder of its own, on the world's database, vault and networks. */
  async function beside(role: 'api' | 'worker'): Promise<Process> {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-beside-'));
    folders.push(folder);
    const secrets = JSON.parse(readFileSync(join(world.dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
    const of = (name: string): string => readFileSync(join(world.dataDir, name), 'utf8').trim();
    writeFileSync(join(folder, 'key.pem'), secrets.acquirerKey as string);
    const { acquirer, bank, clock, vault } = world.addresses;
    const child = fork(join(import.meta.dirname, '../../src/main/start.ts'), [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: companionEnvironment({
        ROLE: role,
        PORT: '0',
        DATA_DIR: folder,
        PROGRESS: 'off',
        CLOCK: clock,
        VAULT_URL: vault,
        VAULT_SECRET: secrets.vaultSecret as string,
        DATABASE_URL: `postgres://postgres:${encodeURIComponent(of('postgres-password'))}@127.0.0.1:${of('postgres-port')}/causeway`,
        JPM_BASE_URL: `${acquirer}/api/v2`,
        JPM_TOKEN_URL: `${acquirer}/oauth2/token`,
        JPM_REPORTS_URL: `${acquirer}/reports`,
        JPM_MERCHANT_ID: '998482157630',
        JPM_CLIENT_ID: 'causeway-sandbox',
        JPM_PRIVATE_KEY_FILE: join(folder, 'key.pem'),
        ACQUIRER_CALLBACK_TOKEN: secrets.callbackToken as string,
        BANK_BASE_URL: bank,
        BANK_TOKEN: secrets.bankToken as string,
        BANK_ACCOUNT: '000123456789',
        BANK_ROUTING: '021000021',
      }),
    });
    const ready = await new Promise<{ addresses: { api: string } }>((resolve, reject) => {
      child.once('message', (message) => resolve(message as { addresses: { api: string } }));
      child.once('exit', (code) => reject(new Error(`${role} ended with ${code}`)));
    });
    return {
      api: ready.addresses.api,
      stop: () =>
        new Promise((resolve) => {
          child.once('exit', () => resolve());
          child.kill('SIGTERM');
        }),
    };
  }

  test('one order is worked on by both; commits are serial, nothing passes twice, time moves for all', async () => {
    const people = await cast(
      { world, random: seededRandom(9), tell: textTeller() },
      { feeBps: 100, account: '4401778812', schedule: 'daily' },
    );
    const [first, second] = [people.api, createClient((processes[0] as Process).api, people.secret)];
    const orders = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? first : second).post<OrderView>('/v1/orders', {
          seller: people.seller.id,
          buyer: people.buyer.id,
          reference: `SIDE-${index}`,
          description: 'x',
          total: usd(10_000),
          instalments: [{ amount: usd(10_000), due: 'now' }],
          shipBy: { daysAfterFirstPayment: 3 },
          policy: 'express',
        }),
      ),
    );
    // Each order is paid through both processes at once: exactly one payment comes through.
    await Promise.all(
      orders.map(async ({ id }) => {
        const attempts = await Promise.all(
          [first, second].map(async (api) => {
            const token = await world.tokenize(people.marketplace.id, CARDS.visa);
            return api.send<PaymentView>('POST', `/v1/orders/${id}/payments`, {
              body: { instalment: 1, token, capture: 'automatic' },
              key: crypto.randomUUID(),
            });
          }),
        );
        assert.deepEqual(attempts.map(({ status }) => status).sort(), [201, 409]);
      }),
    );
    for (const { id } of orders) await second.post(`/v1/orders/${id}/ship`, { carrier: 'x', trackingNumber: 'y' });
    const { skipped } = await world.advance(20);
    assert.deepEqual(skipped, []);
    for (const { id } of orders) expect((await first.get<OrderView>(`/v1/orders/${id}`)).state, 'released', id);
    const sides = await readThreeSides(world);
    assert.deepEqual(sides.disagreements, []);
  });

  test('a worker answers nothing but its health', async () => {
    const worker = createClient((processes[1] as Process).api, world.operatorKey);
    assert.equal((await worker.send('GET', '/health')).status, 200);
    assert.equal((await worker.send('GET', '/v1/system')).status, 404);
  });
});
