/**
 * What the gateway is held against: the same HTTP server, which verifies the signature of the pay, parses it, signs an answer of
 * the same size, then signs and posts one notification, to the same function call. Nothing is decided, read or kept, so it
 * is the rate at which signatures and HTTP alone could go.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  formatSignatureHeader,
  formatTime,
  parseRequestTime,
  parseSignatureHeader,
  signMessage,
  verifyMessage,
} from '../../src/ams-protocol/index.ts';
import { readFields } from '../../src/api/ams/fields.ts';
import { SUCCESS } from '../../src/api/ams/results.ts';
import type { App } from '../../src/api/app.ts';
import { buildServer, type Server } from '../../src/api/server.ts';
import { type Day, systemClock, wallNow } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { createJournal } from '../../src/journal/index.ts';
import { answerQuestions } from '../lifecycle/child.ts';
import { inProcess } from '../lifecycle/networks.ts';
import { wire } from '../lifecycle/wiring.ts';
import { CLIENT_ID, PATH } from './messages.ts';
import { countTold } from './told.ts';

export type CeilingQuestion =
  | { readonly kind: 'start'; readonly clientKey: string; readonly gatewayKey: string }
  | { readonly kind: 'told'; readonly count: number };

const told = countTold();
let server: Server | undefined;

answerQuestions<CeilingQuestion>(
  (question) => (question.kind === 'start' ? start(question) : told.until(question.count)),
  async () => server?.close(),
);

async function start(keys: Extract<CeilingQuestion, { kind: 'start' }>): Promise<string> {
  const [clientKey, gatewayKey] = [createPublicKey(keys.clientKey), createPrivateKey(keys.gatewayKey)];
  const signed = async (path: string, body: Buffer) => {
    const time = formatTime(wallNow());
    const signature = await signMessage({ path, clientId: CLIENT_ID, time, body }, gatewayKey);
    return { time, signature: formatSignatureHeader({ keyVersion: '1', signature }) };
  };
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = request.body as Buffer;
    const header = parseSignatureHeader(String(request.headers.signature));
    const time = String(request.headers['request-time']);
    const message = { path: request.url, clientId: CLIENT_ID, time, body };
    if (
      header === null ||
      parseRequestTime(time) === null ||
      !(await verifyMessage(message, header.signature, clientKey))
    )
      throw new Error('a payment that is not signed rightly');
    const fields = readFields(JSON.parse(body.toString('utf8')) as Record<string, unknown>);
    const paid = paidAs(fields.needText('paymentRequestId', 64), fields.needAmount('paymentAmount').amount);
    const answer = Buffer.from(JSON.stringify({ result: SUCCESS, ...paid }), 'utf8');
    const own = await signed(PATH, answer);
    void reply
      .code(200)
      .header('client-id', CLIENT_ID)
      .header('response-time', own.time)
      .header('signature', own.signature)
      .type('application/json; charset=UTF-8')
      .send(answer);
    const notification = Buffer.from(
      JSON.stringify({ notifyType: 'PAYMENT_RESULT', result: SUCCESS, ...paid }),
      'utf8',
    );
    const { signature } = await signed('/notify', notification);
    await told.send({
      method: 'POST',
      url: 'http://shop.invalid/notify',
      headers: { signature },
      body: notification,
      timeoutMs: 1,
      purpose: 'notify',
    });
    return reply;
  };
  server = await buildServer(appOfNothing(), {
    extras: [
      (scope) =>
        void scope.register(async (inner) => {
          inner.removeAllContentTypeParsers();
          inner.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
          inner.post(PATH, { schema: { hide: true } }, handler);
        }),
    ],
  });
  return server.listen({ port: 0, host: '127.0.0.1' });
}

/** What the gateway says of a card payment, with as many bytes. */
const paidAs = (requestId: string, amount: bigint) => ({
  paymentRequestId: requestId,
  paymentId: newId('amp'),
  paymentAmount: { currency: 'USD', value: amount.toString() },
  paymentCreateTime: formatTime(wallNow()),
  paymentTime: formatTime(wallNow()),
  paymentResultInfo: { cardNo: '************1111', cardBrand: 'VISA', lastFour: '1111' },
});

/** No gateway of its own, and nothing behind it. */
function appOfNothing(): App {
  const nothing = async (): Promise<never> => Promise.reject(new Error('the ceiling keeps nothing'));
  // Of a pool and a committer nothing is ever asked.
  const pool = { query: nothing } as unknown as Parameters<typeof createJournal>[0];
  const journal = createJournal(pool, { commit: nothing, close: async () => undefined });
  const own = { journal, clock: systemClock(), network: newId('net'), bank: newId('bnk') };
  return wire({ ...own, cards: inProcess(newId('mkt')), capitalOn: '2000-01-01' as Day }).app;
}
