/** Nothing the vault says when it breaks holds a digit of a card: its log, its answers, and what the runtime would print. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { after, test } from 'node:test';
import { scanBytes } from '../../test/support/card-scan.ts';
import { Fault } from '../base/fault.ts';
import { faultLine } from './last-words.ts';
import type { VaultStore } from './store.ts';
import { cardBody, MARKETPLACE, SECRET, testVault, VISA } from './test-vault.ts';

const SPLIT = '4111 1111 1111 1111';
const bearer = { authorization: `Bearer ${SECRET}` };
const clean = (text: string): void => {
  assert.deepEqual(scanBytes(Buffer.from(text), 'what was said'), []);
  assert.equal(/4111/.test(text), false, text);
};

/** An error that quotes the card in every place an error has. */
function quoting(): Error {
  const error = Object.assign(new Error(`insert failed: (${VISA})`, { cause: new Error(SPLIT) }), {
    code: VISA,
    detail: `Key (number)=(${VISA}) already exists.`,
    statusCode: 500,
  });
  error.name = VISA;
  error.stack = `Error: ${VISA}\n    at ${SPLIT}`;
  return error;
}

test('of an error only its code or class is said, of a fault its own text, and never a number', () => {
  assert.equal(faultLine(Object.assign(new Error(VISA), { code: '23505' })), 'vault fault 23505');
  assert.equal(faultLine(new TypeError(VISA)), 'vault fault TypeError');
  const told = new Fault('key_file', 'the key file /data/keys.json is malformed', { retryable: false });
  assert.equal(faultLine(told), 'vault fault key_file: the key file /data/keys.json is malformed');
  const id = 'key_0123456789012345678901234567890f';
  assert.match(faultLine(new Fault('unknown_data_key', `no data key ${id}`, { retryable: false })), new RegExp(id));
  for (const error of [
    quoting(),
    VISA,
    { code: VISA },
    null,
    undefined,
    new Fault('x', `card ${SPLIT}!`, { retryable: false }),
  ])
    clean(faultLine(error));
});

// In a process of its own, as an uncaught error ends it.
const CRASHES = {
  'an exception': 'setTimeout(() => { throw error; })',
  'a rejected promise': 'Promise.reject(error)',
  'a rejected promise with a bare number': 'Promise.reject(error.message)',
  'a warning': 'process.emitWarning(error); setTimeout(() => process.exit(1), 50)',
  'a warning with a name':
    'process.emitWarning(error.message, { code: error.message }); setTimeout(() => process.exit(1), 50)',
};
for (const [name, code] of Object.entries(CRASHES)) {
  test(`${name} that nobody caught is said in one clean line`, async () => {
    const path = JSON.stringify(new URL('last-words.ts', import.meta.url).href);
    const script = `
      import { takeOverLastWords } from ${path};
      takeOverLastWords();
      const error = Object.assign(new Error('pan ${VISA}', { cause: new Error('${SPLIT}') }), { detail: '${VISA}' });
      ${code};`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const [exit] = await once(child, 'close');
    assert.equal(exit, 1);
    assert.match(said, /^vault (fault|warning) [\w ]+\n$/);
    clean(said);
  });
}

test('a debugger does not start on a signal', { skip: process.platform === 'win32' }, async () => {
  const path = JSON.stringify(new URL('last-words.ts', import.meta.url).href);
  const script = `
    import { takeOverLastWords } from ${path};
    takeOverLastWords();
    console.log('up');
    setTimeout(() => process.exit(0), 400);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  await once(child.stdout, 'data');
  child.kill('SIGUSR1');
  const [exit] = await once(child, 'close');
  assert.deepEqual([exit, said], [0, 'up\n']);
});

test('a failing store is a fault without a digit, whatever is asked of it', async () => {
  const failing = async (): Promise<never> => {
    throw quoting();
  };
  const vault = testVault();
  const token = (await vault.app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() })).json().token;
  const names = [
    'addCard',
    'addStoredCard',
    'card',
    'claim',
    'storedCards',
    'deleteStoredCard',
    'dataKeys',
    'exclusively',
    'ping',
  ];
  Object.assign(
    vault.store,
    Object.fromEntries(names.map((name) => [name, failing])) as unknown as Partial<VaultStore>,
  );
  const owner = `marketplace=${MARKETPLACE}&buyer=buy_${'0'.repeat(32)}`;
  const calls = [
    ['POST', '/v1/tokens', cardBody()],
    ['GET', `/v1/tokens/${token}`],
    ['POST', `/v1/tokens/${token}/cvv`, { cvv: '123' }],
    ['GET', `/v1/cards?${owner}`],
    ['DELETE', `/v1/cards/${token}?${owner}`],
    ['GET', '/v1/keys'],
    ['POST', '/v1/keys/rotate', { what: 'root' }],
    ['POST', '/v1/keys/rotate', { what: 'data' }],
    ['GET', '/health'],
  ] as const;
  for (const [method, url, payload] of calls) {
    const answer = await vault.app.inject({ method, url, headers: bearer, ...(payload ? { payload } : {}) });
    assert.equal(answer.statusCode, 503, `${method} ${url}`);
    clean(JSON.stringify(answer.headers) + answer.body.replaceAll(token, ''));
  }
  assert.equal(vault.faults.length, calls.length);
  for (const fault of vault.faults) clean(faultLine(fault));
});

// A network that breaks off at the worst moments: it has the number and quotes it in what cannot be read.
const BROKEN = {
  'a header nobody can read': `HTTP/1.1 200 OK\r\nx pan ${VISA}: a\r\n\r\n`,
  'a status nobody can read': `HTTP/1.1 ${VISA} OK\r\n\r\n`,
  'a length that is a number': `HTTP/1.1 200 OK\r\ncontent-length: ${VISA}\r\n\r\n${VISA}`,
  'a body that is cut': `HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"pan":"${VISA}`,
  'no HTTP at all': VISA,
};
const listening = new Set<ReturnType<typeof createServer>>();
after(() => {
  for (const server of listening) server.close();
});
for (const [name, bytes] of Object.entries(BROKEN)) {
  test(`a failing network: ${name}`, async () => {
    const server = createServer(
      (socket) => void socket.once('data', () => socket.end(bytes)).on('error', () => undefined),
    );
    listening.add(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const vault = testVault({ allowedHosts: [origin] });
    const { token } = (await vault.app.inject({ method: 'POST', url: '/v1/tokens', payload: cardBody() })).json();
    const payload = { token, operation: 'OP1', url: `${origin}/pay`, headers: {}, body: '{"n":"{{card_number}}"}' };
    const answer = await vault.app.inject({ method: 'POST', url: '/forward', headers: bearer, payload });
    assert.deepEqual([answer.statusCode, answer.headers['x-vault-error']], [504, 'network_no_answer']);
    clean(JSON.stringify(answer.headers) + answer.body);
    assert.deepEqual(vault.faults, []);
  });
}

test('requests that no router and no parser can read are refused without their text', async () => {
  const { app } = testVault();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const ask = async (head: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.end(head);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    await once(socket, 'close');
    return answer;
  };
  const host = 'host: vault\r\nconnection: close\r\n';
  const asked = [
    `GET /%zz${VISA} HTTP/1.1\r\n${host}\r\n`,
    `GET /v1/tokens/${VISA}%E0%A4%A HTTP/1.1\r\n${host}\r\n`,
    `GET /${VISA.repeat(20)} HTTP/1.1\r\n${host}\r\n`,
    `GET /v1/tokens/${VISA.repeat(20)} HTTP/1.1\r\n${host}\r\n`,
    `${VISA} / HTTP/1.1\r\n\r\n`,
    `GET / HTTP/1.1\r\nx pan ${VISA}\r\n\r\n`,
    `GET /fields?marketplace=${VISA}&parent=${VISA} HTTP/1.1\r\n${host}\r\n`,
    `POST /v1/tokens HTTP/1.1\r\n${host}content-type: application/json; pan=${VISA}\r\ncontent-length: 3\r\n\r\n{"4`,
    `POST /v1/tokens HTTP/1.1\r\n${host}content-type: ${VISA}\r\ncontent-length: 16\r\n\r\n${VISA}`,
  ];
  try {
    for (const head of asked) {
      const answer = await ask(head);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, head);
      clean(answer.replace(/content-length: \d+/i, ''));
    }
  } finally {
    await app.close();
  }
});
