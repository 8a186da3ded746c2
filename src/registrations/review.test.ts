/** What the checks of a registration find, and that a decision is made once, by whoever may. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules } from '../../test/support/modules.ts';
import { must } from '../base/result.ts';
import { commandKey } from '../journal/index.ts';
import { type BankAccountInput, findSeller } from '../parties/index.ts';
import type { RegistrationDeps } from './deps.ts';
import { REVIEW_JOB, type RegisterSeller, registerSeller } from './register-seller.ts';
import type { Applicant, Person } from './registration.ts';
import { checksOf, decideRegistration, registrationJobs } from './review.ts';
import { findRegistration } from './store.ts';

const person = (role: string, shareBps: number | null = null, certified = false): Person => ({
  ...{ role, name: 'Wei Li', shareBps, certified },
});
const merchant = (fields: Partial<Applicant> = {}): Applicant => ({
  loginId: 'desk@lamps.example',
  legalEntity: 'company',
  legalName: 'Lamps Ltd',
  doingBusinessAs: 'Lamps',
  country: 'CN',
  categoryCode: null,
  companyType: 'ENTERPRISE',
  certificates: [{ type: 'LICENSE_INFO', number: '1' }],
  people: [person('LEGAL_REPRESENTATIVE'), person('UBO', 2500)],
  attachments: [],
  said: {},
  ...fields,
});
const account: BankAccountInput = {
  ...{ country: 'US', routingNumber: '121042882', accountNumber: '1', accountType: 'checking', holderName: 'Lamps' },
};
const dollars = { currency: 'USD', account, payable: true };

describe('reviewing a registration', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let deps: RegistrationDeps;
  before(async () => {
    m = await createModules();
    deps = { ...m.parties, decides: 'person' };
  });
  after(() => m?.end());

  const failed = (fields: Partial<Applicant>, accounts: RegisterSeller['accounts'] = [dollars]): string =>
    checksOf({ merchant: merchant(fields), accounts }, deps)
      .filter(({ passed }) => !passed)
      .map(({ name }) => name)
      .join();

  test('representative, owners, certificates, account: each is found missing by itself', () => {
    assert.equal(failed({}), '');
    assert.equal(failed({ people: [person('UBO', 2500)] }), 'representative');
    assert.equal(failed({ people: [person('LEGAL_REPRESENTATIVE'), person('UBO', 2499)] }), 'owners');
    assert.equal(failed({ people: [person('LEGAL_REPRESENTATIVE')], companyType: 'PUBLICLY_LISTED_BUSINESS' }), '');
    assert.equal(failed({ certificates: [] }), 'certificates');
    const single = { legalEntity: 'individual', companyType: null, certificates: [] } as const;
    assert.equal(failed({ ...single, people: [person('LEGAL_REPRESENTATIVE')] }), 'certificates');
    assert.equal(failed({ ...single, people: [person('LEGAL_REPRESENTATIVE', null, true)] }), '');
    assert.equal(failed({}, []), 'account');
    assert.equal(failed({}, [{ ...dollars, payable: false }]), 'account');
    assert.equal(failed({}, [{ ...dollars, account: { ...account, routingNumber: '121042883' } }]), 'account');
  });

  test('where a person decides the checks only look; two decisions at once are one, and one seller', async () => {
    const input: RegisterSeller = {
      ...{ marketplace: m.marketplace.id, registrar: 'amc_1', requestId: 'r1', reference: 'LAMPS' },
      ...{ merchant: merchant(), accounts: [dollars], paymentMethods: ['CARD'] },
    };
    const command = commandKey('amc_1', 'r1', 'register', { reference: 'LAMPS' });
    const { id } = committed(must(await registerSeller(deps, command, input)));
    const job = {
      ...{ id: '0'.repeat(32), kind: REVIEW_JOB, subject: id, due: m.now() },
      payload: {},
      attempts: 1,
      lease: '',
    };
    await registrationJobs(deps)[REVIEW_JOB]?.(job);
    const looked = await findRegistration(m.db, id);
    assert.deepEqual([looked?.state, looked?.checks?.length], ['processing', 4]);
    const decide = (outcome: 'successful' | 'failed') =>
      decideRegistration(deps, undefined, { registration: id, outcome, reason: 'known', by: 'key_1' });
    const both = await Promise.all([decide('successful'), decide('failed'), decide('successful')]);
    assert.equal(both.filter(({ ok }) => ok).length, 1);
    const row = await findRegistration(m.db, id);
    assert.equal(row?.state === 'successful', row?.seller !== null);
    if (row?.seller != null) assert.equal((await findSeller(m.db, row.seller))?.categoryCode, '5999');
  });
});
