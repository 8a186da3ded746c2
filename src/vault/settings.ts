/**
 * The vault's settings, read once from the environment. This is the only file of the vault that looks at process.env.
 * Everything that is wrong is named at once, so that an operator mends a setup in one go.
 */
import { join } from 'node:path';
import { Fault } from '../base/fault.ts';
import { DEFAULT_BRANDS, KNOWN_BRANDS } from './brands.ts';
import type { KmsSettings } from './kms.ts';

export interface VaultSettings {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Loopback unless told otherwise: a proxy that ends TLS stands in front. */
  readonly host: string;
  readonly databaseUrl: string;
  readonly keyFile: string;
  /** Wraps data keys in the place of the key file; null when there is none. */
  readonly kms: KmsSettings | null;
  /** Bearer secret of those who may forward and read masked facts. */
  readonly secret: string;
  /** Origins a number may be sent to. */
  readonly allowedHosts: readonly string[];
  /** Origins that may show the card form in a frame and post cards from a page. */
  readonly frameAncestors: readonly string[];
  /** Brands of cards that are taken, by card-validator's names. */
  readonly brands: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Fault `invalid_settings` naming every setting that is missing or malformed; never its value. */
export function readVaultSettings(env: Environment = process.env): VaultSettings {
  const wrong: string[] = [];
  const settings = {
    port: readPort(env, wrong),
    host: env.VAULT_HOST || '127.0.0.1',
    databaseUrl: readRequired(env, 'VAULT_DATABASE_URL', wrong),
    keyFile: env.VAULT_KEY_FILE || join(env.VAULT_DATA_DIR || 'data', 'vault', 'keys.json'),
    kms: readKms(env, wrong),
    secret: readSecret(env, wrong),
    allowedHosts: readOrigins(env, 'VAULT_ALLOWED_HOSTS', wrong),
    frameAncestors: readOrigins(env, 'VAULT_FRAME_ANCESTORS', wrong),
    brands: readBrands(env, wrong),
  };
  if (wrong.length > 0) throw new Fault('invalid_settings', wrong.join('; '), { retryable: false });
  return settings;
}

function readPort(env: Environment, wrong: string[]): number {
  const text = env.PORT || env.VAULT_PORT || '4001';
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) wrong.push('VAULT_PORT must be a port number from 0 to 65535');
  return port;
}

function readRequired(env: Environment, name: string, wrong: string[]): string {
  const value = env[name] ?? '';
  if (value === '') wrong.push(`${name} is missing`);
  return value;
}

function readSecret(env: Environment, wrong: string[]): string {
  const secret = readRequired(env, 'VAULT_SECRET', wrong);
  if (secret !== '' && secret.length < 16) wrong.push('VAULT_SECRET must have at least 16 characters');
  return secret;
}

/** Keys travel to the KMS: over TLS, or within the machine. */
function readKms(env: Environment, wrong: string[]): KmsSettings | null {
  const url = (env.VAULT_KMS_URL ?? '').replace(/\/$/, '');
  if (url === '') return null;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const local = parsed?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(parsed.hostname);
  if (parsed?.protocol !== 'https:' && !local) wrong.push('VAULT_KMS_URL must be an https address');
  return { url, token: readRequired(env, 'VAULT_KMS_TOKEN', wrong) };
}

function readBrands(env: Environment, wrong: string[]): readonly string[] {
  const names = listOf(env.VAULT_BRANDS);
  if (names.some((name) => !KNOWN_BRANDS.includes(name)))
    wrong.push(`VAULT_BRANDS must list some of ${KNOWN_BRANDS.join(', ')}, separated by commas`);
  return names.length === 0 ? DEFAULT_BRANDS : names;
}

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** A comma list of bare origins in canonical form: scheme, host, port when it is not the scheme's own; no path. */
function readOrigins(env: Environment, name: string, wrong: string[]): readonly string[] {
  const origins = listOf(env[name]);
  for (const text of origins) {
    if (!isOrigin(text)) wrong.push(`${name} must list origins such as https://api.example.com, separated by commas`);
  }
  return origins;
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text;
}
