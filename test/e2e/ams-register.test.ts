/** Taking sellers on over the wire: documents, the registration, its review, and where a seller is paid to. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AmsAnswer, signatureOf } from './ams-client.ts';
import { type AmsMarket, code, openAmsMarket, registration, sha256, split, US_ACCOUNT, usd } from './ams-market.ts';

interface RegistrationView {
  readonly id: string;
  readonly state: string;
  readonly reference: string;
  readonly seller: string | null;
  readonly attachments: readonly string[];
  readonly checks: readonly { readonly name: string; readonly passed: boolean }[] | null;
  readonly decision: { readonly by: string; readonly reason: string } | null;
}

let m: AmsMarket;
before(async () => {
  m = await openAmsMarket('Registered', '5X00000000000004');
});
after(() => m?.end());

const register = (body: object): Promise<AmsAnswer> => m.ams.call('merchants/register', body);
const toldOf = (id: string) =>
  m.toldOf('REGISTRATION_RESULT').filter(({ registrationRequestId }) => registrationRequestId === id);
const shown = async (reference: string): Promise<RegistrationView> => {
  const { data } = await m.world.operator.get<{ data: RegistrationView[] }>('/v1/registrations?limit=100');
  return data.find((row) => row.reference === reference) as RegistrationView;
};

const ATTACHMENT = '/ams/api/open/openapiv2_file/v1/business/attachment/submitAttachment';

/** As a client sends a file: the part `body` is signed, the file beside it is not. */
async function upload(body: object, file: Uint8Array | null, wrongSignature = false) {
  const text = JSON.stringify(body);
  const form = new FormData();
  form.set('body', new Blob([text], { type: 'application/json' }), 'body.json');
  if (file !== null) form.set('file', new Blob([new Uint8Array(file)]), 'licence.pdf');
  const time = String(Date.now());
  const signed = Buffer.from(wrongSignature ? `${text} ` : text);
  const signature = signatureOf(signed, `POST ${ATTACHMENT}\n${m.clientId}.${time}.`, m.merchantKey);
  const headers = {
    'client-id': m.clientId,
    'request-time': time,
    signature: `algorithm=RSA256,keyVersion=1,signature=${signature}`,
  };
  const answer = await fetch(`${m.world.addresses.api}${ATTACHMENT}`, { method: 'POST', headers, body: form });
  assert.equal(answer.status, 200);
  return (await answer.json()) as AmsAnswer;
}

const licence = Buffer.from('%PDF-1.4 a licence');
const about = (id: string, file: Uint8Array = licence) => ({
  submitAttachmentRequestId: id,
  attachmentType: 'LICENSE_INFO',
  fileSha256: sha256(file),
});

describe('documents', () => {
  test('with their bytes, whose hash must be what was said; the operator can read them', async () => {
    const sent = await upload(about('a1'), licence);
    assert.equal(code(sent), 'S SUCCESS');
    assert.deepEqual(await upload(about('a1'), licence), sent);
    const kept = await m.world.operator.get<{ content: string; bytes: number }>(
      `/v1/attachments/${sent.attachmentKey}`,
    );
    assert.deepEqual([kept.bytes, Buffer.from(kept.content, 'base64').equals(licence)], [licence.length, true]);
    assert.equal(code(await upload(about('a2'), Buffer.from('another file'))), 'F PARAM_ILLEGAL');
    assert.equal(code(await upload(about('a1', Buffer.from('x')), Buffer.from('x'))), 'F REPEAT_REQ_INCONSISTENT');
    assert.equal(code(await upload(about('a3'), licence, true)), 'F INVALID_SIGNATURE');
    const large = Buffer.alloc(3 * 1024 * 1024, 7);
    assert.equal(code(await upload(about('a4', large), large)), 'S SUCCESS');
  });

  test('announced by their hash, as clients do that send none; what is too large or no attachment is refused', async () => {
    const { answer } = await m.ams.send(ATTACHMENT, JSON.stringify(about('b1')));
    assert.equal(code(answer), 'S SUCCESS');
    const sandbox = await m.ams.send(ATTACHMENT.replace('/ams/', '/ams/sandbox/'), JSON.stringify(about('b1')));
    assert.equal(sandbox.answer.attachmentKey, answer.attachmentKey);
    for (const wrong of [{ attachmentType: 'SELFIE' }, { fileSha256: 'abc' }, { submitAttachmentRequestId: null }]) {
      const refused = await m.ams.send(ATTACHMENT, JSON.stringify({ ...about('b2'), ...wrong }));
      assert.equal(code(refused.answer), 'F PARAM_ILLEGAL', JSON.stringify(wrong));
    }
  });
});

describe('register', () => {
  test('under review, then a seller that is paid, settled and named as registered', async () => {
    const { attachmentKey } = await upload(about('r-file'), licence);
    const request = registration('r1', 'JADE', {});
    const company = { ...request.merchantInfo.company };
    const attachments = [{ attachmentType: 'LICENSE_INFO', attachmentName: 'licence', fileKey: attachmentKey }];
    const whole = { ...request, merchantInfo: { ...request.merchantInfo, company: { ...company, attachments } } };
    const asked = await register(whole);
    assert.deepEqual([code(asked), asked.registrationStatus], ['S SUCCESS', 'PROCESSING']);
    assert.deepEqual(await register(whole), asked);
    assert.equal(
      code(await register({ ...whole, paymentMethods: [{ paymentMethodType: 'GCASH' }] })),
      'F REPEAT_REQ_INCONSISTENT',
    );
    assert.equal(code(await register({ ...whole, registrationRequestId: 'r2' })), 'F REGISTRATION_UNDER_REVIEW');
    const otherLogin = registration('r3', 'OTHER', { loginId: request.merchantInfo.loginId });
    assert.equal(code(await register(otherLogin)), 'F PARAM_ILLEGAL');
    assert.equal(code(await register(registration('r4', 'SELLER-1'))), 'F REPEAT_REGISTRATION');
    await m.world.advance(2);
    const row = await shown('JADE');
    assert.deepEqual([row.state, row.decision?.by, row.attachments], ['successful', 'checks', [attachmentKey]]);
    const told = toldOf('r1');
    assert.deepEqual(
      told.map(({ registrationStatus, referenceMerchantId }) => [registrationStatus, referenceMerchantId]),
      [['SUCCESSFUL', 'JADE']],
    );
    assert.equal(code(await register({ ...whole, registrationRequestId: 'r5' })), 'F REPEAT_REGISTRATION');
    const paid = await m.paid(8_000, { seller: 'JADE' });
    await m.world.advance(11);
    const settled = await m.ams.call('payments/settle', {
      ...{ settlementRequestId: 'jade', paymentId: paid.paymentId, settlementDetails: split(7_000, 1_000) },
    });
    assert.equal(code(settled), 'S SUCCESS');
    const { accountBalances } = await m.ams.call('accounts/inquireBalance', { referenceMerchantId: 'JADE' });
    assert.deepEqual((accountBalances as { availableBalance: object }[])[0]?.availableBalance, usd(7_000));
    await m.world.advance(0);
    const side = m.toldOf('SETTLEMENT_RESULT').find(({ settleTo }) => settleTo === 'SELLER');
    assert.equal(side?.referenceMerchantId, 'JADE');
  });

  test('two at once under different ids: one is under review', async () => {
    const both = await Promise.all(['c1', 'c2'].map((id) => register(registration(id, 'TWICE'))));
    assert.deepEqual(both.map(code).sort(), ['F REGISTRATION_UNDER_REVIEW', 'S SUCCESS']);
  });

  test('what the checks find is told, and the name may be used again', async () => {
    const noOwner = registration('f1', 'FAILS');
    const [representative] = noOwner.merchantInfo.entityAssociations;
    const abroad = { ...US_ACCOUNT, bankRegion: 'GB', iban: 'GB33BUKB20201555555555' };
    await register({
      ...noOwner,
      settlementInfos: [{ settlementCurrency: 'USD', settlementBankAccount: abroad }],
      merchantInfo: { ...noOwner.merchantInfo, entityAssociations: [representative] },
    });
    await m.world.advance(2);
    const row = await shown('FAILS');
    assert.deepEqual(
      [row.state, row.checks?.filter(({ passed }) => !passed).map(({ name }) => name), row.seller],
      ['failed', ['owners', 'account'], null],
    );
    const [told] = toldOf('f1');
    assert.equal(told?.registrationStatus, 'FAILED');
    assert.match(JSON.stringify(told?.result), /no rail pays out to GB/);
    assert.equal(code(await register(registration('f2', 'FAILS'))), 'S SUCCESS');
    await m.world.advance(2);
    assert.equal((await shown('FAILS')).state, 'successful');
  });

  test('a person decides before the checks do, once', async () => {
    await register(registration('p1', 'REFUSED'));
    await register(registration('p2', 'APPROVED'));
    const [refused, approved] = [await shown('REFUSED'), await shown('APPROVED')];
    const decide = (id: string, verb: string) =>
      m.world.operator.post<RegistrationView>(`/v1/registrations/${id}/${verb}`, { reason: 'we know them' });
    assert.equal((await decide(refused.id, 'refuse')).state, 'failed');
    assert.match(String((await decide(approved.id, 'approve')).seller), /^sel_/);
    await assert.rejects(decide(refused.id, 'approve'), /409/);
    await m.world.advance(2);
    assert.deepEqual([toldOf('p1').length, toldOf('p2').length], [1, 1]);
    assert.equal(toldOf('p1')[0]?.registrationStatus, 'FAILED');
  });

  test('each wrong field is named', async () => {
    const good = registration('bad', 'BAD');
    const info = good.merchantInfo;
    const [representative, owner] = info.entityAssociations as [object, object];
    const account = (fields: object) => ({
      ...good,
      settlementInfos: [{ settlementCurrency: 'USD', settlementBankAccount: { ...US_ACCOUNT, ...fields } }],
    });
    const said = (fields: object) => ({ ...good, merchantInfo: { ...info, ...fields } });
    const company = (fields: object) => said({ company: { ...info.company, ...fields } });
    const owned = (fields: object) => said({ entityAssociations: [representative, { ...owner, ...fields }] });
    const cases: [string, object][] = [
      ['registrationRequestId', { ...good, registrationRequestId: 'x'.repeat(65) }],
      ['settlementInfos', { ...good, settlementInfos: [] }],
      ['settlementInfos', { ...good, settlementInfos: Array(11).fill(good.settlementInfos[0]) }],
      ['paymentMethods', { ...good, paymentMethods: null }],
      ['settlementInfos.0.settlementBankAccount.routingNumber', account({ routingNumber: null })],
      ['settlementInfos.0.settlementBankAccount.accountHolderTIN', account({ bankRegion: 'BR' })],
      ['settlementInfos.0.settlementBankAccount.iban', account({ bankRegion: 'DE' })],
      ['settlementInfos.0.settlementBankAccount.swiftCode', account({ bankRegion: 'CN' })],
      ['settlementInfos.0.settlementBankAccount.accountHolderType', account({ accountHolderType: 'PERSON' })],
      ['merchantInfo.loginId', said({ loginId: 'nobody' })],
      ['merchantInfo.legalEntityType', said({ legalEntityType: 'TRUST' })],
      ['merchantInfo.businessInfo.doingBusinessAs', said({ businessInfo: {} })],
      ['merchantInfo.company.legalName', company({ legalName: '' })],
      ['merchantInfo.company.companyType', company({ companyType: 'CLUB' })],
      ['merchantInfo.company.registeredAddress.region', company({ registeredAddress: { region: 'XX' } })],
      ['merchantInfo.company.incorporationDate', company({ incorporationDate: 'long ago' })],
      ['merchantInfo.company.certificates.certificateNo', company({ certificates: { certificateType: 'CNPJ' } })],
      ['merchantInfo.company.attachments', company({ attachments: 'x' })],
      ['merchantInfo.entityAssociations.1.shareholdingRatio', owned({ shareholdingRatio: '24.99' })],
      ['merchantInfo.entityAssociations.1.shareholdingRatio', owned({ shareholdingRatio: '101' })],
      ['merchantInfo.entityAssociations.1.associationType', owned({ associationType: 'COUSIN' })],
      ['merchantInfo.entityAssociations', said({ legalEntityType: 'INDIVIDUAL', entityAssociations: [] })],
    ];
    for (const [field, body] of cases) {
      const answer = await register(body);
      assert.equal(code(answer), 'F PARAM_ILLEGAL', field);
      assert.ok(answer.result.resultMessage.startsWith(`${field}: `), `${field}: ${answer.result.resultMessage}`);
    }
    const unknown = company({
      attachments: [{ attachmentType: 'LOGO', attachmentName: 'l', fileKey: `att_${'0'.repeat(32)}` }],
    });
    assert.equal(code(await register(unknown)), 'F PARAM_ILLEGAL');
  });
});

describe('where a seller is paid to', () => {
  test('changed by a job, once, and told; what no rail pays is refused at once', async () => {
    const request = {
      updateRequestId: 'u1',
      referenceMerchantId: 'SELLER-1',
      settlementCurrency: 'USD',
      settlementBankAccount: { ...US_ACCOUNT, bankAccountNo: '998877' },
    };
    const update = (fields: object = {}) => m.ams.call('merchants/settlementInfo/update', { ...request, ...fields });
    const asked = await update();
    assert.deepEqual([code(asked), asked.updateStatus], ['S SUCCESS', 'PROCESSING']);
    assert.deepEqual(await update(), asked);
    await m.world.advance(0);
    const told = m.toldOf('SETTLEMENT_INFO_UPDATE_RESULT').filter(({ updateRequestId }) => updateRequestId === 'u1');
    assert.deepEqual(
      told.map(({ updateStatus }) => updateStatus),
      ['SUCCESSFUL'],
    );
    const { bankAccount } = await m.market.api.get<{ bankAccount: object }>(`/v1/sellers/${m.market.seller}`);
    assert.match(JSON.stringify(bankAccount), /8877/);
    assert.equal(code(await update({ settlementCurrency: 'JPY' })), 'F CONTRACT_CHECK_FAIL');
    assert.equal(code(await update({ referenceMerchantId: 'NOBODY' })), 'F MERCHANT_NOT_REGISTERED');
    const wrong = { ...US_ACCOUNT, routingNumber: '121042883' };
    assert.notEqual((await update({ updateRequestId: 'u2', settlementBankAccount: wrong })).result.resultStatus, 'S');
    assert.equal(code(await update({ settlementBankAccount: US_ACCOUNT })), 'F REPEAT_REQ_INCONSISTENT');
  });

  test('every law holds', async () => {
    const check = await m.world.operator.get<{ laws: { law: string; ok: boolean; alarm: boolean }[] }>(
      '/v1/ledger/check',
    );
    assert.deepEqual(
      check.laws.filter((law) => !law.ok && !law.alarm),
      [],
    );
  });
});
