/**
 * The vault's keys, asked for over HTTP with the secret that this process has for the vault. So an operator needs a key of
 * the API and never the vault's secret. No key material travels here: the vault answers with ids and counts.
 */
import { Fault } from '../base/fault.ts';
import type { KeyReport, RootRotation, VaultKeys } from '../connectors/ports/card-vault.ts';
import type { NetworkHttp, NetworkRequest, NetworkResponse } from '../connectors/ports/network-http.ts';

const READ_MS = 10_000;
/** One data key after the other, each a call to the KMS where there is one. */
const ROTATE_MS = 200_000;

export function createVaultKeys(
  http: NetworkHttp,
  vault: { readonly url: string; readonly secret: string },
): VaultKeys {
  const ask = (
    request: Pick<NetworkRequest, 'method' | 'purpose' | 'timeoutMs'>,
    path: string,
    body?: object,
  ): Promise<NetworkResponse> =>
    http.send({
      ...request,
      url: `${vault.url}/v1/keys${path}`,
      headers: {
        authorization: `Bearer ${vault.secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const rotate = async <Answer>(what: 'data' | 'root'): Promise<Answer> =>
    read(await ask({ method: 'POST', purpose: `rotate_${what}_key`, timeoutMs: ROTATE_MS }, '/rotate', { what }));
  return {
    report: async () => read<KeyReport>(await ask({ method: 'GET', purpose: 'describe_keys', timeoutMs: READ_MS }, '')),
    rotateData: async () => (await rotate<{ dataKey: string }>('data')).dataKey,
    rotateRoot: () => rotate<RootRotation>('root'),
    removeRoot: async (id) => {
      const path = `/root/${encodeURIComponent(id)}`;
      const response = await ask({ method: 'DELETE', purpose: 'remove_root_key', timeoutMs: READ_MS }, path);
      if (response.status === 204) return 'removed';
      if (response.status === 409) return 'key_in_use';
      if (response.status === 404) return 'unknown_key';
      throw unexpected(response);
    },
  };
}

function read<Answer>(response: NetworkResponse): Answer {
  if (response.status !== 200) throw unexpected(response);
  return JSON.parse(Buffer.from(response.body).toString('utf8'));
}

const unexpected = ({ status }: NetworkResponse): Fault =>
  new Fault('unavailable', `the vault answered ${status}`, { retryable: true });
