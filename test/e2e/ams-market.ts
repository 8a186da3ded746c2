/** A marketplace that speaks AMS: its client, an ear for what it is told, and requests as its documentation writes them. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CARDS } from '../../stories/story.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { createMarket, type Market } from '../api/scene.ts';
import { type AmsAnswer, type AmsClientOfTest, createAmsClient } from './ams-client.ts';

export const usd = (value: number) => ({ currency: 'USD', value: String(value) });
export const code = ({ result }: AmsAnswer): string => `${result.resultStatus} ${result.resultCode}`;

export type Told = Readonly<Record<string, unknown>>;

export interface AmsMarket {
  readonly world: World;
  readonly market: Market;
  readonly ams: AmsClientOfTest;
  readonly merchantKey: KeyObject;
  readonly gatewayKey: KeyObject;
  readonly clientId: string;
  /** Everything it was told, verified and acknowledged, in order. */
  readonly told: readonly Told[];
  toldOf(kind: string): readonly Told[];
  /** A payment of an order of its own, charged at once. */
  paid(cents: number, fields?: { seller?: string; card?: string }): Promise<AmsAnswer>;
  end(): Promise<void>;
}

/** `SELLER-1` is the market's seller; others it registers itself. */
export async function openAmsMarket(
  name: string,
  clientId: string,
  { tls = false }: { tls?: boolean } = {},
): Promise<AmsMarket> {
  const told: Told[] = [];
  let gatewayKey: KeyObject | null = null;
  const ear = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const header = (field: string): string => String(request.headers[field]);
      const verifier = createVerify('RSA-SHA256');
      verifier.update(`POST ${request.url}\n${header('client-id')}.${header('request-time')}.${text}`);
      const signature = /signature=(.+)$/.exec(header('signature'))?.[1] ?? '';
      assert.ok(verifier.verify(gatewayKey as KeyObject, Buffer.from(decodeURIComponent(signature), 'base64')));
      told.push(JSON.parse(text) as Told);
      const result = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ result }));
    });
  });
  ear.listen(0, '127.0.0.1');
  await once(ear, 'listening');
  const notifyUrl = `http://127.0.0.1:${(ear.address() as AddressInfo).port}/told`;
  const world = await startWorld();
  const market = await createMarket(world, name);
  const { privateKey: merchantKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await world.operator.post('/v1/ams-clients', {
    clientId,
    marketplace: market.id,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    defaults: { policy: 'express' },
    sellers: { 'SELLER-1': market.seller },
    notifyUrl,
  });
  const key = await world.operator.get<{ publicKey: string }>('/v1/ams-gateway');
  gatewayKey = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  const where = tls
    ? { origin: world.addresses.amsTls, ca: readFileSync(join(world.dataDir, 'ams-tls-cert.pem'), 'utf8') }
    : { origin: world.addresses.api };
  const ams = createAmsClient({ clientId, merchantKey, gatewayKey, ...where });
  let made = 0;
  return {
    ...{ world, market, ams, merchantKey, gatewayKey, clientId, told },
    toldOf: (kind) => told.filter((each) => (each.notifyType ?? each.disputeNotificationType) === kind),
    paid: async (cents, { seller = 'SELLER-1', card = CARDS.visa } = {}) => {
      made += 1;
      const answer = await ams.call('payments/pay', {
        productCode: 'CASHIER_PAYMENT',
        paymentRequestId: `${name}-${String(made).padStart(3, '0')}`,
        order: {
          referenceOrderId: `${name}-${String(made).padStart(3, '0')}`,
          orderDescription: 'Lamps',
          orderAmount: usd(cents),
          merchant: { referenceMerchantId: seller },
        },
        paymentAmount: usd(cents),
        paymentMethod: { paymentMethodType: 'CARD', paymentMethodId: await world.tokenize(market.id, card) },
        env: { terminalType: 'WEB' },
      });
      assert.equal(code(answer), 'S SUCCESS');
      return answer;
    },
    end: async () => {
      ear.close();
      await world.end();
    },
  };
}

export const split = (seller: number, marketplace: number) =>
  [
    { settleTo: 'SELLER', settlementAmount: usd(seller) },
    { settleTo: 'MARKETPLACE', settlementAmount: usd(marketplace) },
  ].filter(({ settlementAmount }) => settlementAmount.value !== '0');

export const US_ACCOUNT = {
  bankAccountNo: '4401778899',
  accountHolderName: 'Jade Lamps Inc',
  bankRegion: 'US',
  accountHolderType: 'ENTERPRISE',
  routingNumber: '121042882',
  bankName: 'West Bank',
};

/** A company as it registers; `fields` replace those of merchantInfo. */
export const registration = (id: string, reference: string, fields: object = {}) => ({
  registrationRequestId: id,
  settlementInfos: [{ settlementCurrency: 'USD', settlementBankAccount: US_ACCOUNT }],
  paymentMethods: [{ paymentMethodType: 'CARD' }],
  merchantInfo: {
    referenceMerchantId: reference,
    loginId: `${reference.toLowerCase()}@lamps.example`,
    legalEntityType: 'COMPANY',
    company: {
      legalName: 'Jade Lamps Incorporated',
      companyType: 'ENTERPRISE',
      registeredAddress: { region: 'CN', city: 'Shenzhen' },
      operatingAddress: { region: 'CN' },
      incorporationDate: '2019-04-01',
      certificates: { certificateType: 'ENTERPRISE_REGISTRATION', certificateNo: '91440300MA5' },
    },
    businessInfo: { doingBusinessAs: 'Jade Lamps', mcc: '5732', websites: [{ url: 'https://lamps.example' }] },
    entityAssociations: [
      {
        associationType: 'LEGAL_REPRESENTATIVE',
        legalEntityType: 'INDIVIDUAL',
        individual: { name: { firstName: 'Wei', lastName: 'Li' }, nationality: 'CN' },
      },
      {
        associationType: 'UBO',
        legalEntityType: 'INDIVIDUAL',
        shareholdingRatio: '60',
        individual: { name: { firstName: 'Wei', lastName: 'Li' }, nationality: 'CN' },
      },
    ],
    ...fields,
  },
});

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
