/**
 * Keys of the AMS gateway: the pair it signs with, the certificate of its TLS listener, and in the sandbox the pair of a
 * client that is ready to be used. What no setting names is made at the first start of a sandbox and kept in DATA_DIR, mode
 * 600; in production nothing is made, and what is not given is not served.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivateKey } from '../ams-protocol/index.ts';
import { instant, wallNow } from '../base/clock.ts';
import type { Config } from './config.ts';
import { selfSigned } from './self-signed.ts';

type AmsSettings = Pick<Config, 'amsPrivateKeyFile' | 'amsTlsKeyFile' | 'amsTlsCertFile' | 'clock' | 'dataDir'>;

/** The pair the gateway signs with; null in production without AMS_PRIVATE_KEY_FILE. */
export function loadGatewayKey(config: AmsSettings): KeyObject | null {
  if (config.amsPrivateKeyFile !== null) return readPrivateKey(readFileSync(config.amsPrivateKeyFile, 'utf8').trim());
  return config.clock.kind === 'system' ? null : ownKey(join(config.dataDir, 'ams-gateway-key.pem'));
}

/** Of the client that a sandbox has from its first start, for a client library to be pointed at. */
export const merchantKeyFile = (dataDir: string): string => join(dataDir, 'ams-merchant-key.pem');
export const loadMerchantKey = (dataDir: string): KeyObject => ownKey(merchantKeyFile(dataDir));

/** PEM of key and certificate for the TLS listener; null in production without the settings. */
export function loadTls(config: AmsSettings): { readonly key: string; readonly cert: string } | null {
  if (config.amsTlsKeyFile !== null && config.amsTlsCertFile !== null)
    return { key: readFileSync(config.amsTlsKeyFile, 'utf8'), cert: readFileSync(config.amsTlsCertFile, 'utf8') };
  if (config.clock.kind === 'system') return null;
  const key = ownKey(join(config.dataDir, 'ams-tls-key.pem'));
  const path = join(config.dataDir, 'ams-tls-cert.pem');
  if (!existsSync(path))
    keep(
      path,
      selfSigned({ key, names: ['localhost'], addresses: ['127.0.0.1'], from: instant(wallNow()), years: 10 }),
    );
  return { key: pemOf(key), cert: readFileSync(path, 'utf8') };
}

/** Base64 of the SubjectPublicKeyInfo, as such keys are exchanged. */
export const publicKeyText = (privateKey: KeyObject): string =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');

function ownKey(path: string): KeyObject {
  if (!existsSync(path)) keep(path, pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey));
  return createPrivateKey(readFileSync(path, 'utf8'));
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Written beside and renamed: a crash leaves no half of it. */
function keep(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
