/**
 * POST and GET /three-ds/authentications: the issuer authenticates the cardholder before any authorization (EMV 3-D Secure
 * 2, stand-alone). What it says is decided by the card's ending; a challenge is decided by the cardholder (challenge.ts).
 * Cryptograms are given out with Y and A alone, and are what an authorization's proof is checked against.
 */
import { assert } from '../../src/base/assert.ts';
import { wallNow } from '../../src/base/clock.ts';
import { isCurrency } from '../../src/base/currency.ts';
import { randomSecret } from '../../src/base/random.ts';
import { bodyObject, header, json, type Reply, type Request } from '../base/http-server.ts';
import type { Store } from '../base/store.ts';
import type { Acquirer } from './acquirer.ts';
import { indicatorOf, newCryptogram } from './authentication-proof.ts';
import { readCard } from './card-request.ts';
import { endLapsed } from './challenge.ts';
import { type FieldReader, readFields } from './fields.ts';
import { maskOf } from './issuer.ts';
import { invalid, notFound } from './messages.ts';
import { uuid } from './notifications.ts';
import { done, once } from './once.ts';
import type { Answer } from './payment-answer.ts';
import { MAX_AMOUNT } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { AuthenticationRow } from './rows.ts';

const MESSAGE_VERSION = '2.2.0';

/** By the last four digits; anybody else is authenticated without a challenge. */
const STATUS_BY_ENDING: Readonly<Record<string, AuthenticationRow['status']>> = {
  '4113': 'Y',
  '5114': 'C',
  '0009': 'C',
  '4115': 'A',
  '4114': 'N',
  '0002': 'N',
  '5128': 'R',
  '1128': 'R',
  '4376': 'U',
};

/** transStatusReason of EMV 3-D Secure: card authentication failed, suspected fraud, technical issue at the issuer. */
const REASONS: Readonly<Partial<Record<AuthenticationRow['status'], string>>> = { N: '01', R: '11', U: '22' };

export function authenticateCardholder(acquirer: Acquirer, request: Request, requestId: string): Reply {
  const { store, time } = acquirer;
  return once(acquirer, 'authentications', requestId, () => {
    const fields = readFields(bodyObject(request) ?? {});
    const amount = fields.integer('amount', { required: true, min: 0, max: MAX_AMOUNT });
    const currency = fields.text('currency', { required: true });
    if (!isCurrency(currency)) fields.fail('currency', 'must be an ISO 4217 code');
    const known = readCard(fields);
    readBrowser(fields);
    const returnUrl = readReturnUrl(fields);
    if (fields.errors.length > 0 || known === null || amount === null || returnUrl === null) {
      return invalid(fields.errors);
    }
    const status = STATUS_BY_ENDING[known.card.number.slice(-4)] ?? 'Y';
    rows.insertRow(store, 'authentication', {
      id: uuid(),
      request_id: requestId,
      amount: BigInt(amount),
      currency,
      card_type: known.brand.type,
      masked: maskOf(known.card.number),
      return_url: returnUrl,
      ds_transaction: uuid(),
      status,
      reason: REASONS[status] ?? null,
      cryptogram: status === 'Y' || status === 'A' ? newCryptogram() : null,
      challenge: status === 'C' ? randomSecret(24) : null,
      created_ms: BigInt(time.nowMs()),
      created_wall_ms: BigInt(wallNow()),
    });
    const row = byRequest(store, requestId);
    assert(row !== null, 'the authentication just written is there');
    return done(answer(row, request));
  });
}

/** GET: as it stands now; a challenge that nobody answered in time has ended. */
export function findAuthentication({ store }: Acquirer, request: Request): Reply {
  const id = request.query.get('requestIdentifier') ?? '';
  const row = byRequest(store, id);
  return row === null ? notFound('authentication') : json(200, answer(endLapsed(store, row), request));
}

const byRequest = (store: Store, requestId: string): AuthenticationRow | null =>
  store.first<AuthenticationRow>('select * from authentication where request_id = ?', requestId);

function answer(row: AuthenticationRow, request: Request): Answer {
  const shown = {
    authenticationId: row.id,
    requestId: row.request_id,
    threeDSTransactionStatus: row.status,
    ...(row.reason === null ? {} : { transactionStatusReason: row.reason }),
    dsTransactionId: row.ds_transaction,
    messageVersion: MESSAGE_VERSION,
  };
  if (row.status !== 'C') {
    const electronicCommerceIndicator = indicatorOf(row.card_type, row.status);
    const proof = row.cryptogram === null ? {} : { authenticationValue: row.cryptogram };
    return { ...shown, electronicCommerceIndicator, ...proof };
  }
  const challengeRequest = {
    messageType: 'CReq',
    messageVersion: MESSAGE_VERSION,
    threeDSServerTransID: row.id,
    acsTransID: row.challenge,
    challengeWindowSize: '05',
  };
  return {
    ...shown,
    acsUrl: `http://${header(request, 'host')}/api/v2/acs/challenge`,
    encodedChallengeRequest: Buffer.from(JSON.stringify(challengeRequest)).toString('base64url'),
  };
}

function readBrowser(fields: FieldReader): void {
  for (const name of ['browserAcceptHeader', 'browserUserAgent', 'language', 'deviceIPAddress']) {
    fields.text(`browserInfo.${name}`, { required: true, min: 1, max: 2_048 });
  }
  // The published samples have these as text, the schema's neighbours as numbers: both are taken.
  for (const name of ['screenWidth', 'screenHeight', 'colorDepth', 'deviceLocalTimeZone']) {
    const value = fields.at(`browserInfo.${name}`);
    if (value === undefined) fields.fail(`browserInfo.${name}`, 'is required');
    else if (!/^-?\d{1,6}$/.test(String(value))) fields.fail(`browserInfo.${name}`, 'must be a whole number');
  }
}

function readReturnUrl(fields: FieldReader): string | null {
  const text = fields.text('authenticationReturnUrl', { required: true, max: 2_048 });
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href;
  fields.fail('authenticationReturnUrl', 'must be a web address');
  return null;
}
