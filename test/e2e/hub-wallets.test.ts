/**
 * The hub between a shop and the sandbox's wallets, all by HTTP: the real connector, the real wire on both sides, a wallet that keeps its
 * own books. What it says it owes us is what our ledger says.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startWallets, type TestWallets } from '../../sandbox/wallets/test-wallets.ts';
import { formatSignatureHeader, signMessage } from '../../src/ams-protocol/index.ts';
import type { App } from '../../src/api/app.ts';
import { notificationBody } from '../../src/api/aps/views.ts';
import { buildServer, type Server } from '../../src/api/server.ts';
import { wallNow } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { must, ok } from '../../src/base/result.ts';
import { createApsWallet } from '../../src/connectors/aps-wallet/index.ts';
import { insert, part } from '../../src/journal/index.ts';
import { event } from '../../src/ledger/index.ts';
import { createNetworkHttp } from '../../src/network-log/index.ts';
import { type Participant, participants } from '../../src/parties/index.ts';
import { acquirerRole, walletRole } from '../../src/wallets/hub-codes/test-participants.ts';
import { type PayingHub, payingHub } from '../../src/wallets/test-wallets.ts';
import { testApp } from '../support/app.ts';
import { NO_DATABASE } from '../support/database.ts';
import { createModules, type Modules } from '../support/modules.ts';
import { spki } from '../support/signed-party.ts';

const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });
const shop = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PSP = '1022171000000000001';

type Said = Record<string, unknown> & {
  readonly result: { readonly resultCode: string; readonly resultStatus: string };
};

describe('a shop, the hub and a wallet', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let world: TestWallets;
  let server: Server;
  let tng: Participant;

  before(async () => {
    [m, world] = await Promise.all([createModules(), startWallets()]);
    await world.advance(Date.parse(m.now()) - world.nowMs());
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5' };
    const { body } = await world.admin('GET', 'wallets/tng');
    const endpoint = `${world.url}/alipayplus/mpp/tng`;
    tng = await participant({ participantId: PSP, wallet: walletRole({ endpoint }) }, String(body.publicKey));
    await participant({ participantId: 'ACQ1', acquirer: acquirerRole() }, spki(shop.publicKey));
    const http = createNetworkHttp({ network: 'wallet', db: m.db, log: () => undefined });
    const own = { privateKey: gateway.privateKey, version: '1' };
    hub = payingHub(m, { notificationBody, wallets: createApsWallet({ http: () => http, own, timeoutMs: 5000 }) });
    server = await buildServer(appOf());
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    Object.assign(hub.deps, { walletNotifyUrl: `${url}/aps/api/v1/payments/notifyPayment` });
    await world.admin('POST', 'hub', { url, publicKey: spki(gateway.publicKey) });
  });
  after(async () => {
    await server?.close();
    await world?.close();
    await m?.end();
  });

  const appOf = (): App => {
    const plain = testApp(m);
    const key = { privateKey: gateway.privateKey, publicKey: spki(gateway.publicKey) };
    return { ...plain, ams: { ...plain.ams, key }, hub: { deps: hub.deps, noticeTakers: [] } };
  };
  const participant = async (facts: Partial<Participant>, publicKey: string): Promise<Participant> => {
    const keys = [{ version: '1', publicKey, state: 'active' as const, addedAt: m.now() }];
    const id = newId('ptc');
    const common = {
      id,
      version: 1,
      participantId: id,
      name: 'x',
      state: 'active' as const,
      wallet: null,
      acquirer: null,
    };
    const row: Participant = { ...common, createdAt: m.now(), ...facts, keys };
    const added = event('participant.added', id, { participantId: row.participantId, name: row.name, acquirer: false });
    const unit = part({ events: [added], writes: [insert(participants, row)] });
    must(await m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...unit }, value: null })));
    return row;
  };
  const ask = async (operation: string, content: object): Promise<Said> => {
    const [path, time, body] = [`/aps/api/v1/${operation}`, String(wallNow()), Buffer.from(JSON.stringify(content))];
    const signature = await signMessage({ path, clientId: 'ACQ1', time, body }, shop.privateKey);
    const headers = {
      ...{ 'content-type': 'application/json', 'client-id': 'ACQ1', 'request-time': time },
      signature: formatSignatureHeader({ keyVersion: '1', signature }),
    };
    return (await server.inject({ method: 'POST', url: path, headers, payload: body })).json() as Said;
  };
  const yen = (value: string) => ({ currency: 'JPY', value });
  const payBody = (factor: object, paymentMethodId?: string) => ({
    paymentRequestId: newId('req'),
    order: {
      ...{ referenceOrderId: 'O1', orderDescription: 'matcha', orderAmount: yen('3980') },
      merchant: {
        ...{ referenceMerchantId: 'M1', merchantName: '浅草茶舗', merchantMCC: '5812' },
        merchantAddress: { region: 'JP' },
      },
    },
    paymentAmount: yen('3980'),
    paymentMethod: {
      paymentMethodType: 'CONNECT_WALLET',
      ...(paymentMethodId === undefined ? {} : { paymentMethodId }),
    },
    paymentFactor: factor,
  });
  const shownCode = async (): Promise<string> => {
    const { body } = await world.admin('POST', 'payment-codes', { walletId: 'tng', account: 'demo' });
    return String(body.code);
  };
  const payByCode = async () => {
    const body = payBody({ inStorePaymentScenario: 'PaymentCode' }, await shownCode());
    return { body, said: await ask('payments/pay', body) };
  };
  const inquire = async (paymentRequestId: string): Promise<unknown> =>
    ((await ask('payments/inquiryPayment', { paymentRequestId })).paymentResult as Said['result']).resultCode;
  /** By our ledger; the wallet's own books are asked for in the last test. */
  const owed = async (): Promise<bigint> => {
    const { rows } = await m.db.query<{ owed: bigint }>(
      "select debits - credits as owed from accounts where name = 'receivable' and owner = $1",
      [tng.wallet?.account],
    );
    return rows[0]?.owed ?? 0n;
  };

  test('a code that the wallet shows is scanned: paid at once', async () => {
    const { said } = await payByCode();
    assert.deepEqual([said.result.resultCode, said.walletBrandName, said.pspId], ['SUCCESS', 'TNG', PSP]);
    assert.ok((await owed()) > 0n);
  });

  test('an answer that is lost: the wallet has debited, and the hub finds out', async () => {
    await world.admin('POST', 'faults', { kind: 'drop_after', operation: 'pay', count: 1 });
    const { said, body } = await payByCode();
    assert.equal(said.result.resultStatus, 'U');
    m.pass(4_000);
    await hub.runDue();
    assert.equal(await inquire(body.paymentRequestId), 'SUCCESS');
  });

  test('a code of the shop is scanned, the PIN typed: the wallet tells the hub, and the hub the shop', async () => {
    const body = payBody({ inStorePaymentScenario: 'OrderCode' });
    const open = await ask('payments/pay', body);
    const { codeDetails } = open.orderCodeForm as { codeDetails: [{ codeValue: string }] };
    const scan = { walletId: 'tng', account: 'demo', code: codeDetails[0].codeValue };
    const scanned = await world.admin('POST', 'scans', scan);
    const { paymentId } = scanned.body.payment as { paymentId: string };
    assert.equal(await inquire(body.paymentRequestId), 'PAYMENT_IN_PROCESS');
    await world.admin('POST', 'confirmations', { walletId: 'tng', account: 'demo', paymentId, pin: '246810' });
    await world.advance(1_000);
    assert.equal(await inquire(body.paymentRequestId), 'SUCCESS');
    await hub.runDue();
    assert.ok(hub.told.some(({ body: told }) => told.includes(body.paymentRequestId)));
  });

  test('refunded in two parts, and canceled: nothing is owed for either', async () => {
    const before = await owed();
    const { body } = await payByCode();
    for (const [index, value] of ['1980', '2000'].entries()) {
      const refund = {
        paymentRequestId: body.paymentRequestId,
        refundRequestId: newId('req'),
        refundAmount: yen(value),
      };
      assert.equal((await ask('payments/refund', refund)).result.resultCode, 'SUCCESS', `refund ${index}`);
    }
    const other = await payByCode();
    const canceled = await ask('payments/cancelPayment', { paymentRequestId: other.body.paymentRequestId });
    assert.equal(canceled.result.resultCode, 'SUCCESS');
    assert.equal(await owed(), before);
  });

  test('what the wallet says it owes is what our books say', async () => {
    const { body } = await world.admin('GET', 'totals');
    const wallets = body.wallets as readonly { walletId: string; owedToHub: string | { value: string } }[];
    const found = wallets.find(({ walletId }) => walletId === 'tng')?.owedToHub ?? assert.fail(JSON.stringify(body));
    assert.equal(BigInt(typeof found === 'string' ? found : found.value), await owed());
  });
});
