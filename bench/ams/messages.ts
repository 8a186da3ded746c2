/** What a client of the gateway sends: a card payment of a new order, signed beforehand, so that no round pays for its signing. */
import type { KeyObject } from 'node:crypto';
import { formatSignatureHeader, signMessage } from '../../src/ams-protocol/index.ts';
import { instant, wallNow } from '../../src/base/clock.ts';
import { STUB_TOKEN } from '../lifecycle/life.ts';

export const PATH = '/ams/api/v1/payments/pay';
export const CLIENT_ID = '5Y00000000000001';
/** Nobody is there: the network is a function call in the server's process. */
const NOTIFY_URL = 'http://shop.invalid/notify';
/** Who buys: most have bought before. */
const BUYERS = 500;
/** Signatures made at a time, on the threads that Node has for it. */
const AT_ONCE = 64;

export interface SignedPay {
  /** Whole lines, each with its CRLF. */
  readonly headers: string;
  readonly body: string;
}

/** As the official clients write one: an order of one article, paid by card at once. */
const bodyOf = (requestId: string, number: number, seller: string): string =>
  JSON.stringify({
    env: { clientIp: '203.0.113.7', terminalType: 'WEB' },
    order: {
      buyer: { buyerEmail: 'buyer@bench.example', referenceBuyerId: `B-${number % BUYERS}` },
      goods: [{ goodsName: 'Desk lamp, brushed steel', goodsQuantity: '10', referenceGoodsId: 'LAMP-7' }],
      merchant: { merchantMCC: '5732', merchantName: 'Bench', referenceMerchantId: seller },
      orderAmount: { currency: 'USD', value: '12000' },
      orderDescription: '10 desk lamps',
      referenceOrderId: `O-${requestId}`,
    },
    paymentAmount: { currency: 'USD', value: '12000' },
    paymentMethod: { paymentMethodId: STUB_TOKEN, paymentMethodType: 'CARD' },
    paymentNotifyUrl: NOTIFY_URL,
    paymentRedirectUrl: 'https://shop.example/back',
    paymentRequestId: requestId,
    productCode: 'CASHIER_PAYMENT',
    settlementStrategy: { settlementCurrency: 'USD' },
  });

/** So many payments for a round, whose times are of now: a signature is fresh for five minutes. */
export async function signPays(
  round: { readonly name: string; readonly count: number; readonly sellers: readonly string[] },
  key: KeyObject,
): Promise<readonly SignedPay[]> {
  const signed: SignedPay[] = [];
  for (let from = 0; from < round.count; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, round.count - from) }, (_, index) => from + index);
    signed.push(
      ...(await Promise.all(
        numbers.map((number) =>
          signPay(
            bodyOf(`${round.name}-${number}`, number, round.sellers[number % round.sellers.length] as string),
            key,
          ),
        ),
      )),
    );
  }
  return signed;
}

async function signPay(body: string, key: KeyObject): Promise<SignedPay> {
  const time = instant(wallNow());
  const message = { path: PATH, clientId: CLIENT_ID, time, body: Buffer.from(body, 'utf8') };
  const signature = formatSignatureHeader({ keyVersion: '1', signature: await signMessage(message, key) });
  return { headers: `client-id: ${CLIENT_ID}\r\nrequest-time: ${time}\r\nsignature: ${signature}\r\n`, body };
}
