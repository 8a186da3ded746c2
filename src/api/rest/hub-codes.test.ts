/** Shops and their codes over HTTP: what is drawn is read by a decoder that is not ours (ZXing). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { testApp } from '../../../test/support/app.ts';
import { NO_DATABASE } from '../../../test/support/database.ts';
import { committed, createModules, type Modules } from '../../../test/support/modules.ts';
import { must } from '../../base/result.ts';
import { createApiKey, type Participant } from '../../parties/index.ts';
import { acquirerRole, aParticipant, walletRole } from '../../wallets/hub-codes/test-participants.ts';
import { createStoreCode, type HubCode, issuePaymentCodes, registerShop } from '../../wallets/index.ts';
import { buildServer, type Server } from '../server.ts';

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });

describe('shops and codes over HTTP', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let server: Server;
  let secret: string;
  let acquirer: Participant;
  let code: HubCode;
  const deps = () => ({ journal: m.journal, clock: { now: m.now } });

  before(async () => {
    m = await createModules();
    server = await buildServer(testApp(m));
    const asked = { name: 'k', marketplace: null, scopes: ['operator'] } as const;
    secret = committed(must(await createApiKey(m.parties, undefined, asked))).secret as string;
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: acquirerRole() });
    const cafe = { merchantId: 'M1', name: 'Cafe', localName: '浅草カフェ', country: 'JP', categoryCode: '5812' };
    must(await registerShop(deps(), { acquirer, registration: { ...cafe, city: 'Tokyo' } }));
    code = must(await createStoreCode(deps(), { acquirer, merchantId: 'M1', currency: 'JPY', schemes: [] }));
  });
  after(async () => {
    await server?.close();
    await m?.end();
  });

  const send = (url: string, method: 'GET' | 'POST' = 'GET', payload?: object) =>
    server.inject({
      ...{ method, url, headers: { authorization: `Bearer ${secret}` } },
      ...(payload === undefined ? {} : { payload }),
    });
  const readPng = async (bytes: Buffer): Promise<string | undefined> =>
    (await readBarcodes(new Uint8Array(bytes), { formats: ['QRCode'] }))[0]?.text;

  test('shops are listed, of all acquirers or one, and shown with their codes', async () => {
    const listed = (await send('/v1/shops')).json<{ data: { id: string; merchantId: string }[] }>().data;
    assert.deepEqual(
      listed.map(({ merchantId }) => merchantId),
      ['M1'],
    );
    assert.equal((await send(`/v1/shops?acquirer=${acquirer.id}`)).json<{ data: unknown[] }>().data.length, 1);
    const nobody = `ptc_${'0'.repeat(32)}`;
    assert.equal((await send(`/v1/shops?acquirer=${nobody}`)).json<{ data: unknown[] }>().data.length, 0);
    const shop = (await send(`/v1/shops/${listed[0]?.id}`)).json<{ localName: string; codes: { id: string }[] }>();
    assert.deepEqual([shop.localName, shop.codes.map(({ id }) => id)], ['浅草カフェ', [code.id]]);
  });

  test('a store code is drawn as it reads, letters of every script with it', async () => {
    const png = await send(`/v1/hub-codes/${code.id}.png`);
    assert.equal(png.headers['content-type'], 'image/png');
    assert.equal(await readPng(png.rawPayload), code.value);
    assert.match(code.value, /浅草カフェ/);
    const svg = await send(`/v1/hub-codes/${code.id}.svg`);
    assert.equal(svg.headers['content-type'], 'image/svg+xml');
    assert.match(svg.body, /^<svg viewBox/);
    const text = 'https://shop.example/pay?table=4';
    const other = await send(`/v1/code-drawing.png?value=${encodeURIComponent(text)}`);
    assert.equal(await readPng(other.rawPayload), text);
    assert.equal((await send(`/v1/code-drawing.svg?value=${'x'.repeat(513)}`)).statusCode, 400);
  });

  test('a payment code is nobody’s to see', async () => {
    const wallet = await aParticipant(m, { participantId: 'PSP1', wallet: walletRole() });
    const [shown] = must(await issuePaymentCodes(deps(), { wallet, customerId: 'C1', quantity: 1 }));
    for (const end of ['', '.svg', '.png'])
      assert.equal((await send(`/v1/hub-codes/${shown?.id}${end}`)).statusCode, 404, end);
  });

  test('a printed code is retired once', async () => {
    const retire = () => send(`/v1/hub-codes/${code.id}/retire`, 'POST', {});
    assert.deepEqual((await retire()).json<{ state: string }>().state, 'retired');
    const again = await retire();
    assert.deepEqual([again.statusCode, again.json<{ code: string }>().code], [409, 'illegal_move']);
  });
});
