/**
 * The acquirer of the vault's rounds, a process of its own over HTTP: it speaks as much of Online Payments as a life needs
 * (access token, a sale, a cardholder authenticated without a challenge) and says yes at once. It keeps nothing but counts,
 * and whether a card number was in the body: so the rounds can prove which way their charges went.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CARD } from './card.ts';
import { answerQuestions } from './child.ts';

export type AcquirerQuestion =
  /** Answers with the address. */
  | { readonly kind: 'start' }
  /** What came since it was last asked. */
  | { readonly kind: 'take' };

/** Requests that carried the card number, and those that carried its placeholder. */
export interface Received {
  readonly charges: Arrived;
  readonly authentications: Arrived;
}

interface Arrived {
  filled: number;
  unfilled: number;
}

interface CardRequest {
  readonly amount: number;
  readonly currency: string;
  readonly captureMethod?: string;
  readonly paymentMethodType: { readonly card: { readonly accountNumber: string; readonly cvv?: string } };
}

const nothing = (): Received => ({
  charges: { filled: 0, unfilled: 0 },
  authentications: { filled: 0, unfilled: 0 },
});

let received = nothing();
let lastId = 0;

const server = createServer(async (request, response) => {
  const answer = answerTo(request, Buffer.concat(await request.toArray()).toString('utf8'));
  const body = JSON.stringify(answer);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});
// Longer than any round: a connection that is closed just as it is used again would look like an unknown outcome.
server.keepAliveTimeout = 600_000;

answerQuestions<AcquirerQuestion>(async ({ kind }) => {
  if (kind === 'start') {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const taken = received;
  received = nothing();
  return taken;
});

function answerTo({ url = '', headers }: IncomingMessage, body: string): object {
  const requestId = String(headers['request-id']);
  if (url === '/oauth2/token') return { access_token: 'stub', token_type: 'Bearer', expires_in: 3600 };
  if (url === '/api/v2/payments') return approval(requestId, count('charges', body));
  if (url === '/api/v2/three-ds/authentications') {
    count('authentications', body);
    return authenticated(requestId);
  }
  throw new Error(`nobody asks the acquirer of this benchmark for ${url}`);
}

/** Throws when it is neither the card of the rounds, whole, nor its placeholder. */
function count(what: keyof Received, body: string): CardRequest {
  const request = JSON.parse(body) as CardRequest;
  const { accountNumber, cvv } = request.paymentMethodType.card;
  const filled = accountNumber === CARD.number && (what === 'authentications' || cvv === CARD.cvv);
  if (!filled && accountNumber !== '{{card_number}}') throw new Error('a charge with half a card');
  received[what][filled ? 'filled' : 'unfilled'] += 1;
  return request;
}

function approval(requestId: string, { amount, currency }: CardRequest): object {
  lastId += 1;
  const transactionId = `net-${lastId}`;
  return {
    transactionId,
    requestId,
    transactionState: 'CLOSED',
    responseStatus: 'SUCCESS',
    responseCode: 'APPROVED',
    responseMessage: 'Transaction approved by Issuer',
    captureMethod: 'NOW',
    amount,
    currency,
    approvalCode: 'tst123',
    hostMessage: 'Approved',
    paymentMethodType: {
      card: {
        cardType: 'VI',
        maskedAccountNumber: `${CARD.number.slice(0, 6)}XXXXXX${CARD.number.slice(-4)}`,
        networkResponse: { networkTransactionId: `0163${lastId}`, networkResponseCode: '00' },
      },
    },
  };
}

function authenticated(requestId: string): object {
  lastId += 1;
  return {
    authenticationId: `aut-${lastId}`,
    requestId,
    threeDSTransactionStatus: 'Y',
    dsTransactionId: `00000000-0000-4000-8000-${String(lastId).padStart(12, '0')}`,
    messageVersion: '2.2.0',
    electronicCommerceIndicator: '05',
    authenticationValue: 'AAABBEg0VhI0VniQEjRWAAAAAAA=',
  };
}
