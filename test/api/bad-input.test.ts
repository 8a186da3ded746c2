/** Systematic bad input for every route: each is refused as a problem, with the right code, and the journal stays put. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startWorld, type World } from '../../stories/world.ts';
import { type BadBody, badBodies, UNWRITABLE } from './mutations.ts';
import { assertProblem, type Exchange, exchange } from './problem.ts';
import { type RouteCase, routeCases, type Scope } from './route-cases.ts';
import { createMarket, createThings, type Market, seqOf, settle, type Things } from './scene.ts';
import { call, describedRoutes, type Route, type Sent, unmoved } from './walk-routes.ts';

let world: World;
let mine: Market & Things;
let other: Market & Things;
let routes: readonly Route[];
let described: readonly string[];
let cases: Readonly<Record<string, RouteCase>>;

before(async () => {
  world = await startWorld();
  const [left, right] = [await createMarket(world, 'Left'), await createMarket(world, 'Right')];
  mine = { ...left, ...(await createThings(world, left)) };
  other = { ...right, ...(await createThings(world, right)) };
  cases = routeCases(mine, other, await mine.token());
  ({ described, routes } = await describedRoutes(world, cases));
  await settle(world);
});

after(() => world.end());

const send = (route: Route, sent: Sent = {}): Promise<Exchange> => call(world, mine.secret, route, sent);
const untouched = (chosen: readonly Route[], work: (route: Route) => Promise<number>): Promise<void> =>
  unmoved(world, chosen, work);
const withBody = (): readonly Route[] => routes.filter(({ body }) => body !== undefined);

test('every route of the OpenAPI document has a case here, and every case a route', () => {
  assert.deepEqual(Object.keys(cases).sort(), [...described].sort());
});

const unwritable = new Set(UNWRITABLE.map(([what]) => what));

/** Tries the bad bodies that `chosen` picks, and tells of all that were not refused as they should be. */
async function tryBodies(chosen: (bad: BadBody) => boolean): Promise<void> {
  const failures: string[] = [];
  const note = (error: unknown): unknown => failures.push((error as Error).message.split('\n')[0] ?? '');
  const all = async (route: Route): Promise<number> => {
    assert.ok(route.bodySchema !== undefined, `${route.name}: no body in the OpenAPI document`);
    const bodies = badBodies(route.bodySchema, route.body).filter(chosen);
    for (const bad of bodies) {
      const answer = await send(route, { body: bad.body });
      try {
        assertPointedAt(answer, bad, route.name);
      } catch (error) {
        note(error);
      }
    }
    return bodies.length + 1;
  };
  for (const route of withBody()) await untouched([route], all).catch(note);
  assert.deepEqual(failures, []);
}

function assertPointedAt(answer: Exchange, { at, what }: BadBody, route: string): void {
  const shown = `${route}, ${what} at ${at === '' ? '(body)' : at}`;
  const { code, errors = [] } = assertProblem(answer, shown);
  assert.ok(errors.length > 0, `${shown}: ${code} without errors`);
  const near = errors.some(({ pointer }) => pointer.startsWith(at) || at.startsWith(pointer));
  assert.ok(near, `${shown}: pointed at ${errors.map(({ pointer }) => pointer).join(', ')}`);
}

test('bodies with one mistake: refused, and the mistake is pointed at', () =>
  tryBodies(({ what }) => !unwritable.has(what)));

test('texts that JSON can carry and a database cannot are refused', () =>
  tryBodies(({ what }) => unwritable.has(what)));

test('bodies that are no JSON, empty, too large or of another type', async () => {
  await untouched(withBody(), async (route) => {
    const { name } = route;
    for (const text of ['{"a":', 'nonsense', '{"a":1}}', "{'a':1}", '{"__proto__":{"x":1}}'])
      assertProblem(await send(route, { text }), `${name} with ${text}`, ['malformed_json']);
    assertProblem(await send(route, { text: '' }), `${name} with an empty body`, ['malformed_json']);
    assertProblem(await send(route, { text: undefined }), `${name} without a body`, ['invalid_request']);
    for (const text of ['null', '[]', '"x"', '7'])
      assertProblem(await send(route, { text }), `${name} with ${text}`, ['invalid_request']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    assertProblem(await send(route, { text: 'a=b', headers: form }), `${name} with a form`, ['unsupported_media_type']);
    const large = JSON.stringify({ nonsense: 'x'.repeat(route.bodyLimit ?? 256 * 1024) });
    const answer = await send(route, { text: large }).catch((fault: Error) => fault);
    // The server answers at once and closes; while a body of megabytes is being sent, that may be seen as a broken pipe.
    if (route.bodyLimit !== undefined && answer instanceof Error)
      assert.match(String((answer.cause as Error).message), /EPIPE|ECONNRESET|other side closed/);
    else assertProblem(answer as Exchange, `${name} with a large body`, ['body_too_large']);
    return 1;
  });
});

test('no key, a wrong key and other schemes are 401, before anything is looked up', async () => {
  await untouched(routes, async (route) => {
    const wrong = [undefined, 'sk_wrong', `${mine.secret}x`, mine.secret.slice(0, -1), 'null'];
    for (const bearer of wrong)
      assertProblem(await send(route, { bearer }), `${route.name} with ${bearer}`, ['unauthenticated']);
    const headers = { authorization: `Basic ${Buffer.from(`${mine.secret}:`).toString('base64')}` };
    assertProblem(await send(route, { bearer: undefined, headers }), `${route.name} with Basic`, ['unauthenticated']);
    return wrong.length;
  });
});

test('a key without the scope is 403 and told which scope is missing', async () => {
  const scopes: readonly Scope[] = ['orders', 'payments', 'payouts', 'parties', 'reports'];
  const secrets = new Map<Scope, string>();
  for (const scope of scopes) {
    const rest = scopes.filter((each) => each !== scope);
    const path = `/v1/marketplaces/${mine.id}/api-keys`;
    const key = await world.operator.post<{ secret: string }>(path, { name: `all but ${scope}`, scopes: rest });
    secrets.set(scope, key.secret);
  }
  await untouched(routes, async (route) => {
    const bearer = route.scope === 'operator' ? mine.secret : secrets.get(route.scope);
    const problem = assertProblem(await send(route, { bearer }), route.name, ['forbidden']);
    assert.equal((problem as unknown as { scope: string }).scope, route.scope, route.name);
    return 1;
  });
});

test('ids of the wrong kind or form are refused', async () => {
  await untouched(
    routes.filter(({ own }) => own !== undefined),
    async (route) => {
      const own = route.own as string;
      const wrong = [
        'x',
        own.toUpperCase(),
        own.slice(0, -1),
        `${own}0`,
        own.replace(/.$/, 'g'),
        '%27%20or%201%3D1--',
        '%00',
        own.replace('_', '-'),
      ].filter((id) => id !== own);
      for (const id of wrong) assertProblem(await send(route, { id }), `${route.name} with ${id}`, ['invalid_request']);
      const kinds = [mine.order, mine.payment, mine.payout, mine.seller, mine.buyer, mine.id];
      const others = kinds.filter((id) => id.split('_')[0] !== own.split('_')[0]);
      if (route.name.includes('/trace/')) return wrong.length;
      for (const id of others)
        assertProblem(await send(route, { id }), `${route.name} with ${id}`, ['invalid_request']);
      return wrong.length;
    },
  );
});

test('what belongs to another marketplace is not found, and stays as it was', async () => {
  const before = await Promise.all([
    other.api.get(`/v1/orders/${other.order}`),
    other.api.get(`/v1/payments/${other.payment}`),
    other.api.get(`/v1/payouts/${other.payout}`),
  ]);
  await untouched(
    routes.filter(({ foreign }) => foreign !== undefined),
    async (route) => {
      assertProblem(await send(route, { id: route.foreign }), `${route.name} of another`, ['not_found']);
      const nobodys = (route.own as string).replace(/[0-9a-f]{32}$/, '0'.repeat(32));
      const [absent, foreign] = [await send(route, { id: nobodys }), await send(route, { id: route.foreign })];
      assert.equal(absent.text, foreign.text, `${route.name}: the answer tells that it exists`);
      return 1;
    },
  );
  const now = await Promise.all([
    other.api.get(`/v1/orders/${other.order}`),
    other.api.get(`/v1/payments/${other.payment}`),
    other.api.get(`/v1/payouts/${other.payout}`),
  ]);
  assert.deepEqual(now, before);
});

test('another marketplace’s seller, buyer and card token cannot be used in a body', async () => {
  const seq = await seqOf(world);
  const post = async (path: string, body: unknown) => {
    const headers = { 'idempotency-key': randomUUID() };
    const url = `${world.addresses.api}${path}`;
    return exchange({ method: 'POST', url, bearer: mine.secret, headers, text: JSON.stringify(body) });
  };
  const orders = [
    { ...mine.terms(), seller: other.seller },
    { ...mine.terms(), buyer: other.buyer },
  ];
  for (const body of orders) assertProblem(await post('/v1/orders', body), 'an order', ['unknown_party']);
  assertProblem(await post('/v1/payouts', { seller: other.seller }), 'a payout', ['unknown_party']);
  const lists = [`/v1/orders?seller=${other.seller}`, `/v1/payments?order=${other.order}`];
  for (const path of lists) assert.deepEqual((await mine.api.get<{ data: object[] }>(path)).data, [], path);
  assert.equal(await seqOf(world), seq);
});

test('a card token of another marketplace pays nothing', async () => {
  const order = await mine.newOrder();
  const token = await other.token();
  const body = { instalment: 1, token, capture: 'automatic' };
  const answer = await mine.api.send<{ code?: string }>('POST', `/v1/orders/${order.id}/payments`, {
    body,
    key: randomUUID(),
  });
  assert.deepEqual([answer.status, answer.body.code], [422, 'unknown_token']);
  assert.equal((await mine.api.get<{ state: string }>(`/v1/orders/${order.id}`)).state, 'awaiting_payment');
});

test('amounts that are money but not possible here', async () => {
  const seq = await seqOf(world);
  const usd = (value: string, currency = 'USD') => ({ value, currency });
  const orders: readonly (readonly [string, object, readonly string[]])[] = [
    ['zero', { total: usd('0'), instalments: [{ amount: usd('0'), due: 'now' }] }, ['invalid_total']],
    [
      'another currency',
      { total: usd('5', 'EUR'), instalments: [{ amount: usd('5', 'EUR'), due: 'now' }] },
      ['no_rail'],
    ],
    ['mixed currencies', { instalments: [{ amount: usd('20000', 'JPY'), due: 'now' }] }, ['invalid_instalments']],
    ['a wrong sum', { instalments: [{ amount: usd('19999'), due: 'now' }] }, ['instalments_do_not_sum']],
    [
      'a zero instalment',
      {
        instalments: [
          { amount: usd('20000'), due: 'now' },
          { amount: usd('0'), due: 'before_shipment' },
        ],
      },
      ['invalid_instalments'],
    ],
  ];
  const post = (path: string, body: unknown) =>
    exchange({
      method: 'POST',
      url: `${world.addresses.api}${path}`,
      bearer: mine.secret,
      headers: { 'idempotency-key': randomUUID() },
      text: JSON.stringify(body),
    });
  for (const [what, change, codes] of orders)
    assertProblem(await post('/v1/orders', { ...mine.terms(), ...change }), what, codes);
  for (const [amount, codes] of [
    [usd('0'), ['invalid_amount']],
    [usd('1', 'EUR'), ['no_rail']],
    [usd('9999999999'), ['insufficient_balance']],
    [usd('999999999999999999'), ['invalid_amount']],
  ] as const)
    assertProblem(await post('/v1/payouts', { seller: mine.seller, amount }), `payout of ${amount.value}`, codes);
  assert.equal(await seqOf(world), seq);
});

test('queries that make no sense are refused, and never ignored', async () => {
  await untouched(
    routes.filter(({ paged, badQueries }) => paged === true || badQueries !== undefined),
    async (route) => {
      const paging = [
        'limit=0',
        'limit=101',
        'limit=-1',
        'limit=1.5',
        'limit=x',
        'limit=',
        'limit=1&limit=2',
        'cursor=x',
      ];
      const cursors = [`cursor=${mine.order}`, `cursor=${'g'.repeat(32)}`, `cursor=${'0'.repeat(31)}`];
      const queries = [...(route.badQueries ?? []), ...(route.paged === true ? [...paging, ...cursors] : [])];
      for (const query of queries)
        assertProblem(await send(route, { query }), `${route.name}?${query}`, ['invalid_request', 'invalid_cursor']);
      return queries.length;
    },
  );
});

test('texts in queries that no database takes are refused', async () => {
  for (const path of [
    '/v1/sellers?q=',
    '/v1/buyers?q=',
    '/v1/orders?q=',
    '/v1/ledger/accounts?owner=',
    '/v1/ledger/accounts?name=',
  ]) {
    const answer = await exchange({
      method: 'GET',
      url: `${world.addresses.api}${path}%00`,
      bearer: world.operatorKey,
    });
    assertProblem(answer, path, ['invalid_request']);
  }
});

test('an instant that does not exist is refused, not left out of the filter', async () => {
  for (const query of ['from=2026-02-30T00:00:00Z', 'to=2026-13-01T00:00:00Z', 'from=2026-01-01T25:00:00Z']) {
    const answer = await exchange({
      method: 'GET',
      url: `${world.addresses.api}/v1/orders?${query}`,
      bearer: mine.secret,
    });
    assertProblem(answer, query, ['invalid_request']);
  }
});

test('query parameters that a route does not know are refused', async () => {
  const reads = routes.filter(({ method }) => method === 'GET');
  await untouched(reads, async (route) => {
    assertProblem(await send(route, { query: 'nonsense=1' }), `${route.name}?nonsense=1`, ['invalid_request']);
    return 1;
  });
});

test('a marketplace that does not exist, or is another’s, cannot be acted for', async () => {
  const seq = await seqOf(world);
  const bodies: readonly (readonly [string, object])[] = [
    ['/v1/sellers', cases['POST /v1/sellers']?.body as object],
    ['/v1/buyers', cases['POST /v1/buyers']?.body as object],
    ['/v1/orders', mine.terms()],
    ['/v1/payouts', { seller: mine.seller }],
    ['/v1/payout-runs', {}],
  ];
  const failures: string[] = [];
  for (const [path, body] of bodies) {
    for (const [bearer, marketplace] of [
      [world.operatorKey, `mkt_${'0'.repeat(32)}`],
      [mine.secret, other.id],
    ] as const) {
      const headers = { 'idempotency-key': randomUUID() };
      const text = JSON.stringify({ ...body, marketplace });
      const answer = await exchange({ method: 'POST', url: `${world.addresses.api}${path}`, bearer, headers, text });
      if (answer.status < 400)
        failures.push(`${path} for ${marketplace}: ${answer.status} ${answer.text.slice(0, 150)}`);
    }
  }
  assert.deepEqual(failures, []);
  assert.equal(await seqOf(world), seq);
});

test('addresses that are no addresses are problems too', async () => {
  for (const path of ['/v1/orders/%E0%A4%A', `/v1/orders/${'a'.repeat(300)}`, '/v1/%zz']) {
    const answer = await exchange({ method: 'GET', url: `${world.addresses.api}${path}`, bearer: mine.secret });
    assertProblem(answer, path);
  }
});

test('a route that moves money refuses to act without an Idempotency-Key', async () => {
  const money = routes.filter((route) => route.money === true);
  assert.equal(money.length, 19);
  await untouched(money, async (route) => {
    assertProblem(await send(route, { keyless: true }), route.name, ['missing_idempotency_key']);
    return 1;
  });
});

test('a malformed Idempotency-Key is refused wherever one is taken', async () => {
  const keys = ['', ' ', 'a b', '""', 'x'.repeat(256), '\u00fc', '"a"b c"'];
  await untouched(
    routes.filter((route) => route.money === true || route.keyed === true),
    async (route) => {
      for (const key of keys) {
        const codes = ['invalid_idempotency_key', 'missing_idempotency_key'];
        assertProblem(await send(route, { headers: { 'idempotency-key': key } }), `${route.name}, "${key}"`, codes);
      }
      return keys.length;
    },
  );
});

test('no such route and no such method', async () => {
  for (const [method, path] of [
    ['GET', '/v1'],
    ['GET', '/v1/nonsense'],
    ['PATCH', '/v1/orders'],
    ['DELETE', `/v1/orders/${mine.order}`],
    ['POST', `/v1/orders/${mine.order}`],
    ['PUT', '/v1/payouts'],
  ] as const) {
    const answer = await exchange({ method, url: `${world.addresses.api}${path}`, bearer: mine.secret });
    assertProblem(answer, `${method} ${path}`, ['not_found', 'method_not_allowed']);
  }
});
