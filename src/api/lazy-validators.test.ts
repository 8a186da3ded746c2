import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { LAZY_VALIDATORS } from './lazy-validators.ts';

const serverWith = (body: object) =>
  fastify({ schemaController: { compilersFactory: LAZY_VALIDATORS } }).post(
    '/',
    { schema: { body } },
    async () => 'in',
  );

test('a body is judged as its schema says, each time anew', async () => {
  const server = serverWith({ type: 'object', required: ['name'], properties: { name: { type: 'string' } } });
  const answers = [];
  for (const payload of [{ name: 'a' }, {}, { name: 'b' }]) {
    const { statusCode, body } = await server.inject({ method: 'POST', url: '/', payload });
    answers.push(statusCode === 200 ? body : (JSON.parse(body) as { message: string }).message);
  }
  assert.deepEqual(answers, ['in', "body must have required property 'name'", 'in']);
});

test('a schema is compiled when it is first needed, not before', async () => {
  const server = serverWith({ type: 'no such type' });
  await server.ready();
  assert.equal((await server.inject({ method: 'POST', url: '/', payload: {} })).statusCode, 500);
});
