/** Participants as data: what is refused and where, names that are taken, keys, roles, markets; and the list of known wallets. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules } from '../../test/support/modules.ts';
import { spki } from '../../test/support/signed-party.ts';
import { money } from '../base/money.ts';
import { must } from '../base/result.ts';
import {
  type AddParticipant,
  addParticipant,
  addParticipantKey,
  changeMarkets,
  changeParticipant,
  coverageOf,
  findNetworkAccount,
  findParticipantByName,
  findWallet,
  findWalletByAccount,
  findWalletByBrand,
  knownWallets,
  listAcquirers,
  listNetworkAccounts,
  listWallets,
  type Participant,
  resumeParticipant,
  suspendParticipant,
  withdrawParticipantKey,
} from './index.ts';

const KEY = spki(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
const SHORT = spki(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
const ACQUIRER = { countries: ['JP'], settlementCurrencies: ['JPY'] };

let made = 0;
type Wallet = NonNullable<AddParticipant['wallet']>;
function aWallet(
  wallet: Partial<Wallet> = {},
  rest: Partial<AddParticipant> = {},
): AddParticipant & { wallet: Wallet } {
  made += 1;
  return {
    ...{ participantId: `PSP${String(made).padStart(10, '0')}`, name: 'Sparrow', publicKey: KEY },
    ...rest,
    wallet: {
      ...{ slug: `sparrow-${made}`, brandCode: `SPARROW_${made}`, country: 'MY', currency: 'MYR' },
      ...{ modes: ['userPresented'], endpoint: 'https://sparrow.example/mpp', markets: { JP: 'live' } },
      ...wallet,
    },
  };
}

describe('participants of the hub', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(() => m?.end());
  const deps = () => ({ journal: m.journal, clock: m.orders.clock });
  const added = async (input: AddParticipant): Promise<Participant> => {
    const outcome = must(await addParticipant(deps(), undefined, input));
    assert.ok(outcome.kind === 'committed');
    return outcome.value;
  };

  test('a wallet is added with the account that it owes on, and found by every name it has', async () => {
    const input = aWallet();
    const { id, wallet } = await added(input);
    assert.ok(wallet !== null);
    for (const found of [
      await findParticipantByName(m.db, input.participantId),
      await findWallet(m.db, input.wallet.slug),
      await findWalletByBrand(m.db, input.wallet.brandCode),
      await findWalletByAccount(m.db, wallet.account),
    ])
      assert.equal(found?.id, id);
    const name = { network: `wallet:${input.wallet.slug}`, merchantId: input.participantId };
    assert.equal((await findNetworkAccount(m.db, name))?.id, wallet.account);
    assert.ok(!(await listNetworkAccounts(m.db)).some((account) => account.id === wallet.account));
    const terms = { agreementId: input.participantId, days: 2, calendar: 'MY' };
    assert.deepEqual([wallet.settlement, wallet.cutOffMinutes, wallet.codeIssuer], [terms, 15, '281666']);
  });

  const myr = (cents: bigint) => money(cents, 'MYR');
  const limit = { setBy: 'Sparrow', per: 'payment', kind: 'max', amount: myr(500n) } as const;
  const WRONG: readonly (readonly [string, string, () => AddParticipant])[] = [
    ['/participantId', 'invalid_participant', () => aWallet({}, { participantId: 'a b' })],
    ['/name', 'invalid_participant', () => aWallet({}, { name: '' })],
    ['/wallet', 'invalid_participant', () => ({ participantId: 'NOROLE0001', name: 'x' })],
    ['/wallet/slug', 'invalid_participant', () => aWallet({ slug: 'Sparrow' })],
    ['/wallet/brandCode', 'invalid_participant', () => aWallet({ brandCode: 'sparrow' })],
    ['/wallet/country', 'invalid_country', () => aWallet({ country: 'ZZ' })],
    ['/wallet/currency', 'unknown_currency', () => aWallet({ currency: 'XXX' })],
    ['/wallet/modes', 'invalid_participant', () => aWallet({ modes: [] })],
    ['/wallet/modes', 'invalid_participant', () => aWallet({ modes: ['cashier', 'cashier'] })],
    [
      '/wallet/limits/1/amount/currency',
      'invalid_participant',
      () => aWallet({ limits: [limit, { ...limit, amount: money(5n, 'JPY') }] }),
    ],
    [
      '/wallet/limits/0/amount/value',
      'invalid_participant',
      () => aWallet({ limits: [{ ...limit, amount: myr(0n) }] }),
    ],
    [
      '/wallet/limits/0/kind',
      'invalid_participant',
      () => aWallet({ limits: [{ ...limit, per: 'year', kind: 'min' }] }),
    ],
    [
      '/wallet/limits',
      'invalid_participant',
      () => aWallet({ limits: [limit, { ...limit, kind: 'min', amount: myr(501n) }] }),
    ],
    ['/wallet/codeIssuer', 'invalid_participant', () => aWallet({ codeIssuer: null })],
    ['/wallet/endpoint', 'invalid_participant', () => aWallet({ endpoint: 'https://sparrow.example/mpp/' })],
    ['/wallet/endpoint', 'invalid_participant', () => aWallet({ endpoint: 'ftp://sparrow.example' })],
    ['/wallet/fees/serviceBps', 'invalid_participant', () => aWallet({ fees: { serviceBps: 10_001 } })],
    ['/wallet/cutOffMinutes', 'invalid_participant', () => aWallet({ cutOffMinutes: 1440 })],
    ['/wallet/settlement/days', 'invalid_participant', () => aWallet({ settlement: { days: -1 } })],
    ['/wallet/markets/ZZ', 'invalid_country', () => aWallet({ markets: { ZZ: 'live' } })],
    ['/publicKey', 'invalid_public_key', () => aWallet({}, { publicKey: SHORT })],
    ['/publicKey', 'invalid_public_key', () => aWallet({}, { publicKey: 'none' })],
    ['/acquirer/countries', 'invalid_participant', () => aWallet({}, { acquirer: { ...ACQUIRER, countries: [] } })],
    [
      '/acquirer/settlementCurrencies/1',
      'unknown_currency',
      () => aWallet({}, { acquirer: { ...ACQUIRER, settlementCurrencies: ['JPY', 'YEN'] } }),
    ],
    [
      '/acquirer/endpoint',
      'invalid_participant',
      () => aWallet({}, { acquirer: { ...ACQUIRER, codePrefixes: ['https://pay.example/'] } }),
    ],
  ];
  for (const [index, [pointer, code, input]] of WRONG.entries())
    test(`a wrong field is named with its rule: ${pointer} (${index})`, async () => {
      const refused = await addParticipant(deps(), undefined, input());
      assert.ok(!refused.ok);
      assert.deepEqual([refused.error.code, refused.error.pointer], [code, pointer]);
      assert.match(refused.error.detail, /must|needs|is /);
    });

  test('names are one participant’s each, also when two are added at once', async () => {
    const first = aWallet();
    await added(first);
    const taken = async (input: AddParticipant): Promise<unknown> => {
      const refused = await addParticipant(deps(), undefined, input);
      return refused.ok ? 'added' : [refused.error.code, refused.error.pointer];
    };
    const named = { participantId: first.participantId };
    assert.deepEqual(await taken(aWallet({}, named)), ['participant_taken', '/participantId']);
    assert.deepEqual(await taken(aWallet({ slug: first.wallet.slug })), ['participant_taken', '/wallet/slug']);
    assert.deepEqual(await taken(aWallet({ brandCode: first.wallet.brandCode })), [
      'participant_taken',
      '/wallet/brandCode',
    ]);
    const brandCode = `RACE_${made}`;
    const both = await Promise.all([taken(aWallet({ brandCode })), taken(aWallet({ brandCode }))]);
    assert.deepEqual(both.filter((each) => each === 'added').length, 1, JSON.stringify(both));
  });

  test('terms change, slug and currency do not; a role is added; suspended and resumed', async () => {
    const before = await added(aWallet());
    const change = (input: Partial<Parameters<typeof changeParticipant>[2]>) =>
      changeParticipant(deps(), undefined, { participant: before.id, ...input });
    for (const wallet of [{ slug: 'other' }, { currency: 'SGD' }]) {
      const refused = await change({ wallet });
      assert.equal(refused.ok ? 'ok' : refused.error.pointer, `/wallet/${Object.keys(wallet)[0]}`);
    }
    must(await change({ wallet: { endpoint: 'https://new.example', fees: { serviceBps: 20 } }, acquirer: ACQUIRER }));
    const after = await findParticipantByName(m.db, before.participantId);
    const fees = { interchangeBps: 0, serviceBps: 20 };
    assert.deepEqual([after?.wallet?.endpoint, after?.wallet?.fees], ['https://new.example', fees]);
    assert.equal(after?.wallet?.account, before.wallet?.account);
    assert.ok((await listAcquirers(m.db)).some(({ id }) => id === before.id));
    const acquirer = await added({ participantId: 'ACQUIRER0001', name: 'Acquirer', acquirer: ACQUIRER });
    const { wallet } = aWallet();
    must(await changeParticipant(deps(), undefined, { participant: acquirer.id, wallet }));
    assert.equal((await findWallet(m.db, wallet.slug))?.id, acquirer.id);
    must(await suspendParticipant(deps(), undefined, before.id));
    const again = await suspendParticipant(deps(), undefined, before.id);
    assert.equal(again.ok ? 'ok' : again.error.code, 'illegal_move');
    must(await resumeParticipant(deps(), undefined, before.id));
  });

  test('keys by version: both are good for a while, the last one stays', async () => {
    const { id } = await added(aWallet());
    const codeOf = (done: { readonly ok: boolean; readonly error?: { readonly code: string } }) =>
      done.error?.code ?? 'ok';
    const key = { participant: id, publicKey: KEY };
    assert.equal(codeOf(await addParticipantKey(deps(), undefined, { ...key, version: '1' })), 'key_version_taken');
    assert.equal(codeOf(await addParticipantKey(deps(), undefined, { ...key, version: '2' })), 'ok');
    const withdraw = (version: string) => withdrawParticipantKey(deps(), undefined, { participant: id, version });
    assert.equal(codeOf(await withdraw('1')), 'ok');
    assert.equal(codeOf(await withdraw('1')), 'unknown_key_version');
    assert.equal(codeOf(await withdraw('2')), 'last_key');
  });

  test('all known wallets fit the rules; 16 are live in Japan; a market changes by itself', async () => {
    const endpoint = 'http://127.0.0.1:4103/x';
    for (const { participantId, name, ...facts } of knownWallets())
      await added({ participantId, name, wallet: { ...facts, endpoint } });
    const known = new Set(knownWallets().map(({ participantId }) => participantId));
    const wallets = async () => (await listWallets(m.db)).filter(({ participantId }) => known.has(participantId));
    assert.equal((await wallets()).length, 38);
    assert.equal(coverageOf(await wallets()).live.JP, 16);
    const paypay = await findWallet(m.db, 'paypay');
    assert.deepEqual(paypay?.wallet.markets, { KR: 'live' });
    const begins = await findWallet(m.db, 'hipay');
    assert.deepEqual([begins?.wallet.markets.UZ, begins?.wallet.markets.JP], ['pilot', 'live']);
    const bankApps = (await wallets()).filter(({ wallet }) => wallet.isBankApp);
    assert.deepEqual(bankApps.map(({ wallet }) => wallet.slug).sort(), ['bpi', 'k-plus', 'ocbc', 'pbengagemy']);
    const tng = await findWallet(m.db, 'tng');
    assert.ok(tng !== null);
    must(await changeMarkets(deps(), undefined, { participant: tng.id, markets: { JP: 'pilot', KR: null } }));
    const markets = (await findWallet(m.db, 'tng'))?.wallet.markets;
    assert.deepEqual([markets?.JP, markets?.KR, markets?.TH], ['pilot', undefined, 'live']);
    assert.equal(coverageOf(await wallets()).live.JP, 15);
    must(await suspendParticipant(deps(), undefined, tng.id));
    assert.equal(coverageOf(await wallets()).live.TH, coverageOf(await wallets()).live.SG);
  });
});

test('the list agrees with the wallets of the sandbox', () => {
  const read = readFileSync(new URL('../../sandbox/wallets/wallets.json', import.meta.url), 'utf8');
  const theirs = (JSON.parse(read) as readonly Record<string, unknown>[]).map(
    ({ walletId, name, pspId, brandCode, country, currency, modes, limits }) => ({
      ...{ slug: walletId, name, participantId: pspId, brandCode, country, currency, modes, limits },
    }),
  );
  const ours = knownWallets().map(({ markets: _, isBankApp: _bank, limits, ...facts }) => ({
    ...facts,
    limits: limits.map(({ amount, ...limit }) => ({ ...limit, amount: String(amount.amount) })),
  }));
  assert.deepEqual(ours, theirs);
});
