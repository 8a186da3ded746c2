import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditExchange, createBodyAudit } from './body-audit.ts';
import { loadOpenApi } from './jpm-openapi.ts';

const URL_BASE = 'http://acquirer.test/api/v2';

test('the loader takes the known defect away and leaves the examples', () => {
  const { paths } = loadOpenApi();
  const text = JSON.stringify(paths['/refunds']);
  assert.match(text, /"schema":\{"\$ref":"#\/components\/schemas\/refundResponse"\}/);
  assert.match(text, /Referenced Refund/);
});

test('what the published file does not describe is not counted', () => {
  for (const [method, url] of [
    ['GET', `${URL_BASE}/payments?requestIdentifier=R1`],
    ['POST', 'http://acquirer.test/oauth2/token'],
    ['POST', `${URL_BASE}/three-ds/authentications`],
    ['POST', 'http://acquirer.test/commerce/v1/disputes'],
  ] as const) {
    assert.equal(auditExchange({ method, url, body: '{}' }), null, url);
  }
});

test('a run keeps counts and each fault once', () => {
  const audit = createBodyAudit();
  const change = (body: object) =>
    audit.see({ method: 'PATCH', url: `${URL_BASE}/payments/p1`, body: JSON.stringify(body) });
  change({ isVoid: true });
  change({ isVoid: 'yes' });
  change({ isVoid: 'yes' });
  audit.see({ method: 'POST', url: `${URL_BASE}/refunds`, body: 'not json' });
  assert.deepEqual(audit.counts(), { payment: 0, verification: 0, capture: 0, change: 3, refund: 1 });
  assert.deepEqual(audit.faults(), ['change /isVoid: must be boolean', 'refund /: not a JSON object']);
});
