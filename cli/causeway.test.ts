/** The command line against a whole world, as a person would use it: words, JSON, exit codes. One world for all. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seededRandom } from '../src/base/random.ts';
import { CARDS, type Cast, cast, usd } from '../stories/story.ts';
import type { OrderView, PaymentView } from '../stories/views.ts';
import { startWorld, type World } from '../stories/world.ts';
import { causeway } from './causeway.ts';

let world: World;
let people: Cast;
let order: OrderView;

before(async () => {
  world = await startWorld();
  const silent = { step: () => {}, chapter: () => {}, text: () => {} };
  people = await cast(
    { world, random: seededRandom(1), tell: silent },
    { feeBps: 200, account: '4401778812', schedule: 'manual' },
  );
  await world.bank.post('/_sandbox/deposits', {
    account: '000123456789',
    currency: 'USD',
    amount: '100000',
    endToEndId: 'FLOAT-1',
    debtorName: 'OPERATOR TREASURY',
    text: 'own funds',
  });
  order = await createOrder('PO-1');
  for (const instalment of [1, 2]) {
    const paid = await pay(order, instalment);
    assert.equal(paid.state, 'captured');
  }
  await people.api.post(`/v1/orders/${order.id}/ship`, { carrier: 'SF', trackingNumber: 'SF1099' });
  await people.api.post(`/v1/orders/${order.id}/receive`);
});

after(() => world.end());

const createOrder = (reference: string): Promise<OrderView> =>
  people.api.post('/v1/orders', {
    seller: people.seller.id,
    buyer: people.buyer.id,
    reference,
    description: 'LED strips',
    total: usd(123_450),
    instalments: [
      { amount: usd(23_450), due: 'now' },
      { amount: usd(100_000), due: 'before_shipment' },
    ],
    shipBy: { daysAfterFirstPayment: 5 },
    policy: 'express',
  });

const pay = async ({ id }: OrderView, instalment: number): Promise<PaymentView> =>
  people.api.post(`/v1/orders/${id}/payments`, {
    instalment,
    token: await world.tokenize(people.marketplace.id, CARDS.visa),
    capture: 'automatic',
  });

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. With the address and the key of the world unless `env` says otherwise. */
async function run(line: string | readonly string[], env?: Record<string, string>): Promise<Ran> {
  let [out, err] = ['', ''];
  const code = await causeway(typeof line === 'string' ? line.split(' ') : line, {
    env: env ?? { DATA_DIR: world.dataDir },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

const json = async <Value>(line: string): Promise<Value> => {
  const ran = await run(`${line} --json`);
  assert.equal(ran.code, 0, ran.err);
  return JSON.parse(ran.out) as Value;
};

const clockUrl = (): string => `--clock-url ${world.addresses.clock}`;

test('status finds a local run by DATA_DIR alone and agrees with the API', async () => {
  const system = await json<{ version: string; journal: { seq: string } }>('status');
  const { code, out } = await run('status');
  assert.equal(code, 0);
  assert.match(out, new RegExp(`version +${system.version}, sandbox`));
  assert.match(out, /business time +\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC/);
});

test('options win over variables, and a wrong key is refused with title, code and detail', async () => {
  const env = { CAUSEWAY_URL: 'http://127.0.0.1:1', CAUSEWAY_KEY: 'sk_wrong' };
  const refused = await run(['--url', world.addresses.api, 'status'], env);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /No valid key \(401 unauthenticated\)\n {2}the key or session is not valid/);
  const accepted = await run(['status', '--url', world.addresses.api, '--key', world.operatorKey], env);
  assert.equal(accepted.code, 0);
});

test('the key of a local installation is not sent to another machine', async () => {
  const { code, err } = await run('status --url http://causeway.example', { DATA_DIR: world.dataDir });
  assert.equal(code, 2);
  assert.match(err, /no API key/);
});

test('nobody at the address ends with 3 and names the address; no secrets there is wrong usage', async () => {
  const gone = await run('status --url http://127.0.0.1:1 --key sk_x', {});
  assert.deepEqual([gone.code, gone.out], [3, '']);
  assert.match(gone.err, /cannot reach http:\/\/127\.0\.0\.1:1/);
  const keyless = await run(['status'], { DATA_DIR: join(world.dataDir, 'nothing') });
  assert.equal(keyless.code, 2);
});

test('somebody else at the address is not taken for an installation', async () => {
  const { code, err } = await run(`status --url ${world.addresses.api}/console --key sk_x`, {});
  assert.equal(code, 3);
  assert.match(err, /is it a Causeway installation\?/);
});

test('wrong usage ends with 2: unknown command, missing argument, missing option, wrong choice, wrong span', async () => {
  const lines = [
    'nonsense',
    'orders',
    'orders show',
    'orders show a b',
    'recon close brk_1 --reason x',
    'recon explain ln_1 --as gift --reason x',
    'clock advance 3x',
    'clock advance 401d',
    'events --after x',
    'orders ls --limit 0',
    'status --url ftp://x',
  ];
  for (const line of lines) assert.equal((await run(line)).code, 2, line);
});

test('every command has help in words and --json', async () => {
  const commands = [
    'status',
    'events',
    ...Object.entries(GROUPS).flatMap(([g, names]) => names.map((n) => `${g} ${n}`)),
  ];
  for (const command of commands) {
    const { code, out } = await run(`${command} --help`);
    assert.equal(code, 0, command);
    assert.match(out, /--json/, command);
    assert.match(out, /\n\n[A-Z][^\n]{10,}\n/, command);
  }
});

const GROUPS = {
  ledger: ['check', 'accounts', 'balance', 'entries', 'statement', 'trace'],
  orders: ['ls', 'show'],
  payments: ['show', 'capture', 'increment', 'cancel', 'refund', 'unknown', 'resolve'],
  disputes: ['ls', 'show', 'challenge', 'accept'],
  vault: ['keys', 'rotate-keys', 'remove-key'],
  payouts: ['ls', 'run'],
  recon: ['breaks', 'lines', 'explain', 'close', 'import'],
  jobs: ['dead', 'restart'],
  clock: ['now', 'advance'],
};

test('ledger check lists each law and ends with 0 while all hold', async () => {
  const { code, out } = await run('ledger check');
  assert.equal(code, 0);
  assert.match(out, /holds {3}floors: no account/);
  assert.match(out, /all \d+ laws hold at event \d+/);
});

test('orders: list by state and text; show has terms, timeline and postings to the cent', async () => {
  const found = await run(['orders', 'ls', '--state', 'released,shipped', '-q', 'PO-1']);
  assert.match(found.out, new RegExp(`${order.id} +PO-1 +released +USD 1,234\\.50 +USD 0\\.00`));
  assert.match((await run('orders ls -q nothing-like-it')).out, /no such orders/);
  const { out } = await run(`orders show ${order.id}`);
  assert.match(out, /instalment 2 +USD 1,000\.00, due before shipment, paid by pay_/);
  assert.match(out, /Released to the seller: fee USD 24\.69 +USD 1,209\.81/);
  assert.match(out, /order\.released +held +fee_income +USD 24\.69/);
  const shown = await json<{ order: { total: object }; postings: object[] }>(`orders show ${order.id}`);
  assert.deepEqual(shown.order.total, usd(123_450));
  assert.equal(shown.postings.length, 4);
});

test('a list says on stderr that there is more, and --limit goes over pages', async () => {
  await createOrder('PO-2');
  const one = await run('orders ls -q LED --limit 1');
  assert.equal(one.out.trimEnd().split('\n').length, 2);
  assert.match(one.err, /there are more/);
  const all = await json<{ data: object[]; more: boolean }>('orders ls -q LED --limit 150');
  assert.deepEqual([all.data.length, all.more], [2, false]);
});

test('a refusal names the field; with --json it is the problem itself, on stderr', async () => {
  const words = await run('orders show ord_1');
  assert.equal(words.code, 1);
  assert.match(words.err, /\(400 invalid_request\)[\s\S]*\/id: must match pattern/);
  const problem = await run(`orders show ord_${'0'.repeat(32)} --json`);
  assert.deepEqual([problem.code, problem.out], [1, '']);
  assert.equal((JSON.parse(problem.err) as { code: string }).code, 'not_found');
  const elsewhere = await run('orders show ../system');
  assert.equal(elsewhere.code, 1, 'an id stays one part of the path');
});

test('a lost answer is listed with owner and age, and closed by hand with evidence', async () => {
  const open = await createOrder('PO-3');
  await world.acquirer.post('/_sandbox/faults', { kind: 'notify_drop', operation: 'any', count: 9 });
  await world.acquirer.post('/_sandbox/faults', { kind: 'drop_before', operation: 'payments', count: 1 });
  const checking = await pay(open, 1);
  assert.equal(checking.checking, true);
  assert.match((await run('payments unknown')).out, /every operation of that age has its outcome/);
  const { data } = await json<{ data: { id: string }[] }>(`payments show ${checking.id}`).then((shown) => ({
    data: (shown as unknown as { operations: { id: string }[] }).operations,
  }));
  const operation = data[0]?.id ?? '';
  await run(`clock advance 2m ${clockUrl()}`);
  const signed = ['--evidence', 'letter 7', '--reason', 'the acquirer confirms it never saw it'];
  const resolved = await run(['payments', 'resolve', operation, '--outcome', 'declined', ...signed]);
  const shown = await run(`payments show ${checking.id}`);
  // The inquiry may be faster than the operator; then the operation has its outcome and the operator is refused.
  if (resolved.code === 0) assert.match(shown.out, /declined +resolved_by_hand: the acquirer confirms/);
  else assert.match(resolved.err, /409 operation_closed/);
  assert.match(shown.out, /state +declined/);
});

test('payments: captured in parts, the rest given back, refunded; an attempt repeated under its name happens once', async () => {
  const open = await createOrder('PO-4');
  const { id } = await people.api.post<PaymentView>(`/v1/orders/${open.id}/payments`, {
    instalment: 1,
    token: await world.tokenize(people.marketplace.id, CARDS.visa),
    capture: 'manual',
  });
  assert.match((await run(`payments capture ${id} --amount 9999`)).err, /422 amount_exceeds_authorized/);
  assert.equal((await run(`payments capture ${id} --amount 1.234`)).code, 2, 'finer than a cent');
  const first = `payments capture ${id} --amount 100 --keep-rest --attempt ${randomUUID()}`;
  assert.match((await run(first)).out, /state +part_captured[\s\S]*capturable +USD 134\.50\ncaptured +USD 100\.00/);
  assert.match((await run(first)).out, /captured +USD 100\.00/, 'the same attempt again');
  const canceled = await run(`payments cancel ${id}`);
  assert.match(canceled.out, /state +captured[\s\S]*authorized +USD 100\.00[\s\S]*capturable +USD 0\.00/);
  assert.match(
    (await run(`payments refund ${id} --amount 40 --reason late`)).out,
    /refund ref_\S+ of USD 40\.00: confirmed/,
  );
  assert.match((await run(`payments refund ${id} --reason all`)).out, /of USD 60\.00: confirmed/);
  assert.match((await run(`payments show ${id}`)).out, /\n\S+ +USD 100\.00 +USD 100\.00 +USD 0\.00\n/, 'per capture');
  assert.match((await run(`payments increment ${id} --amount 500`)).err, /409 illegal_move/);
});

test('the vault: keys are listed and rotated with the operator’s key; an old one is removed once nothing needs it', async () => {
  const keys = async () =>
    json<{
      rootKeys: { id: string; current: boolean; wraps: number }[];
      dataKeys: { cards: number }[];
      toRewrap: number;
    }>('vault keys');
  const before = await keys();
  const old = before.rootKeys.find(({ current }) => current)?.id ?? '';
  assert.ok(before.dataKeys.reduce((sum, { cards }) => sum + cards, 0) > 0, 'cards were sealed');
  const rotated = await run('vault rotate-keys');
  assert.equal(rotated.code, 0, rotated.err);
  assert.match(rotated.out, new RegExp(`^${before.dataKeys.length} data keys wrapped anew by \\S+\n${old} stays`));
  const after = await keys();
  assert.deepEqual([after.toRewrap, after.rootKeys.find(({ id }) => id === old)?.wraps], [0, 0]);
  const current = after.rootKeys.find((key) => key.current)?.id ?? '';
  assert.match((await run(`vault remove-key ${current}`)).err, /409 key_in_use/);
  assert.match((await run(`vault remove-key ${old}`)).out, /is gone/);
  assert.match((await run(`vault remove-key ${old}`)).err, /404 not_found/);
  assert.match((await run('vault rotate-keys --what data')).out, /new cards are sealed with key_/);
  assert.match((await run('vault keys')).out, /to re-wrap +none[\s\S]*Key-encryption keys[\s\S]*Data keys/);
  assert.equal((await pay(await createOrder('PO-5'), 1)).state, 'captured', 'cards still pay');
  const marketplaceKey = { CAUSEWAY_URL: world.addresses.api, CAUSEWAY_KEY: people.secret };
  assert.match((await run('vault keys', marketplaceKey)).err, /403 forbidden/);
});

test('disputes: a chargeback is found with its clock, answered with a file once, another is accepted', async () => {
  const raise = async (reference: string): Promise<string> => {
    const disputedOrder = await createOrder(reference);
    const disputed = await pay(disputedOrder, 1);
    const { operations } = await json<{ operations: { networkId: string }[] }>(`payments show ${disputed.id}`);
    await world.acquirer.post('/_sandbox/disputes', { transactionId: operations[0]?.networkId, reasonCode: '13.1' });
    await run(`clock advance 1d ${clockUrl()}`);
    const { data } = await json<{ data: { id: string }[] }>(`disputes ls --order ${disputedOrder.id}`);
    return data[0]?.id ?? '';
  };
  const id = await raise('PO-6');
  const shown = await run(`disputes show ${id}`);
  assert.match(shown.out, /order +PO-6 \(ord_[\s\S]*reason +13\.1 Goods or services not received \(consumer\)/);
  assert.match(shown.out, /answer by +\S+ \S+ UTC, 2\d d \d+ h\ntaken +USD 234\.50\nnetwork fees +USD 15\.00/);
  assert.match(shown.out, /may be done +evidence, accept\n/);
  assert.match((await run(`disputes challenge ${id}`)).err, /422 evidence_missing/);
  const [proof, wrong] = [join(world.dataDir, 'proof.txt'), join(world.dataDir, 'proof.doc')];
  writeFileSync(proof, 'Delivered and signed');
  assert.equal((await run(['disputes', 'challenge', id, '--file', wrong])).code, 2);
  const challenge = ['disputes', 'challenge', id, '--file', proof, '--attempt', randomUUID()];
  assert.match((await run(challenge)).out, /state +represented[\s\S]*proof\.txt +text\/plain +20 +chargeback/);
  assert.match((await run(challenge)).out, /state +represented/, 'the same attempt again');
  const second = await raise('PO-7');
  assert.match(
    (await run(`disputes accept ${second}`)).out,
    /may be done +nothing now[\s\S]*accept +chargeback +taken/,
  );
  await run(`clock advance 1h ${clockUrl()}`);
  const accepted = await run('disputes ls --state accepted');
  assert.match(accepted.out, new RegExp(`${second} +accepted +USD 234\\.50`), 'the network has closed it');
});

test('the clock: now, and advancing by hours and days with its steps counted', async () => {
  const before = (await json<{ now: string }>(`clock now ${clockUrl()}`)).now;
  const { code, out } = await run(`clock advance 4d ${clockUrl()}`);
  assert.equal(code, 0);
  const steps = Number(/ UTC after (\d+) steps/.exec(out)?.[1]);
  assert.ok(steps > 4, out);
  const moved = Date.parse((await json<{ now: string }>(`clock now ${clockUrl()}`)).now) - Date.parse(before);
  assert.ok(moved >= 4 * 86_400_000 && moved < 4 * 86_400_000 + 60_000, `${moved} ms`);
  const nobody = await run('clock now --clock-url http://127.0.0.1:1');
  assert.equal(nobody.code, 3);
});

test('reconciliation: a line is explained once; an unknown break is not found; a day can be imported', async () => {
  const { data } = await json<{ data: { id: string; text: string }[] }>('recon lines --state unexplained');
  const line = data.find(({ text }) => text.includes('own funds'))?.id ?? '';
  const explain = ['recon', 'explain', line, '--as', 'capital', '--reason', 'float'];
  const explained = await run(explain);
  assert.equal(explained.code, 0, explained.err);
  assert.match(explained.out, /amount +\+ USD 1,000\.00[\s\S]*explained as +capital/);
  assert.equal((await run(explain)).code, 1);
  assert.match((await run('recon lines')).out, /\+ USD [\d,.]+ +explained +settlement/);
  const close = await run(['recon', 'close', `brk_${'0'.repeat(32)}`, '--reason', 'r', '--by', 'me']);
  assert.match(close.err, /404 not_found/);
  assert.equal((await run('recon breaks --state all')).code, 0);
  assert.match((await run('recon import 2026-01-05')).out, /fetched for 2026-01-05/);
  assert.equal((await run('recon import tomorrow')).code, 1);
});

test('payouts: a run pays the seller once per attempt; the cent is followed to the bank line', async () => {
  const line = `payouts run --marketplace ${people.marketplace.id} --attempt ${randomUUID()}`;
  assert.match((await run(line)).out, /1 payout begun, USD 1,209\.81/);
  assert.match((await run(line)).out, /1 payout begun, USD 1,209\.81/, 'the same attempt gets the same answer');
  assert.equal((await json<{ data: object[] }>('payouts ls')).data.length, 1);
  assert.match((await run('payouts runs')).out, /done +1\/1 +1 +USD 1,209\.81/);
  await run(`clock advance 5d ${clockUrl()}`);
  assert.match((await run('payouts ls')).out, /paid +USD 1,209\.81 .*•••8812/);
  const { out } = await run(`ledger trace ${order.id} --cents 1`);
  assert.match(out, /^● payment\.captured {2}USD 0\.01 of USD 234\.50/);
  assert.match(out, /├─ → |└─ → /);
  assert.match(out, /payout_file\.matched[\s\S]*■ bank line/);
  const bank = await json<{ data: { name: string; balance: { value: string } }[] }>('ledger accounts --name bank');
  assert.deepEqual(
    bank.data.map(({ name }) => name),
    ['bank'],
  );
});

test('jobs: none has given up, and there is none to restart', async () => {
  assert.match((await run('jobs dead')).out, /no job has given up/);
  assert.match((await run(`jobs restart ${'0'.repeat(32)}`)).err, /404 not_found/);
});

test('events go on from a number, in order', async () => {
  const page = await json<{ data: { seq: string }[] }>('events --after 3 --limit 2');
  assert.deepEqual(
    page.data.map(({ seq }) => seq),
    ['4', '5'],
  );
  assert.match((await run('events --after 3 --limit 2')).err, /--after 5/);
});

test('as a program: exit codes and streams are those of the process', () => {
  const empty = join(world.dataDir, 'elsewhere');
  const program = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'causeway.ts'), ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        DATA_DIR: empty,
        CAUSEWAY_URL: world.addresses.api,
        CAUSEWAY_KEY: world.operatorKey,
      },
    });
  const check = program('ledger', 'check', '--json');
  assert.equal(check.status, 0, check.stderr);
  assert.equal((JSON.parse(check.stdout) as { ok: boolean }).ok, true);
  assert.equal(program('frobnicate').status, 2);
  rmSync(empty, { recursive: true, force: true });
});

test('a wallet is added from a file while everything runs, pauses, resumes and works where it is said to', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [file, key] = [join(world.dataDir, 'sparrow.json'), join(world.dataDir, 'sparrow.pem')];
  writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));
  const wallet = {
    ...{ slug: 'sparrow', brandCode: 'SPARROW', country: 'MY', currency: 'MYR', modes: ['userPresented'] },
    ...{ endpoint: 'https://sparrow.example/mpp', markets: { JP: 'live' } },
    limits: [{ setBy: 'Sparrow', per: 'payment', kind: 'max', amount: { value: '100000', currency: 'MYR' } }],
  };
  writeFileSync(file, JSON.stringify({ participantId: 'SPARROW000000001', name: 'Sparrow', wallet }));
  const added = await run(['wallet', 'add', '--file', file, '--public-key', key]);
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /keys +1 active[\s\S]*max MYR 1,000\.00 a payment, by Sparrow/);
  const twice = await run(['wallet', 'add', '--file', file]);
  assert.deepEqual([twice.code, /participant_taken/.test(twice.err)], [1, true]);
  assert.match((await run('wallet list')).out, /sparrow +Sparrow +active +SPARROW +MY +MYR +1 market/);
  assert.match((await run('wallet pause sparrow')).out, /Sparrow is suspended/);
  assert.match((await run('wallet resume sparrow')).out, /Sparrow is active/);
  assert.match((await run('wallet markets sparrow KR=pilot JP=none')).out, /live +none\npilot +KR\npaused +none/);
  assert.equal((await run('wallet markets sparrow KR=maybe')).code, 2);
  const shown = JSON.parse((await run('wallet show sparrow --json')).out) as { wallet: { markets: object } };
  assert.deepEqual(shown.wallet.markets, { KR: 'pilot' });
  assert.equal((await run('wallet show nobody')).code, 1);
  const acquirer = { countries: ['JP'], settlementCurrencies: ['JPY'], endpoint: 'https://acquirer.example/hub' };
  writeFileSync(file, JSON.stringify({ participantId: 'ACQUIRER0001', name: 'Tokyo Acquiring', acquirer }));
  const bare = await run(['acquirer', 'add', '--file', file]);
  assert.deepEqual([bare.code, /no key yet/.test(bare.err)], [0, true]);
  assert.match((await run('acquirer list')).out, /ACQUIRER0001 +Tokyo Acquiring +active +JP +JPY/);
  assert.match((await run('acquirer show ACQUIRER0001')).out, /keys +none/);
});

test('payments in shops are listed by wallet, acquirer and state, and one tells what happened', async () => {
  const phone = { walletId: 'gcash', account: 'demo' };
  const { code } = await world.wallets.post<{ code: string }>('/_sandbox/payment-codes', phone);
  const taken = await world.shops.post<{ paymentId: string; state: string }>('/_sandbox/payments', {
    ...{ acquirerId: 'SBXACQJP00000001', merchantId: 'asakusa-tea', scenario: 'payment_code', paymentCode: code },
    amount: { currency: 'JPY', value: '1200' },
  });
  assert.equal(taken.state, 'paid');
  const mine = (await run('hub payments --wallet gcash --acquirer SBXACQJP00000001 --state paid')).out;
  assert.match(mine, /hpy_\w+ +paid +gcash +JPY 1,200 +PHP [\d.,]+ +JPY 1,200 .* 浅草茶舗, JP/);
  assert.match((await run('hub payments --wallet gcash --state failed')).out, /no such payments/);
  assert.equal((await run('hub payments --wallet nobody')).code, 1);
  assert.equal((await run('hub payments --acquirer nobody')).code, 2);
  const shown = (await run(['hub', 'payment', taken.paymentId])).out;
  assert.match(shown, /wallet owes +PHP [\d.,]+ at 0\.\d+, of which fee PHP/);
  assert.match(shown, /money +Paid: the wallet owes us: the acquirer gets JPY/);
  const json = JSON.parse((await run(['hub', 'payment', taken.paymentId, '--json'])).out) as { postings: unknown[] };
  assert.equal(json.postings.length, 3);
});
