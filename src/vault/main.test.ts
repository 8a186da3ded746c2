/** The vault as a process: against a real database, with everything it prints and stores scanned for the number. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scanBytes, scanDatabase } from '../../test/support/card-scan.ts';
import { sleep } from '../base/clock.ts';
import {
  cardBody,
  needsDatabase,
  SECRET,
  SHOP,
  type TestDatabase,
  testDatabase,
  testDatabaseUrl,
  testNetwork,
  VISA,
} from './test-vault.ts';

// Only used by tests that are skipped when there is no database.
const database = (testDatabaseUrl ? await testDatabase() : null) as TestDatabase;
const network = await testNetwork();
const folder = await mkdtemp(join(tmpdir(), 'vault-main-'));
const launched: ChildProcess[] = [];
after(async () => {
  // A test that failed half-way must not leave its process behind.
  for (const child of launched) child.kill('SIGKILL');
  await network.close();
  await database?.drop();
  await rm(folder, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly origin: string;
  /** Everything printed so far. */
  readonly output: () => string;
}

function launch(env: Record<string, string> = {}): { child: ChildProcess; output: () => string } {
  const settings = {
    VAULT_PORT: '0',
    VAULT_DATABASE_URL: database?.vaultUrl ?? '',
    VAULT_DATA_DIR: folder,
    VAULT_SECRET: SECRET,
    VAULT_ALLOWED_HOSTS: network.origin,
    VAULT_FRAME_ANCESTORS: SHOP,
    ...env,
  };
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), { env: settings, silent: true });
  launched.push(child);
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(String(chunk)));
  return { child, output: () => chunks.join('') };
}

async function start(): Promise<Running> {
  const { child, output } = launch();
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => [{ failed: output() }]),
  ]);
  assert.equal(message.ready, true, message.failed);
  return { child, output, origin: `http://127.0.0.1:${message.port}` };
}

/** Exit code; fails when the process takes longer than a second. */
async function stopped(child: ChildProcess, how: () => void): Promise<number | null> {
  const began = Date.now();
  const exit = once(child, 'exit');
  how();
  const [code] = await exit;
  assert.ok(Date.now() - began < 1_000, 'ends within a second');
  return code;
}

const bearer = { authorization: `Bearer ${SECRET}` };

const post = (url: string, body: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
    body: JSON.stringify(body),
  });

const forwardBody = (token: string) => ({
  token,
  url: `${network.origin}/charges`,
  method: 'POST',
  headers: { 'request-id': 'OP1' },
  body: '{"card":{"accountNumber":"{{card_number}}","cvv":"{{cvv}}"}}',
});

test(
  'a card lives through a restart; its security code and its number in the clear do not',
  needsDatabase,
  async () => {
    const first = await start();
    assert.match(first.output(), new RegExp(`^ready vault ${new URL(first.origin).port}\\n$`));
    assert.equal((await stat(join(folder, 'vault', 'keys.json'))).mode & 0o777, 0o600);
    assert.equal((await fetch(`${first.origin}/health`)).status, 200);
    const answers: string[] = [];
    const created = await post(`${first.origin}/v1/tokens`, cardBody());
    const { token, ...facts } = (await created.json()) as { token: string };
    answers.push(JSON.stringify(facts));
    for (const wrong of [cardBody({ number: `${VISA}1` }), cardBody({ [VISA]: VISA }), VISA]) {
      answers.push(await (await post(`${first.origin}/v1/tokens`, wrong)).text());
    }
    assert.equal(await stopped(first.child, () => first.child.kill('SIGTERM')), 0);

    const second = await start();
    const forwarded = await post(`${second.origin}/forward`, forwardBody(token));
    assert.equal(forwarded.status, 200);
    answers.push(await forwarded.text());
    assert.deepEqual(JSON.parse(network.received.at(-1)?.body ?? ''), { card: { accountNumber: VISA } });
    assert.equal(await stopped(second.child, () => second.child.disconnect()), 0);

    const printed = first.output() + second.output() + answers.join('\n');
    assert.deepEqual(scanBytes(Buffer.from(printed), 'what was said'), []);
    assert.equal(printed.includes(VISA), false);
    assert.deepEqual(await scanDump(), []);
    const { rows } = await database.admin.query('select ciphertext from vault.cards');
    assert.equal(rows.length, 1);
    assert.equal(rows[0].ciphertext.includes(VISA), false);
  },
);

test(
  'a database that goes away is a fault without numbers in the log, and the vault works again after',
  needsDatabase,
  async () => {
    const { child, origin, output } = await start();
    const name = new URL(database.vaultUrl).pathname.slice(1);
    await database.admin.query('alter table vault.cards rename to cards_away');
    const answer = await post(`${origin}/v1/tokens`, cardBody());
    assert.equal(answer.status, 503);
    const text = await answer.text();
    await database.admin.query('alter table vault.cards_away rename to cards');
    await database.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'causeway-vault'`,
      [name],
    );
    assert.equal((await post(`${origin}/v1/tokens`, cardBody())).status, 201);
    assert.match(output(), /vault fault 42P01/);
    assert.deepEqual(scanBytes(Buffer.from(output() + text), 'what was said'), []);
    assert.equal(await stopped(child, () => child.kill('SIGINT')), 0);
  },
);

test(
  'killed while it rotates its root key, the vault starts, opens every card, and finishes when asked again',
  needsDatabase,
  async () => {
    const first = await start();
    const tokens: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      tokens.push(((await (await post(`${first.origin}/v1/tokens`, cardBody())).json()) as { token: string }).token);
      await post(`${first.origin}/v1/keys/rotate`, { what: 'data' });
    }
    const cut = post(`${first.origin}/v1/keys/rotate`, { what: 'root' }).then(
      () => 'answered',
      () => 'cut',
    );
    await untilSomeAreRewrapped();
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await cut;

    const second = await start();
    const finished = (await (await post(`${second.origin}/v1/keys/rotate`, { what: 'root' })).json()) as object;
    const keys = await (await fetch(`${second.origin}/v1/keys`, { headers: bearer })).json();
    const { rootKeys, toRewrap } = keys as { rootKeys: { id: string; wraps: number }[]; toRewrap: number };
    assert.equal(toRewrap, 0, JSON.stringify(finished));
    for (const { id } of rootKeys.filter(({ wraps }) => wraps === 0)) {
      const removed = await fetch(`${second.origin}/v1/keys/root/${id}`, { method: 'DELETE', headers: bearer });
      assert.equal(removed.status, 204);
    }
    for (const token of tokens) assert.equal((await post(`${second.origin}/forward`, forwardBody(token))).status, 200);
    assert.deepEqual(await scanDump(), []);
    assert.deepEqual(scanBytes(await readFile(join(folder, 'vault', 'keys.json')), 'key file'), []);
    assert.equal(await stopped(second.child, () => second.child.kill('SIGTERM')), 0);
  },
);

/** Until the rotation has begun to wrap keys anew, or is over already. */
async function untilSomeAreRewrapped(): Promise<void> {
  const count = 'select count(distinct root_key_id)::int as n from vault.data_keys';
  for (let tries = 0; tries < 400; tries += 1) {
    const { rows } = await database.admin.query(count);
    if (rows[0].n > 1) return;
    await sleep(2);
  }
}

/** What a dump of the vault's database holds that looks like a card number. */
async function scanDump(): Promise<unknown[]> {
  const client = await database.admin.connect();
  try {
    return await scanDatabase(client);
  } finally {
    client.release();
  }
}

test('wrong settings are named all at once and nothing starts', async () => {
  const { child, output } = launch({
    VAULT_SECRET: 'short',
    VAULT_ALLOWED_HOSTS: 'http://a/b',
    VAULT_DATABASE_URL: '',
  });
  const [code] = await once(child, 'exit');
  assert.equal(code, 1);
  for (const name of ['VAULT_SECRET', 'VAULT_ALLOWED_HOSTS', 'VAULT_DATABASE_URL'])
    assert.match(output(), new RegExp(name));
  assert.equal(output().includes('short'), false);
});

test('a taken port is named', needsDatabase, async () => {
  const port = new URL(network.origin).port;
  const { child, output } = launch({ VAULT_PORT: port });
  const [code] = await once(child, 'exit');
  assert.equal(code, 1);
  assert.match(output(), new RegExp(`VAULT_PORT ${port}: EADDRINUSE`));
});
