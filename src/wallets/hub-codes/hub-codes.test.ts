/** Codes and shops on a real database: given out, used once whoever is first, printed, verified, retired. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { createModules, type Modules } from '../../../test/support/modules.ts';
import { addMs } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { money } from '../../base/money.ts';
import { must, ok, type Refusal, type Result } from '../../base/result.ts';
import type { Decision, UnitPart } from '../../journal/index.ts';
import type { Participant } from '../../parties/index.ts';
import { readGeneralPayload } from '../codes/general-payload.ts';
import { readMerchantCode } from '../codes/merchant-code.ts';
import { readPaymentCode } from '../codes/payment-code.ts';
import type { HubCode } from '../hub-payment.ts';
import {
  createStoreCode,
  ensureShop,
  findCode,
  issueOrderCode,
  issuePaymentCodes,
  registerEntryPage,
  registerShop,
  resolvePaymentCode,
  retireCode,
  usingCode,
  verifyingCode,
} from './index.ts';
import { findCodeByValue } from './store.ts';
import { acquirerRole, aParticipant, walletRole } from './test-participants.ts';

const code = (result: Result<unknown, Refusal>): string => (result.ok ? 'done' : result.error.code);
const said = (result: Result<unknown, Refusal>): string => (result.ok ? 'done' : result.error.detail);

describe('codes of the hub', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let wallet: Participant;
  let acquirer: Participant;
  before(async () => {
    m = await createModules();
    wallet = await aParticipant(m, { participantId: 'PSP1', wallet: walletRole() });
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: acquirerRole() });
  });
  after(() => m?.end());

  const deps = () => ({ journal: m.journal, clock: { now: m.now } });
  const codes = async (quantity = 1) => must(await issuePaymentCodes(deps(), { wallet, customerId: 'C1', quantity }));
  const one = async (): Promise<HubCode> => (await codes())[0] as HubCode;
  const resolve = (value: string) => resolvePaymentCode(m.db, value, m.now());
  const commit = (unit: UnitPart) =>
    m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...unit }, value: null }));
  const reloaded = async ({ id }: HubCode): Promise<HubCode> => (await findCode(m.db, id)) as HubCode;

  test('ten payment codes are ten, of the form that terminals know, and lead to who asked for them', async () => {
    const ten = await codes(10);
    assert.equal(new Set(ten.map(({ value }) => value)).size, 10);
    for (const { value, expiresAt } of ten) {
      assert.match(value, /^28100102\d{16}$/);
      assert.ok(readPaymentCode(value).ok);
      assert.equal(expiresAt, addMs(m.now(), 60_000));
      const { customerId, wallet: theirs } = must(await resolve(value));
      assert.deepEqual([customerId, theirs.id], ['C1', wallet.id]);
    }
  });

  test('a payment code lives one minute of business time', async () => {
    const { value } = await one();
    m.pass(59_999);
    assert.equal(code(await resolve(value)), 'done');
    m.pass(1);
    assert.equal(code(await resolve(value)), 'expired_code');
  });

  test('of many payments at once by one code, one gets it', async () => {
    const { value } = await one();
    const attempts = Array.from({ length: 8 }, () => newId('hpy'));
    const came = await Promise.all(
      attempts.map((payment) =>
        m.journal.run(undefined, async (): Promise<Result<Decision<string>, Refusal>> => {
          const shown = await resolve(value);
          if (!shown.ok) return shown;
          return ok({ unit: { at: m.now(), ...usingCode(shown.value.code, payment) }, value: payment });
        }),
      ),
    );
    assert.deepEqual(came.map(code).sort(), [...Array.from({ length: 7 }, () => 'code_used'), 'done']);
    const winner = attempts[came.findIndex(({ ok: won }) => won)];
    assert.equal((await findCodeByValue(m.db, value))?.payment, winner);
    assert.equal(code(await resolve(value)), 'code_used', 'and stays used');
  });

  test('what is no payment code of this hub is told apart', async () => {
    for (const [text, why] of [
      ['281001029999999999999999', 'no wallet was given this code'],
      ['2810010299999999', 'a payment code has 17 to 32 digits, not 16'],
      ['281001019999999999999999', 'the business 01 is not a payment by code'],
      ['https://x.example', 'is no payment code, and as a code of EMVCo it is not Base64 with its padding'],
    ] as const)
      assert.equal(said(await resolve(text)), why);
  });

  test('a consumer-presented code of EMVCo is whose the payment code inside is', async () => {
    const { value, id } = await one();
    for (const text of [inText(value), packed(value)]) assert.equal(must(await resolve(text)).code.id, id);
    assert.match(said(await resolve(inText('9360001412345678'))), /its application is A000000602/);
  });

  test('a wallet whose users show no codes, or that has no issuer, gets none', async () => {
    for (const changes of [{ modes: ['merchantPresented'] as const }, { codeIssuer: null }]) {
      const other = { ...wallet, wallet: walletRole(changes) };
      const asked = await issuePaymentCodes(deps(), { wallet: other, customerId: 'C1', quantity: 1 });
      assert.equal(code(asked), 'mode_not_offered');
    }
  });

  test('an order code is a link with the amount inside, and cannot be guessed from another', async () => {
    const payment = { id: newId('hpy'), acquirer: acquirer.id, amount: money(1980n, 'JPY'), createdAt: m.now() };
    const issue = () => issueOrderCode({ ...payment, expiresAt: addMs(m.now(), 29 * 60_000) }, 'qr.causeway.example');
    const { code: issued, part: unit } = issue();
    must(await commit(unit));
    assert.match(issued.value, /^HTTPS:\/\/QR\.CAUSEWAY\.EXAMPLE\/MPM\/3\//);
    assert.ok(issued.value.length <= 512);
    const [service] = must(readGeneralPayload(issued.value)).services;
    assert.deepEqual(
      service?.objects.filter(({ id }) => id !== '02').map(({ value }) => value),
      ['CAUSEWAY', '1980', 'JPY'],
    );
    assert.notEqual(issue().code.value, issued.value);
    assert.throws(() => issueOrderCode({ ...payment, expiresAt: addMs(m.now(), 30 * 60_000) }, 'x'), /thirty minutes/);
  });

  const cafe = {
    merchantId: 'M1',
    name: 'Cafe Asakusa',
    localName: '浅草カフェ',
    country: 'JP',
    categoryCode: '5812',
    city: 'Tokyo',
  };

  test('a shop is registered once; other facts change it; a payment registers one that is unknown', async () => {
    const register = (changes = {}) => registerShop(deps(), { acquirer, registration: { ...cafe, ...changes } });
    const both = await Promise.all([register(), register()]);
    assert.deepEqual(both.map(code), ['done', 'done']);
    const first = must(both[0] as Result<HubCode, Refusal>);
    assert.equal(must(await register()).version, 1, 'the same again is nothing new');
    const renamed = must(await register({ city: 'Kyoto' }));
    assert.deepEqual([renamed.id, renamed.version, renamed.city], [first.id, 2, 'Kyoto']);
    assert.equal(code(await register({ country: 'FR' })), 'country_not_served');
    must(await register());

    const facts = { merchantId: 'M9', name: 'Kiosk', country: 'JP', categoryCode: '5499' };
    const kiosk = await ensureShop(m.db, { acquirer, facts }, m.now());
    must(await commit(kiosk.part));
    const again = await ensureShop(m.db, { acquirer, facts: { ...facts, name: 'Other' } }, m.now());
    assert.deepEqual([again.shop.id, again.shop.name, again.part.events.length], [kiosk.shop.id, 'Kiosk', 0]);
    const print = { acquirer, merchantId: 'M9', currency: 'JPY', schemes: [] } as const;
    assert.equal(code(await createStoreCode(deps(), print)), 'unknown_shop', 'nothing is printed without a city');
  });

  test('a store code says everything itself, is the same again, and is verified by its first payment', async () => {
    const print = (changes = {}) =>
      createStoreCode(deps(), { acquirer, merchantId: 'M1', currency: 'JPY', schemes: [JPQR], ...changes });
    const both = await Promise.all([print(), print()]);
    const printed = must(await print());
    assert.deepEqual(
      both.map((each) => must(each).id),
      [printed.id, printed.id],
      'asked twice at once it is one code',
    );
    assert.equal(printed.state, 'printed');
    const read = must(readMerchantCode(printed.value));
    assert.deepEqual(read.deviations, []);
    assert.deepEqual([read.dynamic, read.amount, read.name, read.city], [false, null, 'Cafe Asakusa', 'Tokyo']);
    assert.deepEqual(read.local, { language: 'ja', name: '浅草カフェ', city: null });
    assert.deepEqual(
      read.accounts.map(({ id, guid }) => [id, guid]),
      [
        ['26', 'org.causeway.hub'],
        ['27', 'jp.or.paymentsjapan'],
      ],
    );

    const [first, second] = [newId('hpy'), newId('hpy')];
    must(await commit(verifyingCode(printed, first, m.now())));
    const live = await reloaded(printed);
    assert.deepEqual([live.state, live.payment, live.verifiedAt], ['live', first, m.now()]);
    assert.equal(verifyingCode(live, second, m.now()).events.length, 0, 'a later payment changes nothing');
    assert.equal(must(await print()).id, printed.id);

    assert.equal(must(await retireCode(deps(), { id: printed.id, by: 'operator' })).state, 'retired');
    assert.equal(code(await retireCode(deps(), { id: printed.id, by: 'operator' })), 'illegal_move');
    const next = must(await print());
    assert.notEqual(next.value, printed.value, 'a retired text never comes back');
    const [own] = must(readMerchantCode(next.value)).accounts;
    assert.deepEqual(own?.objects.at(-1), { id: '03', value: '2' });
  });

  test('what cannot be printed is refused by its object', async () => {
    const print = (changes = {}) =>
      createStoreCode(deps(), { acquirer, merchantId: 'M1', currency: 'JPY', schemes: [], ...changes });
    for (const [changes, why] of [
      [{ schemes: [{ ...JPQR, id: '26' }] }, '26 is the template of this hub'],
      [{ schemes: [{ id: '27', guid: 'ORG.causeway.hub', objects: [] }] }, '27 is the template of this hub'],
      [{ schemes: [JPQR], currency: 'USD' }, 'JPQR: 53 is not 392, the yen'],
      [{ schemes: [{ ...JPQR, objects: JPQR.objects.slice(1) }] }, 'JPQR: 27.01 is not 13 digits'],
      [{ schemes: [{ id: '27', guid: 'x'.repeat(33), objects: [] }] }, '27.00 has 33 characters; 1 to 32 are allowed'],
    ] as const)
      assert.equal(said(await print(changes)), why);
    must(await registerShop(deps(), { acquirer, registration: { ...cafe, merchantId: 'M2', name: '浅草' } }));
    assert.match(said(await print({ merchantId: 'M2' })), /^59 must be in Latin letters/);
  });

  test('a page is one shop’s', async () => {
    const url = 'https://shop.example/table';
    const register = (changes = {}) => registerEntryPage(deps(), { acquirer, merchantId: 'M1', url, ...changes });
    const page = must(await register());
    assert.deepEqual([page.kind, page.state, page.value], ['entry', 'printed', url]);
    assert.equal(must(await register()).id, page.id);
    must(await registerShop(deps(), { acquirer, registration: { ...cafe, merchantId: 'M3' } }));
    assert.equal(said(await register({ merchantId: 'M3' })), "this page is another shop's");
    assert.equal(code(await register({ url: `${url}?table=4` })), 'code_not_allowed');
    assert.equal(code(await register({ url: 'http://shop.example/' })), 'code_not_allowed');
    assert.equal(code(await register({ merchantId: 'nobody' })), 'unknown_shop');
    must(await retireCode(deps(), { id: page.id, by: 'operator' }));
    assert.equal(said(await register()), 'this page was retired');
  });
});

const JPQR = {
  id: '27',
  guid: 'jp.or.paymentsjapan',
  objects: [
    { id: '01', value: '0000000000001' },
    { id: '02', value: '0001' },
    { id: '03', value: '000001' },
    { id: '04', value: '000001' },
  ],
};

const ber = (tag: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from(tag, 'hex'), Buffer.from([value.length]), value]);
const consumerCode = (...objects: Buffer[]): string => {
  const application = ber('61', Buffer.concat([ber('4F', Buffer.from('A0000006022020', 'hex')), ...objects]));
  return Buffer.concat([ber('85', Buffer.from('CPV01')), application]).toString('base64');
};
/** As wallets of QRIS put it, and as a card's number would be. */
const inText = (digits: string): string => consumerCode(ber('9F74', Buffer.from(digits)));
const packed = (digits: string): string => consumerCode(ber('57', Buffer.from(`${digits}D2512F`, 'hex')));
