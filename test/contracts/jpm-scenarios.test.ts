/**
 * Every scenario that J.P. Morgan publishes, through the connector against the sandbox: the runbook of its own collection
 * (test/vectors/jpm/runbook-scenarios.json) and its test cards and triggers (test-scenarios.json). The files are read here, so a scenario
 * that nobody expressed fails. What a card acquirer cannot express is shown as skipped, by name, with the reason.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { createJpmOnlinePayments } from '../../src/connectors/jpm-online-payments/index.ts';
import { createBodyAudit } from '../support/body-audit.ts';
import { type JpmSandbox, startJpmSandbox } from './jpm-sandbox.ts';
import { expectApproved, expectDeclined, type Merchant, merchantOf, usd } from './merchant.ts';
import { type Chain, runChain } from './runbook-chain.ts';
import { type Wire, watchWire } from './watch-wire.ts';

interface Scenarios {
  readonly cards_us_ca: Readonly<Record<string, readonly string[]>>;
  readonly cvv_triggers: readonly { readonly brand: string; readonly cvv: string; readonly result: string }[];
  readonly amount_triggers_online: readonly AmountTrigger[];
}

interface AmountTrigger {
  readonly card: string;
  readonly amount: number;
  readonly responseCode: string;
  readonly hostReasonCode: string;
}

const fileOf = (name: string): string => readFileSync(new URL(`../vectors/jpm/${name}`, import.meta.url), 'utf8');
const { chains } = JSON.parse(fileOf('runbook-scenarios.json')) as { readonly chains: readonly Chain[] };
const published = JSON.parse(fileOf('test-scenarios.json')) as Scenarios & Readonly<Record<string, unknown>>;

/** Sections of test-scenarios.json that are no card payment on the internet. */
const INEXPRESSIBLE: Readonly<Record<string, string>> = {
  network_token_test_pans: 'the vault keeps card numbers; network tokens are not taken, so none is ever sent',
  amount_triggers_in_store_cents: 'of terminals in shops; this connector takes payments on the internet',
  ach_test: 'a bank account and no card; ACH goes through the bank rail',
  sepa_test_iban: 'a bank account and no card; the acquirer port is for cards',
  token_service_triggers_accountholderReference: 'of another API: tokens of account holders',
  onboarding_magic_values: 'of another API: onboarding of clients',
  linked_account_magic: 'of another API: recipients of embedded payments',
  global_payments_debtor_accounts: 'of another API: global payments',
};

/** Host codes of the pattern that the published triggers stand for, beside the two that are listed. */
const PATTERN_CODES = { '303': 'PROCESSOR_DECLINE', '401': 'DECLINED' } as const;

/** Card types of the network by group; the others are judged by the issuer's yes alone. */
const CARD_TYPES: Readonly<Record<string, string>> = {
  VISA: 'VI',
  MASTERCARD: 'MC',
  AMEX: 'AX',
  DISCOVER: 'DI',
  JCB: 'JC',
};

const audit = createBodyAudit();
const done: string[] = [];

describe('published scenarios, through the connector', () => {
  let sandbox: JpmSandbox;
  let wire: Wire;
  let merchant: Merchant;
  before(async () => {
    sandbox = await startJpmSandbox({}, audit);
    wire = watchWire(sandbox.deps.http);
    merchant = merchantOf({
      acquirer: createJpmOnlinePayments({ ...sandbox.deps, http: wire.http }),
      lacks: {},
      payment: () => ({ cardToken: sandbox.tokenOf(cardOf('VISA')), amount: usd(10_000n) }),
      disturb: async () => assert.fail('scenarios are not disturbed'),
      closeDay: sandbox.closeDay,
      stop: sandbox.stop,
    });
  });
  after(() => sandbox?.stop());

  const scenario = (name: string, run: () => Promise<void>): void => {
    test(name, async () => {
      await run();
      done.push(name);
    });
  };

  for (const chain of chains) scenario(`runbook: ${chain.id}`, () => runChain({ chain, merchant, wire }));

  for (const [group, numbers] of Object.entries(published.cards_us_ca))
    scenario(`cards_us_ca: ${group}`, async () => {
      assert.notEqual(numbers.length, 0);
      for (const number of numbers) await takesCard(group, number);
    });

  for (const trigger of published.cvv_triggers)
    scenario(`cvv_triggers: ${trigger.brand} ${trigger.cvv}`, () => saysOfCvv(trigger));

  for (const trigger of published.amount_triggers_online)
    scenario(`amount_triggers_online: ${trigger.responseCode}`, () => declines(trigger));

  for (const [hostReasonCode, responseCode] of Object.entries(PATTERN_CODES))
    scenario(`amount_trigger_pattern_inferred: ${hostReasonCode}`, () =>
      declines({ card: cardOf('VISA'), amount: Number(hostReasonCode) * 100, responseCode, hostReasonCode }),
    );

  for (const [section, reason] of Object.entries(INEXPRESSIBLE)) test(section, { skip: reason }, () => undefined);

  test('every scenario of both files ran, or is named as one that a card acquirer cannot express', (t) => {
    const sections = Object.keys(published).filter((name) => name !== 'source');
    const ran = new Set(done.map((name) => name.split(':')[0] ?? ''));
    assert.deepEqual([...ran, ...Object.keys(INEXPRESSIBLE)].sort(), ['runbook', ...sections].sort());
    assert.deepEqual(done, namesOfFiles());
    t.diagnostic(`${done.length} scenarios ran: ${done.join('; ')}`);
  });

  test('every body that went out is valid by the published schema', () => {
    assert.deepEqual(audit.faults(), []);
  });

  async function takesCard(group: string, number: string): Promise<void> {
    const request = merchant.request('authorize', { cardToken: sandbox.tokenOf(number) });
    if (group.endsWith('_partial_auth_only')) {
      const part = expectApproved(await merchant.pay({ ...request, partialApproval: true }));
      assert.deepEqual(part.amount, usd(request.amount.amount / 2n));
      return;
    }
    const { amount, details } = expectApproved(await merchant.pay(request));
    assert.deepEqual(amount, request.amount);
    assert.equal(details.maskedAccountNumber?.slice(-4), number.slice(-4));
    assert.equal(details.cardType, CARD_TYPES[group] ?? details.cardType, `${group} ${number.slice(-4)}`);
  }

  async function saysOfCvv({ brand, cvv, result }: Scenarios['cvv_triggers'][number]): Promise<void> {
    const meaning = { MATCH: 'match', NO_MATCH: 'no_match', NOT_PROCESSED: 'unavailable' }[result];
    assert.ok(meaning !== undefined, `a result that nobody knows: ${result}`);
    const brands = brand === 'ALL' ? ['VISA', 'MASTERCARD', 'DISCOVER', 'DINERS', 'JCB'] : brand.split(',');
    for (const each of brands) {
      const cardToken = sandbox.tokenOf(cardOf(each), { cvv });
      const { checks } = expectApproved(await merchant.pay(merchant.request('authorize', { cardToken })));
      assert.equal(checks?.cvv, meaning, each);
    }
  }

  async function declines({ card, amount, responseCode, hostReasonCode }: AmountTrigger): Promise<void> {
    const changes = { cardToken: sandbox.tokenOf(card), amount: usd(BigInt(amount)) };
    const answer = expectDeclined(await merchant.pay(merchant.request('authorize', changes)));
    assert.deepEqual([answer.code, answer.class], [responseCode, 'soft']);
    const said = wire.last().answer;
    assert.equal(said.responseStatus, 'DENIED');
    assert.match(String(said.hostMessage), new RegExp(`^${hostReasonCode}\\b`));
  }
});

function cardOf(group: string): string {
  const [number] = published.cards_us_ca[group] ?? [];
  assert.ok(number !== undefined, `no card of ${group}`);
  return number;
}

/** What the files hold, one name a scenario, in the order of the tests. */
function namesOfFiles(): readonly string[] {
  return [
    ...chains.map(({ id }) => `runbook: ${id}`),
    ...Object.keys(published.cards_us_ca).map((group) => `cards_us_ca: ${group}`),
    ...published.cvv_triggers.map(({ brand, cvv }) => `cvv_triggers: ${brand} ${cvv}`),
    ...published.amount_triggers_online.map(({ responseCode }) => `amount_triggers_online: ${responseCode}`),
    ...Object.keys(PATTERN_CODES).map((code) => `amount_trigger_pattern_inferred: ${code}`),
  ];
}
