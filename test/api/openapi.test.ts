/**
 * The OpenAPI document as a client generator would read it, the console's session, and what answers must never carry.
 * Structural checks after the OpenAPI Specification 3.1.0 (§4.8) and JSON Schema 2020-12.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createClient } from '../../stories/client.ts';
import { CARDS } from '../../stories/story.ts';
import { startWorld, type World } from '../../stories/world.ts';
import { assertProblem, type Exchange, exchange } from './problem.ts';
import { pathOf, routeCases } from './route-cases.ts';
import { ACCOUNT_NUMBER, createMarket, createThings, type Market, seqOf, settle, type Things } from './scene.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: object;
}

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: object }>> };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: object }>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly components: { readonly securitySchemes: Readonly<Record<string, { readonly type: string }>> };
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let world: World;
let market: Market & Things;
let document: Document;
let operations: readonly (Operation & { readonly name: string; readonly path: string; readonly method: string })[];

before(async () => {
  world = await startWorld();
  const made = await createMarket(world, 'Open');
  market = { ...made, ...(await createThings(world, made)) };
  document = await createClient(world.addresses.api).get<Document>('/openapi.json');
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method,
      name: `${method.toUpperCase()} ${path}`,
    })),
  );
});

after(() => world.end());

test('the document is OpenAPI 3.1 with info, security and paths', () => {
  assert.match(document.openapi, /^3\.1\.\d+$/);
  assert.ok(document.info.title.length > 0 && /^\d+\.\d+\.\d+/.test(document.info.version));
  for (const requirement of document.security)
    for (const scheme of Object.keys(requirement)) assert.ok(scheme in document.components.securitySchemes, scheme);
  assert.ok(operations.length > 40);
  for (const { path, method } of operations) {
    assert.match(path, /^\/v1\/[a-z0-9{}/.-]+$/i);
    assert.ok(['get', 'put', 'post', 'delete', 'patch'].includes(method), method);
  }
});

test('every operation has a summary of its own, one tag, and answers for success and refusal', () => {
  const summaries = operations.map(({ summary = '' }) => summary);
  assert.equal(new Set(summaries).size, summaries.length, 'two operations have one summary');
  for (const { name, summary = '', tags = [], responses = {} } of operations) {
    assert.ok(summary.length >= 3 && !summary.endsWith('.'), `${name}: summary "${summary}"`);
    assert.equal(tags.length, 1, `${name}: tags`);
    const codes = Object.keys(responses);
    assert.ok(codes.some((code) => /^2\d\d$/.test(code)) && codes.includes('default'), `${name}: ${codes.join(', ')}`);
    for (const { description = '' } of Object.values(responses)) assert.ok(description.length > 0, name);
  }
});

test('path parameters are those of the path, required and with a schema; bodies only where a method has one', () => {
  for (const { name, path, method, parameters = [], requestBody } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = parameters.filter((parameter) => parameter.in === 'path');
    assert.deepEqual(
      declared.map((parameter) => parameter.name),
      inPath,
      name,
    );
    assert.ok(
      declared.every(({ required }) => required === true),
      name,
    );
    for (const parameter of parameters) assert.ok(parameter.schema !== undefined, `${name}: ${parameter.name}`);
    const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    assert.equal(new Set(keys).size, keys.length, `${name}: a parameter twice`);
    assert.equal(requestBody !== undefined, method !== 'get' && method !== 'delete', `${name}: body`);
    if (requestBody !== undefined) assert.ok(requestBody.content['application/json']?.schema !== undefined, name);
  }
});

test('every schema is one of JSON Schema 2020-12: known types, required fields that exist, patterns that compile', () => {
  const types = ['string', 'integer', 'number', 'object', 'array', 'boolean', 'null'];
  let seen = 0;
  const walk = (schema: unknown, where: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { type, properties, required, pattern, $ref, nullable } = schema as Record<string, unknown>;
    seen += 1;
    if (typeof type === 'string') assert.ok(types.includes(type), `${where}: type ${type}`);
    assert.equal(nullable, undefined, `${where}: nullable is of OpenAPI 3.0`);
    if (typeof pattern === 'string') assert.doesNotThrow(() => new RegExp(pattern, 'u'), where);
    if (typeof $ref === 'string') assert.ok(resolves($ref), `${where}: ${$ref}`);
    if (Array.isArray(required))
      for (const name of required)
        assert.ok(Object.hasOwn((properties ?? {}) as object, name as string), `${where}: ${name}`);
    for (const [name, each] of Object.entries((properties ?? {}) as object)) walk(each, `${where}/${name}`);
    const { items, anyOf, oneOf, allOf } = schema as Record<string, unknown>;
    for (const each of [items, ...[anyOf, oneOf, allOf].flat()]) walk(each, where);
  };
  for (const { name, parameters = [], requestBody, responses = {} } of operations) {
    for (const parameter of parameters) walk(parameter.schema, `${name} ${parameter.name}`);
    for (const { schema } of Object.values(requestBody?.content ?? {})) walk(schema, `${name} body`);
    for (const [code, { content = {} }] of Object.entries(responses))
      for (const { schema } of Object.values(content) as { schema?: object }[]) walk(schema, `${name} ${code}`);
  }
  assert.ok(seen > 300, `only ${seen} schemas`);
});

function resolves($ref: string): boolean {
  const found = $ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
  return $ref.startsWith('#/') && found !== undefined;
}

test('a refusal is described as application/problem+json', () => {
  for (const { name, responses = {} } of operations)
    assert.deepEqual(Object.keys(responses.default?.content ?? {}), ['application/problem+json'], name);
});

test('the Idempotency-Key is described as required where it is', () => {
  const cases = routeCases(market, market, '');
  for (const { name, parameters = [] } of operations) {
    const key = parameters.find((parameter) => parameter.name.toLowerCase() === 'idempotency-key');
    assert.equal(key?.required === true, cases[name]?.money === true, name);
  }
});

/** Everything that can be read, by the operator and by the marketplace, lists and single things, events and pages. */
async function readEverything(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const cases = routeCases(market, market, '');
  const gets = operations.filter(({ method }) => method === 'get');
  const read: { path: string; text: string }[] = [];
  for (const { name, path } of gets) {
    for (const bearer of [world.operatorKey, market.secret]) {
      const { query = '', ...known } = cases[name] ?? {};
      const url = `${world.addresses.api}${pathOf(path, known)}${query === '' ? '' : `?${query}`}`;
      const answer = await exchange({
        method: 'GET',
        url: name.endsWith('/events') ? `${url}?limit=1000` : url,
        bearer,
      });
      // What only a network can bring does not exist in this world; that is read in src/api/rest/disputes.test.ts.
      const absent = url.includes('0'.repeat(32)) && answer.status === 404;
      assert.ok(answer.status === 200 || answer.status === 403 || absent, `${name}: ${answer.status} ${answer.text}`);
      read.push({ path: name, text: answer.text });
    }
  }
  return read;
}

test('no answer carries a full bank account number, a card number, a secret or its hash', async () => {
  await market.api.put(`/v1/sellers/${market.seller}/bank-account`, {
    country: 'US',
    routingNumber: '121042882',
    accountNumber: '998877665544',
    accountType: 'savings',
    holderName: 'Somebody',
  });
  const read = await readEverything();
  assert.ok(read.length > 40);
  const forbidden = [
    ACCOUNT_NUMBER,
    '998877665544',
    CARDS.visa,
    market.secret,
    world.operatorKey,
    'secretHash',
    'BEGIN ',
  ];
  for (const { path, text } of read)
    for (const word of forbidden) assert.ok(!text.includes(word), `${path} has ${word.slice(0, 6)}…`);
  const masked = read.filter(({ text }) => text.includes('•••5544')).length;
  assert.ok(masked > 0, 'the masked number is not shown anywhere: nothing was looked at');
});

test('no answer has digits that could be a card number', async () => {
  for (const { path, text } of await readEverything())
    for (const [digits] of text.matchAll(/(?<![\w.-])\d{13,19}(?![\w.-])/g))
      assert.ok(!passesLuhn(digits) || !/^[3-6]/.test(digits), `${path} has ${digits.slice(0, 6)}…`);
});

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

const session = (
  method: string,
  cookie: string | null,
  options: { headers?: Record<string, string>; body?: object } = {},
) =>
  exchange({
    method,
    url: `${world.addresses.api}/console/session`,
    headers: { ...(cookie === null ? {} : { cookie }), ...options.headers },
    ...(options.body === undefined ? {} : { text: JSON.stringify(options.body) }),
  });

/** What only the console's own pages can send. */
const FROM_CONSOLE = { 'x-causeway-console': '1' };

const signIn = async (key: string): Promise<{ answer: Exchange; setCookie: string; cookie: string }> => {
  const answer = await session('POST', null, { body: { key }, headers: FROM_CONSOLE });
  const setCookie = answer.headers.get('set-cookie') ?? '';
  return { answer, setCookie, cookie: setCookie.split(';')[0] ?? '' };
};

test('signing in sets a cookie that scripts and other sites cannot use, and that is not the key', async () => {
  const { answer, setCookie } = await signIn(market.secret);
  assert.equal(answer.status, 204);
  const [pair = '', ...attributes] = setCookie.split('; ');
  assert.match(pair, /^causeway_session=[\w-]{40,}$/);
  assert.ok(attributes.includes('HttpOnly') && attributes.includes('SameSite=Strict'), setCookie);
  assert.ok(attributes.includes('Path=/') && attributes.some((each) => /^Max-Age=\d+$/.test(each)), setCookie);
  assert.ok(!setCookie.includes(market.secret), 'the key is in the cookie');
  assertProblem(await session('POST', null, { body: { key: 'sk_wrong' }, headers: FROM_CONSOLE }), 'a wrong key', [
    'unauthenticated',
  ]);
  assertProblem(await session('POST', null, { body: {}, headers: FROM_CONSOLE }), 'no key', ['invalid_request']);
});

test('the session says whose it is, and nobody’s is 401', async () => {
  const { cookie } = await signIn(market.secret);
  const own = JSON.parse((await session('GET', cookie)).text) as { role: string; marketplace: { id: string } };
  assert.deepEqual([own.role, own.marketplace.id], ['marketplace', market.id]);
  const operator = await signIn(world.operatorKey);
  assert.equal((JSON.parse((await session('GET', operator.cookie)).text) as { role: string }).role, 'operator');
  assertProblem(await session('GET', null), 'no cookie', ['unauthenticated']);
  assertProblem(await session('GET', 'causeway_session=x'), 'a made-up cookie', ['unauthenticated']);
});

test('by cookie alone one may read but not change; with the console’s header one may change', async () => {
  await settle(world);
  const { cookie } = await signIn(market.secret);
  const url = `${world.addresses.api}/v1/buyers`;
  assert.equal((await exchange({ method: 'GET', url, headers: { cookie } })).status, 200);
  const seq = await seqOf(world);
  const cases = routeCases(market, market, `tok_${'0'.repeat(32)}`);
  for (const { name, method, path } of operations.filter((each) => each.method !== 'get')) {
    const known = cases[name];
    const where = `${world.addresses.api}${path.replace('{id}', known?.own ?? '')}`;
    const text = JSON.stringify(known?.body ?? {});
    const answer = await exchange({
      method: method.toUpperCase(),
      url: where,
      headers: { cookie, 'idempotency-key': 'k' },
      text,
    });
    assertProblem(answer, `${name} by cookie`, ['unauthenticated']);
  }
  assert.equal(await seqOf(world), seq);
  const text = JSON.stringify({ name: 'By console', country: 'US', email: 'a@party.example' });
  const headers = { cookie, 'x-causeway-console': '1' };
  assert.equal((await exchange({ method: 'POST', url, headers, text })).status, 201);
});

test('signing out ends the session', async () => {
  const { cookie } = await signIn(market.secret);
  const out = await session('DELETE', cookie, { headers: FROM_CONSOLE });
  assert.equal(out.status, 204);
  assertProblem(await session('GET', cookie), 'after signing out', ['unauthenticated']);
});

test('signing in and out need the console’s header, which another site cannot send', async () => {
  const { cookie } = await signIn(market.secret);
  const body = { key: market.secret };
  assertProblem(await session('POST', null, { body }), 'signing in without the header', ['unauthenticated']);
  assertProblem(await session('DELETE', cookie), 'signing out without the header', ['unauthenticated']);
});

test('a page of a problem code that does not exist is not found', async () => {
  for (const code of ['nonsense', 'constructor'])
    assert.equal((await exchange({ method: 'GET', url: `${world.addresses.api}/problems/${code}` })).status, 404);
});

test('notifications are taken from the acquirer only', async () => {
  const url = `${world.addresses.api}/v1/inbound/acquirer/998482157630`;
  for (const bearer of [undefined, 'x', world.operatorKey, market.secret])
    assertProblem(await exchange({ method: 'POST', url, bearer, text: '{}' }), `inbound with ${bearer}`, [
      'unauthenticated',
    ]);
});

test('answers may not be sniffed, and pages may not be framed', async () => {
  const system = await exchange({ method: 'GET', url: `${world.addresses.api}/v1/system`, bearer: market.secret });
  assert.equal(system.headers.get('x-content-type-options'), 'nosniff');
  const page = await exchange({ method: 'GET', url: `${world.addresses.api}/console/` });
  if (page.status === 200) assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
});
