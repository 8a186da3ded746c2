/** Whose code it is: pure, over codes from outside and codes of several schemes. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import { must } from '../../base/result.ts';
import type { Participant } from '../../parties/index.ts';
import { crcOf } from '../codes/crc.ts';
import { writeMerchantCode } from '../codes/write-merchant-code.ts';
import { writeHubTemplate } from './hub-template.ts';
import { shopOfNational } from './national-shop.ts';
import { type NationalRoute, routeCode } from './route-code.ts';
import { acquirerRole } from './test-participants.ts';

const acquirer = (participantId: string, changes: Parameters<typeof acquirerRole>[0], state = 'active'): Participant =>
  ({
    id: newId('ptc'),
    version: 1,
    state,
    participantId,
    name: participantId,
    acquirer: acquirerRole(changes),
  }) as Participant;

const PROMPTPAY = 'A000000677010111';
const ACQUIRERS = [
  acquirer('ACQ-A', {
    countries: ['SG'],
    pushSchemes: [PROMPTPAY.toLowerCase()],
    codePrefixes: ['https://a.example/'],
  }),
  acquirer('ACQ-B', { countries: ['TH'], pushSchemes: [PROMPTPAY, 'SG.PAYNOW'] }),
  acquirer('ACQ-C', { countries: ['SG'], pushSchemes: ['SG.PAYNOW'], codePrefixes: ['https://a.example/c/'] }),
  acquirer(
    'ACQ-D',
    { countries: ['SG'], pushSchemes: ['only.suspended'], codePrefixes: ['https://d.example'] },
    'suspended',
  ),
];
const route = (text: string) => routeCode(text, { domain: 'QR.causeway.example', acquirers: ACQUIRERS });
const why = (text: string): string => {
  const routed = route(text);
  return routed.ok ? 'routed' : routed.error.detail;
};

type Account = Parameters<typeof writeMerchantCode>[0]['accounts'][number];
const scheme = (id: string, guid: string): Account => ({ id, guid, objects: [{ id: '01', value: '0066812345678' }] });
const codeOf = (accounts: readonly Account[], changes: Partial<Parameters<typeof writeMerchantCode>[0]> = {}): string =>
  must(
    writeMerchantCode({
      ...{ dynamic: false, accounts, categoryCode: '5812', currency: 'THB', country: 'TH' },
      ...{ name: 'Noodles', city: 'Bangkok', ...changes },
    }),
  );

test('priority: our own template, then schemes by their template id, then the acquirer of the country', () => {
  const own = writeHubTemplate({ acquirerId: 'ACQ-X', merchantId: 'M1', number: 1 });
  const ours = must(route(codeOf([scheme('30', PROMPTPAY), own])));
  assert.deepEqual(ours, { kind: 'store', acquirerId: 'ACQ-X', merchantId: 'M1', currency: 'THB' });
  const national = (text: string): NationalRoute => must(route(text)) as NationalRoute;
  const [low, high] = [scheme('28', 'SG.PAYNOW'), scheme('29', PROMPTPAY)];
  const both = national(codeOf([high, low]));
  assert.deepEqual([both.scheme.guid, both.acquirer.participantId], ['SG.PAYNOW', 'ACQ-B'], 'TH is ACQ-B’s');
  assert.equal(national(codeOf([high, low], { country: 'SG' })).acquirer.participantId, 'ACQ-C');
  assert.equal(national(codeOf([high], { country: 'VN' })).acquirer.participantId, 'ACQ-A', 'else the first by name');
  const unknownFirst = national(codeOf([scheme('26', 'com.nobody'), high]));
  assert.equal(unknownFirst.scheme.guid, PROMPTPAY, 'a template that nobody knows is skipped');
});

test('a code for one payment is told from a printed one', () => {
  const national = (changes: object): NationalRoute =>
    must(route(codeOf([scheme('29', PROMPTPAY)], changes))) as NationalRoute;
  const amount = { amount: 12_550n, currency: 'THB' } as const;
  assert.deepEqual([national({ dynamic: true, amount }).once, national({ amount }).once], [true, false]);
  assert.equal(national({ dynamic: true }).once, false, 'without amount the person types it');
  assert.deepEqual(national({ amount }).amount, amount);
  const { merchantId, name, categoryCode } = shopOfNational(national({}));
  assert.deepEqual([merchantId, name, categoryCode], [`${PROMPTPAY}:0066812345678`, 'Noodles', '5812']);
});

test('bad codes: why is told', () => {
  const good = codeOf([scheme('29', PROMPTPAY)]);
  assert.match(why(`${good.slice(0, -4)}0000`), /^the checksum is "0000", of this text it is/);
  assert.match(why(good.slice(0, 40)), /says \d+ characters, \d+ are left/);
  const checksumless = good.slice(0, -8);
  assert.equal(why(checksumless), 'the last object is not a checksum (63)');
  assert.equal(
    why(codeOf([scheme('26', 'com.foo'), scheme('31', 'com.bar')])),
    'no template of this code is known here: it has 26 com.foo, 31 com.bar',
  );
  assert.equal(
    why(codeOf([scheme('26', 'only.suspended')])),
    'no template of this code is known here: it has 26 only.suspended',
  );
  const noCurrency = '00020101021129370016A000000677010111011300668123456785802TH6304';
  assert.equal(why(noCurrency + crcOf(noCurrency)), 'does not say a currency that one can pay in (53)');
  assert.equal(why('281001020123456789012345'), 'is a code that a person shows to a shop, and no shop shows it');
  assert.equal(why('hello'), 'is neither a link nor a code of EMVCo');
  assert.equal(why(''), 'a code has 1 to 512 characters');
  assert.equal(why(`https://a.example/${'x'.repeat(512)}`), 'a code has 1 to 512 characters');
});

test('links: the longest prefix is the acquirer’s, whatever the case; a suspended one has none', () => {
  const linked = (text: string) => {
    const found = must(route(text));
    return found.kind === 'link' ? [found.isOurs, found.acquirer?.participantId ?? null] : found.kind;
  };
  assert.deepEqual(linked('https://A.example/x'), [false, 'ACQ-A']);
  assert.deepEqual(linked('HTTPS://A.EXAMPLE/C/1'), [false, 'ACQ-C']);
  assert.deepEqual(linked('https://d.example/1'), [false, null]);
  const payload = Buffer.from('GPLD009PLVS00201', 'utf8').toString('base64');
  assert.deepEqual(linked(`HTTPS://QR.CAUSEWAY.EXAMPLE/MPM/3/${payload}`), [true, null]);
  assert.deepEqual(linked(`HTTPS://QR.OTHER.EXAMPLE/MPM/3/${payload}`), [false, null]);
});

const OUTSIDE = new URL('../../../../shared/data/emvco-qr/', import.meta.url);
const linesOf = (file: string): readonly { qr?: string }[] =>
  readFileSync(new URL(file, OUTSIDE), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('codes from outside: whole ones tell their schemes, broken ones why', {
  skip: !existsSync(OUTSIDE) && 'no outside data here',
}, () => {
  const whole = linesOf('mpm-valid-strict.jsonl').map(({ qr = '' }) => qr);
  assert.ok(whole.length > 50);
  for (const payload of whole) assert.match(why(payload), /^routed$|no template of this code is known here|53/);
  const broken = linesOf('mpm-invalid.jsonl').map(({ qr = '' }) => qr);
  assert.ok(broken.length > 10);
  for (const payload of broken) assert.notEqual(why(payload), 'routed', payload);
  const promptPay = whole.filter((payload) => payload.includes(PROMPTPAY));
  for (const payload of promptPay) assert.equal(why(payload), 'routed');
});
