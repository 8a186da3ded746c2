/** POST /_sandbox/hub {url, publicKey, keyVersion?}: who the hub is and what it signs with. */
import { hubUrl, setHub } from './exchange-keys.ts';
import { bodyObject, json, problem, type Reply, type Request } from './http-server.ts';
import { publicKeyOf } from './message-signature.ts';
import type { Store } from './store.ts';

const wrong = (message: string): Reply => problem(422, 'invalid_request', message);

export function registerHub(store: Store, request: Request): Reply {
  const { url, publicKey, keyVersion } = bodyObject(request) ?? {};
  if (url !== undefined && (typeof url !== 'string' || !/^https?:\/\//.test(url)))
    return wrong('url must be an address');
  if (publicKey !== undefined && (typeof publicKey !== 'string' || publicKeyOf(publicKey) === null))
    return wrong('publicKey must be an RSA key, base64 of a SubjectPublicKeyInfo or PEM');
  if (keyVersion !== undefined && !/^\d{1,4}$/.test(String(keyVersion))) return wrong('keyVersion must be a number');
  if (url === undefined && publicKey === undefined) return wrong('url or publicKey is needed');
  setHub(store, {
    ...(url === undefined ? {} : { url }),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(keyVersion === undefined ? {} : { keyVersion: String(keyVersion) }),
  });
  return json(200, { url: hubUrl(store) });
}
