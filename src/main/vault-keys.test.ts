import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../base/fault.ts';
import { NetworkFault, type NetworkRequest } from '../connectors/ports/network-http.ts';
import { createVaultKeys } from './vault-keys.ts';

const VAULT = { url: 'http://vault.example', secret: 'the-secret-of-the-vault' };

function vaultThat(answers: (request: NetworkRequest) => { status: number; body?: unknown }) {
  const asked: NetworkRequest[] = [];
  const keys = createVaultKeys(
    {
      send: async (request) => {
        asked.push(request);
        const { status, body } = answers(request);
        return { status, headers: {}, body: Buffer.from(body === undefined ? '' : JSON.stringify(body)) };
      },
    },
    VAULT,
  );
  return { keys, asked };
}

test('a rotation asks for what is to be rotated, with the secret in the header and nowhere else', async () => {
  const rotation = { rootKeyId: 'kek_2', rewrapped: 3, resumed: true };
  const { keys, asked } = vaultThat(({ body }) => ({
    status: 200,
    body: String(body).includes('data') ? { dataKey: 'key_9' } : rotation,
  }));
  assert.deepEqual(await keys.rotateRoot(), rotation);
  assert.equal(await keys.rotateData(), 'key_9');
  for (const { headers, url, body } of asked) {
    assert.equal(headers?.authorization, `Bearer ${VAULT.secret}`);
    assert.ok(!`${url}${String(body)}`.includes(VAULT.secret));
  }
});

test('an id stays one part of the path, and each answer of the vault has its word', async () => {
  let status = 204;
  const { keys, asked } = vaultThat(() => ({ status }));
  assert.equal(await keys.removeRoot('kms/key-1?x'), 'removed');
  assert.equal(asked[0]?.url, 'http://vault.example/v1/keys/root/kms%2Fkey-1%3Fx');
  status = 409;
  assert.equal(await keys.removeRoot('kek_1'), 'key_in_use');
  status = 404;
  assert.equal(await keys.removeRoot('kek_1'), 'unknown_key');
});

test('a vault that does not know the secret is a fault that can pass; silence goes on as it is', async () => {
  const { keys } = vaultThat(() => ({ status: 401, body: { code: 'unauthorized' } }));
  const isFault = (error: unknown): boolean => error instanceof Fault && error.code === 'unavailable';
  await assert.rejects(keys.report(), isFault);
  await assert.rejects(keys.removeRoot('kek_1'), isFault);
  const silent = vaultThat(() => {
    throw new NetworkFault('rotate_root_key: UND_ERR_SOCKET', 'maybe');
  });
  await assert.rejects(silent.keys.rotateRoot(), NetworkFault);
});
