import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { PUBLIC_TEST_CARDS } from '../../scripts/check/public-test-cards.ts';
import { instant, monotonicMs, wallNow } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { randomBytes, seededRandom } from '../../src/base/random.ts';
import { scanBytes, scanDatabase, scanFile, scanFolder, scanSources } from './card-scan.ts';
import { createTestDatabase, NO_DATABASE } from './database.ts';

const VISA = '4111111111111111';
const AMEX = '378282246310005';
const MAESTRO_12 = '501800000009';
const VISA_19 = '4470051300000000003';

const folder = await mkdtemp(join(tmpdir(), 'card-scan-'));
after(() => rm(folder, { recursive: true }));

const scan = (text: string | Buffer) => scanBytes(Buffer.from(text), 'here');
const finds = (text: string | Buffer): boolean => scan(text).length > 0;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');

const NUMBERS = [...PUBLIC_TEST_CARDS, MAESTRO_12];

test('every public test number is found, by itself and between words', () => {
  for (const number of NUMBERS) {
    for (const text of [
      number,
      `pan=${number}`,
      `{"n":"${number}"}`,
      `x${number}y`,
      `_${number}_`,
      `name${number}`,
      `-${number}-`,
      `\t${number}\0`,
      `${number}=2512`,
    ])
      assert.equal(finds(text), true, `${number.slice(0, 6)} in ${JSON.stringify(text.replaceAll(number, '#'))}`);
  }
});

test('a number that is split is found', () => {
  const groups = (text: string, by: string): string => text.replace(/(\d{4})(?=\d)/g, `$1${by}`);
  for (const number of [VISA, VISA_19, MAESTRO_12, '30569309025904'])
    for (const by of [' ', '-', '  ', ' - ', '%20', '%2D', '+', '\u00a0'])
      assert.equal(finds(`card ${groups(number, by)}.`), true, `${number} by "${by}"`);
  for (const text of [
    '3782 822463 10005',
    '3782-822463-10005',
    '3056 930902 5904',
    [...VISA].join(' '),
    [...VISA].join('-'),
    VISA.replace(/(\d\d)(?=\d)/g, '$1 '),
    '4111 1111-1111 1111',
    '12 4111 1111 1111 1111 978',
    `1250 ${VISA} 978`,
    `12345678901234567890 ${VISA}`,
  ])
    assert.equal(finds(text), true, text);
});

test('a number inside an encoding is found, at every offset', () => {
  for (const number of [VISA, AMEX, MAESTRO_12, VISA_19, '4111 1111 1111 1111', '4111-1111-1111-1111']) {
    for (let pad = 0; pad < 8; pad += 1) {
      const text = `${'{"number'.slice(0, pad)}${number}","expiry":"12/30"}`;
      assert.equal(finds(`"${base64(text)}"`), true, `base64 ${pad} ${number}`);
      assert.equal(finds(Buffer.from(text).toString('base64url')), true, `base64url ${pad} ${number}`);
      assert.equal(finds(base64('x'.repeat(pad + 50) + text).replace(/(.{76})/g, '$1\r\n')), true, `MIME ${pad}`);
      assert.equal(finds(`'\\x${hex(text)}'`), true, `bytea ${pad}`);
      assert.equal(finds(Buffer.from(text, 'utf16le')), true, `UTF-16 LE ${pad}`);
      assert.equal(finds(Buffer.from(text, 'utf16le').swap16()), true, `UTF-16 BE ${pad}`);
    }
    assert.equal(finds(hex(number).toUpperCase()), true);
  }
  const pairs = hex(VISA).match(/../g) ?? [];
  for (const text of [
    pairs.join(' '),
    pairs.join(':'),
    pairs.map((pair) => `\\x${pair}`).join(''),
    pairs.map((pair) => `0x${pair}`).join(', '),
    pairs.map((pair) => `%${pair}`).join(''),
    `4%31${VISA.slice(2)}`,
  ])
    assert.equal(finds(text), true, text);
});

test('a verification value is found behind its name, in every form that logs and bodies have', () => {
  const card = JSON.stringify({ card: { cvv: '123' } });
  for (const text of [
    card,
    JSON.stringify({ body: card }),
    JSON.stringify({ request: JSON.stringify({ body: card }) }),
    'cvv=123&x=1',
    "{ cvv: '1234' }",
    'securityCode: 123',
    'security_code="123"',
    'card_verification_value=999',
    encodeURIComponent(card),
  ]) {
    assert.equal(finds(text), true, text);
    for (let pad = 0; pad < 4; pad += 1) {
      assert.equal(finds(`x ${base64('x'.repeat(pad) + text)} y`), true, `base64 ${pad} ${text}`);
      assert.equal(finds(`\\x${hex('x'.repeat(pad) + text)}`), true, `hex ${pad} ${text}`);
    }
  }
  for (const text of [
    '"cvv":"XXX"',
    '"cvv":"{{cvv}}"',
    '"cvv":"[removed]"',
    '"cvv":"match"',
    '"cvv":null,"amount":123',
    '"cardVerificationResult":"MATCH"',
    '"responseCode":"521"',
    'cvv has 3 digits',
    base64('"cvv":"[removed]"'),
  ])
    assert.deepEqual(scan(text), [], text);
});

test('a report says where and how, and does not repeat the number', () => {
  const [hit, ...more] = scanBytes(Buffer.from(`log line\npan ${VISA}\n`), 'vault.log');
  assert.deepEqual(hit, { where: 'vault.log', at: 13, form: 'text', masked: '411111…1111' });
  assert.deepEqual(more, []);
  assert.deepEqual(
    scan(`\\x${hex(`"${VISA}"`)}`).map(({ form }) => form),
    ['hex'],
  );
  assert.deepEqual(
    scan(base64(`"${VISA}"`)).map(({ form }) => form),
    ['base64'],
  );
});

test('wrong numbers, longer runs of digits, and masked ones are no cards', () => {
  for (const text of [
    '4111111111111112',
    '9111111111111111',
    '411111111111111',
    `${VISA}1`,
    `1${VISA}`,
    `${VISA}${VISA}`,
    '9'.repeat(5_000),
    '411111XXXXXX1111',
    '4111 11XX XXXX 1111',
    `0.${VISA}`,
    `3.${VISA}`,
    `${MAESTRO_12}.25`,
    '2026-11-28 05:36:25.123',
    '20261128053625',
    '1795844185123',
    '1795844185123456',
    'DE89 3704 0044 0532 0130 00',
    '+49 30 1234567',
  ])
    assert.deepEqual(scan(text), [], text);
});

test('ids, amounts, UUIDs, timestamps, hashes and keys of our own raise no alarm', () => {
  const random = seededRandom(7);
  const lines: string[] = [];
  for (let at = 0; at < 20_000; at += 1) {
    const id = newId('pay');
    const uuid = id.slice(4).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const hash = createHash('sha256').update(id).digest();
    lines.push(
      `${id} ${uuid} {${uuid}} "${id.slice(4)}" ${hash.toString('hex')} \\x${hash.toString('hex')}`,
      `${hash.toString('base64')} ${hash.toString('base64url')} ${hash.toString('hex').slice(0, 24)}`,
      `{"value":"${random.integer(0, 2_000_000_000)}","currency":"EUR"} ${random.integer(1, 9_999_999)}.${random.integer(10, 99)}`,
      `${instant(wallNow() + random.integer(-1e12, 1e12))} ${wallNow() + at} ${random.next()} ${random.next() * 100}`,
      `seq ${at} ${random.integer(1, 99)} ${random.integer(1, 999)} ${random.integer(1, 9)} ${random.integer(1, 99)} ${random.integer(1, 99)} ${random.integer(1, 9999)}`,
    );
  }
  assert.deepEqual(scan(lines.join('\n')), []);
  assert.deepEqual(scan(`\\x${hex(lines.slice(0, 20_000).join('\n'))}`), [], 'stored as bytes');
  // Pieces of UUIDs that are digits only and pass for numbers, one of them a Visa card's.
  for (const uuid of ['4111e0aa-4111-1111-1111-1111000000aa', 'aaaaaaaa-4111-4111-8111-50180000000a'])
    for (const text of [uuid, `"id":"${uuid}",`, hex(uuid), `\\x${hex(`{"id":"${uuid}"}`)}`])
      assert.deepEqual(scan(text), [], text);
  // The same without hyphens and letters to lean on: bytes that mean nothing.
  assert.deepEqual(scan(randomBytes(1_000)), []);
  assert.deepEqual(
    scanBytes(Buffer.concat(Array.from({ length: 300 }, () => Buffer.from(randomBytes(900)))), 'random'),
    [],
  );
});

test('files of any size are scanned in pieces, also where two pieces meet', async () => {
  const path = join(folder, 'large.log');
  const line = Buffer.from(
    '2026-11-28T05:36:25.123Z info order ord_0192f0c1a5b97c3d8e4f5a6b7c8d9e0f moved {"value":"125000"}\n',
  );
  const large = Buffer.alloc(40 * 1024 * 1024);
  for (let at = 0; at < large.length; at += line.length) line.copy(large, at);
  const places = [100, 16 * 1024 * 1024 - 7, 32 * 1024 * 1024, large.length - 30];
  for (const place of places) large.write(` ${VISA} `, place, 'latin1');
  await writeFile(path, large);
  const began = monotonicMs();
  const hits = await scanFile(path);
  const seconds = (monotonicMs() - began) / 1_000;
  assert.deepEqual(
    hits.map(({ at }) => at),
    places.map((place) => place + 1),
  );
  assert.deepEqual(scanBytes(large, path), hits);
  // Hundreds of MB must be a matter of seconds; the bound leaves room for a busy machine.
  assert.ok(seconds < 12, `40 MB took ${seconds} s`);
});

test('test fixtures are let pass in a source tree; in logs and dumps nothing is', async () => {
  const root = join(folder, 'tree');
  await mkdir(join(root, 'src'), { recursive: true });
  for (const name of ['src/pay.test.ts', 'src/pay.ts', 'pay.log']) await writeFile(join(root, name), `card ${VISA}\n`);
  assert.deepEqual((await scanSources(root)).map(({ where }) => where).sort(), ['pay.log', 'src/pay.ts']);
  assert.equal((await scanFolder(root)).length, 3);
  await writeFile(join(root, `${VISA}.txt`), '');
  assert.equal((await scanFolder(root)).length, 4, 'a name is text as well');
});

test('this repository holds card numbers in its fixtures only', async () => {
  const hits = await scanSources(join(import.meta.dirname, '../..'));
  // A file that must hold public test numbers is named in isKnownFixture.
  assert.deepEqual(hits, []);
});

test('a database is scanned row by row: text, JSON, bytes', { skip: NO_DATABASE }, async () => {
  const database = await createTestDatabase();
  const client = new pg.Client(database.owner);
  await client.connect();
  try {
    assert.deepEqual(await scanDatabase(client), [], 'a fresh installation');
    await client.query('create table public.leaks (id int, note text, body jsonb, raw bytea)');
    await client.query(`insert into leaks select n, 'nothing', '{}', '' from generate_series(1, 12000) n`);
    await client.query(`insert into leaks values (1, $1, '{}', ''), (2, '', $2, ''), (3, '', '{}', $3)`, [
      `paid with ${VISA}`,
      JSON.stringify({ card: { number: AMEX } }),
      Buffer.from(`pan:${VISA}`),
    ]);
    const hits = await scanDatabase(client);
    assert.deepEqual(
      hits.map(({ where, form, masked }) => [where, form, masked]),
      [
        ['public.leaks', 'text', '411111…1111'],
        ['public.leaks', 'text', '378282…0005'],
        ['public.leaks', 'hex', '411111…1111'],
      ],
    );
  } finally {
    await client.end();
    await database.drop();
  }
});
