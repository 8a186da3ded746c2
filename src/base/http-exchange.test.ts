import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { sleep } from './clock.ts';
import { exchange, HttpFailure } from './http-exchange.ts';

async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (url: string, more = {}) =>
  exchange({ method: 'POST', url, headers: { 'x-test': 'one' }, body: 'körper', timeoutMs: 2_000, ...more });

const codeOf = (sending: Promise<unknown>): Promise<string> =>
  sending.then(
    () => 'answered',
    (error: unknown) => (error as HttpFailure).code,
  );

test('a request arrives whole, its answer comes back whole, and the connection is kept', async (t) => {
  const seen: unknown[] = [];
  const ports = new Set<number | undefined>();
  const url = await serve(t, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    const { 'content-length': length, 'x-test': own } = request.headers;
    seen.push([request.method, request.url, length, own, body]);
    ports.add(request.socket.remotePort);
    response.writeHead(201, { 'X-Answer': 'yes' }).end('größe');
  });
  for (let turn = 0; turn < 3; turn += 1) {
    const { status, headers, body } = await post(`${url}/a?b=c`);
    assert.deepEqual([status, headers['x-answer'], body.toString('utf8')], [201, 'yes', 'größe']);
  }
  assert.deepEqual(seen[0], ['POST', '/a?b=c', '7', 'one', 'körper']);
  assert.equal(ports.size, 1);
});

test('a redirect is an answer', async (t) => {
  let asked = 0;
  const url = await serve(t, (_request, response) => {
    asked += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const { status, headers } = await post(url);
  assert.deepEqual([status, headers.location, asked], [302, '/elsewhere', 1]);
});

test('what is no complete answer is a failure with a code: cut, reset, late, too large, refused', async (t) => {
  const url = await serve(t, async (request, response) => {
    if (request.url === '/reset') return void request.socket.destroy();
    if (request.url === '/late') await sleep(500);
    response.writeHead(200, { 'content-length': '100' }).write('half');
    await sleep(20);
    if (request.url === '/cut') request.socket.destroy();
    if (request.url === '/drip') await sleep(500);
    response.end('x'.repeat(96));
  });
  assert.equal(await codeOf(post(`${url}/cut`)), 'ECONNRESET');
  assert.equal(await codeOf(post(`${url}/reset`)), 'ECONNRESET');
  assert.equal(await codeOf(post(`${url}/late`, { timeoutMs: 100 })), 'TIMEOUT');
  assert.equal(await codeOf(post(`${url}/drip`, { timeoutMs: 100 })), 'TIMEOUT', 'the body counts too');
  assert.equal(await codeOf(post(url, { maxBytes: 99 })), 'TOO_LARGE');
  assert.equal(await codeOf(post(url, { maxBytes: 100 })), 'answered');
  assert.equal(await codeOf(post('http://127.0.0.1:1')), 'ECONNREFUSED');
});

test('an address or a header that cannot be sent is a failure, not a crash', async () => {
  assert.equal(await codeOf(post('http://127.0.0.1:1/', { headers: { 'x-test': 'a\nb' } })), 'ERR_INVALID_CHAR');
  await assert.rejects(post('ftp://127.0.0.1/'), HttpFailure);
});

test('a server that closed an idle connection is simply called again', async (t) => {
  const url = await serve(t, (request, response) => {
    response.on('finish', () => void sleep(5).then(() => request.socket.destroy()));
    response.end('ok');
  });
  for (let turn = 0; turn < 3; turn += 1) {
    assert.equal((await post(url)).status, 200);
    await sleep(50);
  }
});
