import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_BRANDS } from './brands.ts';
import { readVaultSettings } from './settings.ts';

const needed = { VAULT_DATABASE_URL: 'postgres://localhost/x', VAULT_SECRET: 'a secret of some length' };

test('brands are those of the setting, or the usual ones', () => {
  assert.deepEqual(readVaultSettings(needed).brands, DEFAULT_BRANDS);
  assert.deepEqual(readVaultSettings({ ...needed, VAULT_BRANDS: 'visa, elo' }).brands, ['visa', 'elo']);
  assert.throws(() => readVaultSettings({ ...needed, VAULT_BRANDS: 'visa,vsia' }), /VAULT_BRANDS must list some of/);
});

test('a KMS is named by address and token; keys do not travel in the clear', () => {
  assert.equal(readVaultSettings(needed).kms, null);
  const kms = (url: string, token = 't') =>
    readVaultSettings({ ...needed, VAULT_KMS_URL: url, VAULT_KMS_TOKEN: token }).kms;
  assert.deepEqual(kms('https://kms.example/v1/'), { url: 'https://kms.example/v1', token: 't' });
  assert.deepEqual(kms('http://127.0.0.1:9000'), { url: 'http://127.0.0.1:9000', token: 't' });
  assert.throws(() => kms('http://kms.example'), /VAULT_KMS_URL must be an https address/);
  assert.throws(() => kms('kms'), /VAULT_KMS_URL/);
  assert.throws(() => kms('https://kms.example', ''), /VAULT_KMS_TOKEN is missing/);
});
