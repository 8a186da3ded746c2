import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { isAbsolute } from 'node:path';
import { test } from 'node:test';
import { amsTlsPortOf, assertPortsFree, companionEnvironment, readConfig, SETTINGS, WrongSettings } from './config.ts';

const problemsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof WrongSettings);
    return error.problems;
  }
  return [];
};

test('without any variable the documented defaults hold', () => {
  const config = readConfig({});
  assert.equal(config.port, 4000);
  assert.equal(config.vaultPort, 4001);
  assert.ok(isAbsolute(config.dataDir));
  assert.equal(config.databaseUrl, null);
  assert.deepEqual(config.clock, { kind: 'sandbox' });
  assert.equal(config.role, 'all');
  assert.equal(config.acquirerTimeoutMs, 70_000);
  assert.equal(config.jpmBaseUrl, null);
  assert.equal(config.progress, true);
});

test('an empty variable counts as not set', () => {
  assert.equal(readConfig({ PORT: '', DATABASE_URL: '' }).port, 4000);
});

test('all wrong settings are named at once, without the value of a secret', () => {
  const problems = problemsOf({
    PORT: '70000',
    VAULT_PORT: 'x',
    ROLE: 'boss',
    LOG_LEVEL: 'loud',
    CLOCK: 'moon',
    JOB_CONCURRENCY: '0',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    JPM_PRIVATE_KEY_FILE: '/does/not/exist.pem',
    PUBLIC_URL: 'ftp://x',
  });
  const named = problems.map((problem) => problem.split(' ')[0]);
  assert.deepEqual(named.sort(), [
    'CLOCK',
    'DATABASE_URL',
    'JOB_CONCURRENCY',
    'JPM_PRIVATE_KEY_FILE',
    'LOG_LEVEL',
    'PORT',
    'PUBLIC_URL',
    'ROLE',
    'VAULT_PORT',
  ]);
  assert.ok(!problems.join().includes('hunter2'));
});

test('a clock is the sandbox’s, the machine’s or a service', () => {
  assert.deepEqual(readConfig({ CLOCK: 'system' }).clock, { kind: 'system' });
  assert.deepEqual(readConfig({ CLOCK: 'http://127.0.0.1:9/' }).clock, { kind: 'service', url: 'http://127.0.0.1:9' });
});

test('one port for two purposes is refused, 0 is not', () => {
  assert.deepEqual(problemsOf({ PORT: '5000', SANDBOX_BANK_PORT: '5000' }), [
    'SANDBOX_BANK_PORT and PORT are both 5000',
  ]);
  assert.deepEqual(problemsOf({ PORT: '0', VAULT_PORT: '0', SANDBOX_BANK_PORT: '0' }), []);
});

test('a half configured real network names what is missing', () => {
  assert.match(problemsOf({ CLOCK: 'system', BANK_BASE_URL: 'https://bank.example' }).join(), /^BANK_TOKEN is missing/);
  assert.deepEqual(problemsOf({ CLOCK: 'sandbox', BANK_BASE_URL: 'https://bank.example' }), []);
});

test('TLS needs a key and a certificate, which only the sandbox makes itself; the sandbox has a port for it', () => {
  assert.deepEqual(problemsOf({ CLOCK: 'system', AMS_TLS_PORT: '443' }), [
    'AMS_TLS_KEY_FILE is missing: a TLS listener needs a key and a certificate',
    'AMS_TLS_CERT_FILE is missing: a TLS listener needs a key and a certificate',
  ]);
  assert.match(problemsOf({ AMS_TLS_KEY_FILE: import.meta.filename }).join(), /^AMS_TLS_CERT_FILE is missing/);
  assert.deepEqual(problemsOf({ PORT: '4443' }), ['AMS_TLS_PORT and PORT are both 4443']);
  const portOf = (env: NodeJS.ProcessEnv) => amsTlsPortOf(readConfig(env));
  assert.deepEqual([portOf({}), portOf({ CLOCK: 'system' }), portOf({ ROLE: 'worker' })], [4443, null, null]);
});

test('every taken port is named at once', async () => {
  const [one, two] = await Promise.all([listening(), listening()]);
  const config = readConfig({
    PORT: String(one.port),
    SANDBOX_BANK_PORT: String(two.port),
    VAULT_PORT: '0',
    SANDBOX_CLOCK_PORT: '0',
    SANDBOX_ACQUIRER_PORT: '0',
    SANDBOX_WALLETS_PORT: '0',
    SANDBOX_SHOPS_PORT: '0',
    AMS_TLS_PORT: '0',
  });
  const taken = await assertPortsFree(config).then(
    () => assert.fail('both are taken'),
    (error: unknown) => error,
  );
  assert.ok(taken instanceof WrongSettings);
  assert.deepEqual(taken.problems, [`PORT: port ${one.port} is taken`, `SANDBOX_BANK_PORT: port ${two.port} is taken`]);
  one.close();
  two.close();
  await assertPortsFree(config);
});

test('the settings page has every setting once, with unit and meaning', () => {
  assert.equal(new Set(SETTINGS.map(({ name }) => name)).size, SETTINGS.length);
  for (const { name, unit, meaning } of SETTINGS)
    assert.ok(/^[A-Z_]+$/.test(name) && unit !== '' && meaning !== '', name);
});

test('a companion process sees what its starter gives it, not our secrets', () => {
  process.env.BANK_TOKEN = 'secret'; // what an operator would have set
  const env = companionEnvironment({ PORT: '1' });
  delete process.env.BANK_TOKEN;
  assert.equal(env.PORT, '1');
  assert.equal(env.BANK_TOKEN, undefined);
});

async function listening(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen({ port: 0, host: '127.0.0.1' }, ready));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { port: address.port, close: () => void server.close() };
}
