import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { money } from '../../base/money.ts';
import { captureBody, paymentBody, refundBody, voidBody } from './request-bodies.ts';
import { SETTINGS } from './test-network.ts';
import { followUp, PAY } from './test-requests.ts';

const OPENAPI = new URL('../../../../shared/reference/jpm/online-payments-2.0.55.yaml', import.meta.url);
const skip = existsSync(OPENAPI) ? false : 'the OpenAPI file of Online Payments 2.0.55 is absent';

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  readOnly?: boolean;
}

const schemas: Record<string, Schema> = skip ? {} : parse(readFileSync(OPENAPI, 'utf8')).components.schemas;

/** Every way in which `value` breaks the schema, unknown properties included: we send strictly. */
function faults(schema: Schema, value: unknown, path: string): string[] {
  if (schema.$ref !== undefined) return faults(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, value, path);
  if (schema.readOnly === true) return [`${path}: read-only`];
  const found: string[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) found.push(`${path}: ${String(value)} not in enum`);
  if (schema.type === 'integer') {
    if (!Number.isSafeInteger(value)) found.push(`${path}: not an integer`);
    if (Number(value) < (schema.minimum ?? 0) || Number(value) > (schema.maximum ?? 2 ** 53))
      found.push(`${path}: range`);
  }
  if (schema.type === 'boolean' && typeof value !== 'boolean') found.push(`${path}: not a boolean`);
  if (schema.type === 'string') {
    if (typeof value !== 'string') return [...found, `${path}: not a string`];
    if (value.length < (schema.minLength ?? 0) || value.length > (schema.maxLength ?? 1e6))
      found.push(`${path}: length`);
    if (!new RegExp(schema.pattern ?? '', 'u').test(value)) found.push(`${path}: pattern`);
  }
  if (schema.properties !== undefined) {
    const object = value as Record<string, unknown>;
    for (const name of schema.required ?? []) if (object[name] === undefined) found.push(`${path}/${name}: missing`);
    for (const [name, item] of Object.entries(object)) {
      const property = schema.properties[name];
      found.push(
        ...(property === undefined ? [`${path}/${name}: unknown`] : faults(property, item, `${path}/${name}`)),
      );
    }
  }
  return found;
}

/** What leaves the vault: placeholders replaced, the expiry's with JSON integers. */
function afterVault(body: object): Record<string, unknown> {
  const text = JSON.stringify(body)
    .replace('{{card_number}}', '4112344112344113')
    .replace('{{cvv}}', '111')
    .replace('"{{expiry_month}}"', '5')
    .replace('"{{expiry_year}}"', '2031');
  assert.ok(!text.includes('{{'), 'all placeholders are known to the vault');
  return JSON.parse(text) as Record<string, unknown>;
}

for (const kind of ['authorize', 'sale'] as const) {
  test(`body of ${kind} is valid against schema payment`, { skip }, () => {
    const { subMerchantSupplementalData, ...published } = afterVault(paymentBody({ ...PAY, kind }, SETTINGS));
    assert.deepEqual(faults(schemas.payment ?? {}, published, ''), []);
    assert.deepEqual(subMerchantSupplementalData, { merchantIdentification: { sellerIdentifier: 'sel_1' } });
    assert.equal(published.captureMethod, kind === 'sale' ? 'NOW' : 'MANUAL');
    assert.equal(published.amount, 12_345);
  });
}

test('bodies of capture, void and refund are valid against their schemas', { skip }, () => {
  assert.deepEqual(faults(schemas.captureRequest ?? {}, captureBody(followUp('capture')), ''), []);
  assert.deepEqual(faults(schemas.paymentPatch ?? {}, voidBody(), ''), []);
  assert.deepEqual(faults(schemas.refund ?? {}, refundBody(followUp('refund'), SETTINGS), ''), []);
});

test('the schema check itself finds faults', { skip }, () => {
  const body = { ...afterVault(paymentBody(PAY, SETTINGS)), captureMethod: 'SOON', amount: '1', more: 1 };
  const paths = faults(schemas.payment ?? {}, body, '').map((fault) => fault.split(':')[0]);
  assert.deepEqual(paths.sort(), ['/amount', '/captureMethod', '/more', '/subMerchantSupplementalData']);
});

test('card data are placeholders only', () => {
  const text = JSON.stringify(paymentBody(PAY, SETTINGS));
  for (const name of ['card_number', 'cvv', 'expiry_month', 'expiry_year'])
    assert.ok(text.includes(`"{{${name}}}"`), name);
});

test('a descriptor too short for the schema is left out, a long one cut to 100', () => {
  const short = paymentBody({ ...PAY, statementDescriptor: 'ABC' }, SETTINGS);
  assert.ok(!('statementDescriptor' in short));
  const long = paymentBody({ ...PAY, statementDescriptor: 'A'.repeat(130) }, SETTINGS) as {
    statementDescriptor: string;
  };
  assert.equal(long.statementDescriptor.length, 100);
});

test('amounts beyond the schema and odd order numbers are bugs', () => {
  assert.throws(
    () => captureBody({ ...followUp('capture'), amount: money(1_000_000_000_000n, 'USD') }),
    /amount within/,
  );
  assert.throws(() => captureBody({ ...followUp('capture'), amount: money(0n, 'USD') }), /amount within/);
  assert.throws(() => paymentBody({ ...PAY, orderNumber: 'order_1' }, SETTINGS), /order number/);
});
