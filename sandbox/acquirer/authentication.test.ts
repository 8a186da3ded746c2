/** 3-D Secure: what each card gives, the issuer's page from the cardholder's side, and what a proof is worth afterwards. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAYS, startAcquirer, type TestAcquirer } from './test-acquirer.ts';
import { card } from './test-client.ts';

const RETURN_URL = 'https://shop.example/back?order=1';
const FRICTIONLESS = '4112344112344113';
const CHALLENGED = '5112345112345114';
const CHALLENGED_0009 = '2221000000000009';

let sandbox: TestAcquirer;
let count = 0;
before(async () => {
  sandbox = await startAcquirer();
});
after(() => sandbox.close());

const browserInfo = {
  browserAcceptHeader: 'text/html',
  browserUserAgent: 'Test',
  language: 'en-US',
  deviceIPAddress: '192.0.2.1',
  screenWidth: 390,
  screenHeight: 844,
  colorDepth: 24,
  deviceLocalTimeZone: '-60',
};

const asked = (number: string, amount = 10_000) => ({
  amount,
  currency: 'USD',
  paymentMethodType: { card: card(number) },
  browserInfo,
  authenticationReturnUrl: RETURN_URL,
});

async function authenticate(number: string, amount?: number) {
  count += 1;
  const { status, body } = await sandbox.client.send(
    'POST',
    '/api/v2/three-ds/authentications',
    `AUTH${count}`,
    asked(number, amount),
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const found = async (requestId: unknown) =>
  (await sandbox.client.send('GET', `/api/v2/three-ds/authentications?requestIdentifier=${String(requestId)}`, 'Q'))
    .body;

const act = (acsUrl: unknown, form: Record<string, string>) =>
  fetch(String(acsUrl), { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

const creqOf = (body: Record<string, unknown>) => String(body.encodedChallengeRequest);

const proofOf = (body: Record<string, unknown>, changes: Record<string, unknown> = {}) => ({
  authentication: {
    electronicCommerceIndicator: body.electronicCommerceIndicator,
    threeDS: {
      authenticationValue: body.authenticationValue,
      authenticationTransactionId: body.dsTransactionId,
      threeDSProgramProtocol: '2',
      version2: { threeDSTransactionStatus: body.threeDSTransactionStatus },
      ...changes,
    },
  },
});

async function payWith(number: string, amount: number, proof: Record<string, unknown>) {
  count += 1;
  return (await sandbox.client.pay(`PAY${count}`, amount, { paymentMethodType: { card: card(number, proof) } })).body;
}

test('the ending of the card decides status and indicator', async () => {
  const results = async (number: string) => {
    const body = await authenticate(number);
    const { threeDSTransactionStatus: status, electronicCommerceIndicator: eci, authenticationValue: value } = body;
    return [status, eci, value === undefined ? 0 : Buffer.from(String(value), 'base64').length];
  };
  assert.deepEqual(await results(FRICTIONLESS), ['Y', '05', 20]);
  assert.deepEqual(await results('4110144110144115'), ['A', '06', 20]);
  assert.deepEqual(await results('4000000000000002'), ['N', '07', 0]);
  assert.deepEqual(await results('5111005111051128'), ['R', '00', 0]);
  assert.deepEqual(await results('371144371144376'), ['U', '07', 0]);
  assert.deepEqual(await results('4111111111111111'), ['Y', '05', 20]);
  assert.deepEqual(await results('5555555555554444'), ['Y', '02', 20]);
  assert.deepEqual((await results(CHALLENGED)).slice(0, 2), ['C', undefined]);
});

test('a refused authentication says what is wrong; the same request id begins nothing twice', async () => {
  const { authenticationReturnUrl: _, ...without } = asked(FRICTIONLESS);
  const path = '/api/v2/three-ds/authentications';
  const wrong = await sandbox.client.send('POST', path, 'BAD', {
    ...without,
    browserInfo: { ...browserInfo, language: 1 },
  });
  assert.equal(wrong.status, 400);
  assert.deepEqual(
    (wrong.body.validationErrors as { entity: string }[]).map(({ entity }) => entity),
    ['browserInfo.language', 'authenticationReturnUrl'],
  );
  const script = { ...without, authenticationReturnUrl: 'javascript:alert(1)' };
  assert.equal((await sandbox.client.send('POST', path, 'BAD', script)).status, 400);
  const first = await sandbox.client.send('POST', path, 'TWICE', asked(FRICTIONLESS));
  assert.deepEqual(await sandbox.client.send('POST', path, 'TWICE', asked(CHALLENGED)), first);
  assert.equal((await found('NEVER')).responseCode, 'NOT_FOUND');
});

test('the right code authenticates, and the browser goes back with nothing', async () => {
  const begun = await authenticate(CHALLENGED);
  const creq = creqOf(begun);
  const page = await act(begun.acsUrl, { creq });
  const html = await page.text();
  assert.equal(page.status, 200);
  assert.match(html, /Shop &amp; &lt;Sons&gt;/);
  assert.match(html, /USD 100\.00/);
  assert.match(html, /•••• 5114/);
  assert.ok(!html.includes(CHALLENGED), 'never the number');
  assert.equal((await found(begun.requestId)).threeDSTransactionStatus, 'C');
  const back = await act(begun.acsUrl, { creq, code: ' 123 456 ' });
  assert.deepEqual([back.status, back.headers.get('location')], [303, RETURN_URL]);
  const done = await found(begun.requestId);
  assert.deepEqual([done.threeDSTransactionStatus, done.electronicCommerceIndicator], ['Y', '02']);
  assert.equal(done.acsUrl, undefined);
  const again = await act(begun.acsUrl, { creq, action: 'cancel' });
  assert.equal(again.status, 303, 'what is decided stays');
  assert.deepEqual(await found(begun.requestId), done);
});

test('three wrong codes end it, a cancel ends it, ten minutes end it', async () => {
  const begun = await authenticate(CHALLENGED_0009);
  const creq = creqOf(begun);
  const wrong = await (await act(begun.acsUrl, { creq, code: '000000' })).text();
  assert.match(wrong, /role="alert">[^<]*2 tries are left/);
  assert.match(wrong, /aria-invalid="true" aria-describedby="error hint"/);
  assert.match(await (await act(begun.acsUrl, { creq, code: '' })).text(), /one try is left/);
  assert.equal((await act(begun.acsUrl, { creq, code: '000000' })).status, 303);
  const failed = await found(begun.requestId);
  assert.deepEqual([failed.threeDSTransactionStatus, failed.transactionStatusReason], ['N', '19']);
  assert.equal((await act(begun.acsUrl, { creq, code: '123456' })).status, 303);
  assert.equal((await found(begun.requestId)).threeDSTransactionStatus, 'N', 'the right code comes too late');

  const canceled = await authenticate(CHALLENGED);
  assert.equal((await act(canceled.acsUrl, { creq: creqOf(canceled), action: 'cancel' })).status, 303);
  assert.equal((await found(canceled.requestId)).threeDSTransactionStatus, 'N');

  const late = await authenticate(CHALLENGED);
  const age = 'update authentication set created_wall_ms = created_wall_ms - 600000 where request_id = ?';
  sandbox.acquirer.store.run(age, String(late.requestId));
  assert.equal((await act(late.acsUrl, { creq: creqOf(late), code: '123456' })).status, 303);
  assert.equal((await found(late.requestId)).transactionStatusReason, '14');
});

test('the page takes nothing from outside, runs nothing, and lets the form lead back to the merchant only', async () => {
  const begun = await authenticate(CHALLENGED);
  const page = await act(begun.acsUrl, { creq: creqOf(begun) });
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' https:\/\/shop\.example;/);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  const html = await page.text();
  assert.doesNotMatch(html, /<script|https?:|url\(|@import/i);
  assert.match(html, /<html lang="en">/);
  assert.match(html, /name="viewport"/);
  assert.match(html, /<label for="code">/);
  const stranger = await act(begun.acsUrl, { creq: 'bm90aGluZw' });
  assert.deepEqual([stranger.status, (await stranger.text()).includes('Nothing to confirm')], [404, true]);
});

test('a proof is worth what the issuer gave: its card, its amount, ninety days', async () => {
  const proof = await authenticate(FRICTIONLESS);
  const good = await payWith(FRICTIONLESS, 10_000, proofOf(proof));
  assert.equal(good.responseCode, 'APPROVED');
  const shown = (good.paymentMethodType as { card: { authentication: Record<string, unknown> } }).card.authentication;
  assert.equal(shown.electronicCommerceIndicator, '05');
  assert.ok(!JSON.stringify(good).includes(String(proof.authenticationValue)), 'the cryptogram is not repeated');
  const refused = async (number: string, amount: number, sent: Record<string, unknown>) =>
    assert.equal((await payWith(number, amount, sent)).responseCode, 'AUTHENTICATION_INVALID');
  await refused(FRICTIONLESS, 10_001, proofOf(proof));
  await refused('4111111111111111', 10_000, proofOf(proof));
  await refused(FRICTIONLESS, 10_000, proofOf(proof, { authenticationValue: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }));
  await refused(FRICTIONLESS, 10_000, proofOf(proof, { authenticationTransactionId: 'another' }));
  await refused(FRICTIONLESS, 10_000, proofOf({ ...proof, electronicCommerceIndicator: '06' }));
  await refused(FRICTIONLESS, 10_000, { authentication: { electronicCommerceIndicator: '05' } });
  const grown = await sandbox.client.send('PATCH', `/api/v2/payments/${String(good.transactionId)}`, 'MORE', {
    amount: 10_001,
  });
  assert.equal(grown.body.responseCode, 'AUTHENTICATION_INVALID', 'an increment is an authorization too');
  await sandbox.advance(90 * DAYS - 1);
  assert.equal((await payWith(FRICTIONLESS, 10_000, proofOf(proof))).responseCode, 'APPROVED');
  await sandbox.advance(1);
  await refused(FRICTIONLESS, 10_000, proofOf(proof));
});

test('without proof the issuer may ask for one, and is content with it', async () => {
  assert.equal((await payWith(CHALLENGED_0009, 1_065, {})).responseCode, 'AUTHENTICATION_REQUIRED');
  assert.equal((await payWith(CHALLENGED_0009, 1_066, {})).responseCode, 'APPROVED');
  const begun = await authenticate(CHALLENGED_0009, 1_065);
  await act(begun.acsUrl, { creq: creqOf(begun), code: '123456' });
  const proof = proofOf(await found(begun.requestId));
  assert.equal((await payWith(CHALLENGED_0009, 1_065, proof)).responseCode, 'APPROVED');
  const informational = {
    authentication: { electronicCommerceIndicator: '07', SCAExemptionReason: 'LOW_VALUE_PAYMENT' },
  };
  assert.equal((await payWith(FRICTIONLESS, 100, informational)).responseCode, 'APPROVED');
});
