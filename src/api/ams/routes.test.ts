/** What the wire answers when nothing behind it can: signed all the same, with HTTP 200. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fastify from 'fastify';
import { pino } from 'pino';
import { parseSignatureHeader, signMessage, verifyMessage } from '../../ams-protocol/index.ts';
import { wallNow } from '../../base/clock.ts';
import type { App } from '../app.ts';
import { limitRequests } from '../back-pressure.ts';
import type { Routes } from '../rest/routes.ts';
import { pathOfTarget } from '../signed-messages.ts';
import { amsRoutes, sendAmsRefusal } from './routes.ts';

const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });
const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PATH = '/ams/api/v1/payments/inquiryPayment';

/** An installation whose database fails, as far as the wire asks for it. */
const broken = {
  ams: { key: { privateKey: gateway.privateKey, publicKey: '' } },
  journal: { db: { query: () => Promise.reject(new Error('the database is gone')) } },
  log: pino({ level: 'silent' }),
} as unknown as App;

async function ask(limit: number) {
  const server = fastify();
  limitRequests(server, limit, (request, reply) =>
    sendAmsRefusal(broken, request, reply, { code: 'too_often', detail: 'too many requests at once; try again' }),
  );
  amsRoutes(server as unknown as Routes, broken);
  const [time, body] = [String(wallNow()), Buffer.from('{}')];
  const signature = await signMessage({ path: PATH, clientId: 'C1', time, body }, merchant.privateKey);
  const headers = { 'client-id': 'C1', 'request-time': time, signature: `keyVersion=1,signature=${signature}` };
  const answer = await server.inject({ method: 'POST', url: PATH, headers, payload: body });
  await server.close();
  const said = parseSignatureHeader(String(answer.headers.signature))?.signature ?? '';
  const message = {
    path: PATH,
    clientId: 'C1',
    time: String(answer.headers['response-time']),
    body: answer.rawPayload,
  };
  assert.ok(await verifyMessage(message, said, gateway.publicKey));
  assert.equal(answer.statusCode, 200);
  return (answer.json() as { result: { resultCode: string; resultStatus: string } }).result;
}

test('a fault behind the wire: the outcome is not known', async () => {
  const { resultCode, resultStatus } = await ask(10);
  assert.deepEqual([resultCode, resultStatus], ['UNKNOWN_EXCEPTION', 'U']);
});

test('too much at once: ask again', async () => {
  const { resultCode, resultStatus } = await ask(0);
  assert.deepEqual([resultCode, resultStatus], ['REQUEST_TRAFFIC_EXCEED_LIMIT', 'U']);
});

test('request targets: whole addresses are led back to their path', () => {
  for (const [target, path] of [
    ['/ams/api/v1/payments/pay', '/ams/api/v1/payments/pay'],
    ['https://127.0.0.1/ams/api/v1/payments/pay?a=b', '/ams/api/v1/payments/pay?a=b'],
    ['HTTP://host:4443/ams/api//v1/x', '/ams/api//v1/x'],
    ['https://host', '/'],
    ['https://host?a', '/?a'],
    ['*', '*'],
    ['/x?to=https://host/y', '/x?to=https://host/y'],
  ])
    assert.equal(pathOfTarget(target as string), path, target);
});
