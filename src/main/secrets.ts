/**
 * Secrets of an installation that nobody sets by hand: made at the first start, kept in DATA_DIR/secrets.json, mode 600.
 * The operator's key in it is the sandbox's convenience; in production it is printed once and not kept.
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomSecret } from '../base/random.ts';

export interface Secrets {
  /** Bearer secret between the platform and its vault. */
  readonly vaultSecret: string;
  /** Bearer token the acquirer sends with its notifications. */
  readonly callbackToken: string;
  readonly bankToken: string;
  /** PEM of the RSA key that signs the client assertion for the sandbox acquirer. */
  readonly acquirerKey: string;
  readonly operatorKey: string;
  /** Key of the sandbox's first marketplace. */
  readonly marketplaceKey: string | null;
}

/** The secrets of this installation, made if there are none. */
export function loadSecrets(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Secrets;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secrets: Secrets = {
    vaultSecret: randomSecret(32),
    callbackToken: randomSecret(24),
    bankToken: randomSecret(24),
    acquirerKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    operatorKey: `sk_${randomSecret(24)}`,
    marketplaceKey: null,
  };
  saveSecrets(dataDir, secrets);
  return secrets;
}

/** Written beside and renamed: a crash leaves the old file or the new one. */
export function saveSecrets(dataDir: string, secrets: Secrets): void {
  const path = join(dataDir, 'secrets.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
