/** A small client of the sandbox acquirer for tests: registers a key, gets a token, sends what it is told. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { wallNow } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';

export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface AcquirerClient {
  readonly token: string;
  /** A call with token, merchant id and request id. */
  send(method: string, path: string, requestId: string, body?: unknown): Promise<Answered>;
  pay(requestId: string, amount: number, changes?: Record<string, unknown>): Promise<Answered>;
  capture(requestId: string, paymentId: unknown, amount?: number, changes?: Record<string, unknown>): Promise<Answered>;
  refund(requestId: string, paymentId: unknown, amount?: number): Promise<Answered>;
}

export const TEST_CARD = '4110144110144115';
const MERCHANT = { merchantSoftware: { companyName: 'Causeway', productName: 'Causeway' } };

export async function acquirerClient(url: string, merchantId = '998482157630'): Promise<AcquirerClient> {
  const token = await getToken(url);
  const send: AcquirerClient['send'] = async (method, path, requestId, body) => {
    const headers = { authorization: `Bearer ${token}`, 'merchant-id': merchantId, 'request-id': requestId };
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    token,
    send,
    pay: (requestId, amount, changes = {}) =>
      send('POST', '/api/v2/payments', requestId, { ...payment(amount), ...changes }),
    capture: (requestId, paymentId, amount, changes = {}) =>
      send('POST', `/api/v2/payments/${paymentId}/captures`, requestId, {
        captureMethod: 'NOW',
        ...(amount === undefined ? {} : { amount }),
        ...changes,
      }),
    refund: (requestId, paymentId, amount) =>
      send('POST', '/api/v2/refunds', requestId, {
        merchant: MERCHANT,
        ...(amount === undefined ? {} : { amount }),
        paymentMethodType: { transactionReference: { transactionReferenceId: paymentId } },
      }),
  };
}

/** An authorization (MANUAL) of a test card in USD; override what a test is about. */
export const payment = (amount: number) => ({
  captureMethod: 'MANUAL',
  amount,
  currency: 'USD',
  merchant: MERCHANT,
  merchantOrderNumber: 'ORDER-1',
  paymentMethodType: { card: card(TEST_CARD) },
});

export const card = (accountNumber: string, changes: Record<string, unknown> = {}) => ({
  accountNumber,
  expiry: { month: 12, year: 2099 },
  cvv: '111',
  ...changes,
});

export async function getToken(url: string, changes: Record<string, unknown> = {}): Promise<string> {
  const response = await askToken(url, changes);
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`no token: ${response.status}`);
  return token;
}

/** The token call itself; `changes` override claims of the assertion. */
export async function askToken(url: string, changes: Record<string, unknown> = {}): Promise<Response> {
  const clientId = newId('key');
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const registration = { clientId, publicJwk: await exportJWK(publicKey) };
  await fetch(`${url}/_sandbox/clients`, { method: 'POST', body: JSON.stringify(registration) });
  const seconds = Math.floor(wallNow() / 1_000);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: `${url}/oauth2/token`,
    exp: seconds + 300,
    jti: newId('req'),
    ...changes,
  };
  const assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  return fetch(`${url}/oauth2/token`, { method: 'POST', body: form });
}
