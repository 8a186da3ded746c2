/** Calling every route of the OpenAPI document, each as its rightful caller would but for one thing. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { World } from '../../stories/world.ts';
import type { Schema } from './mutations.ts';
import { type Exchange, exchange, type RawRequest } from './problem.ts';
import { pathOf, type RouteCase } from './route-cases.ts';
import { seqOf } from './scene.ts';

export interface Route extends RouteCase {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly bodySchema: Schema | undefined;
}

export interface Sent {
  readonly id?: string | undefined;
  readonly body?: unknown;
  readonly text?: RawRequest['text'];
  readonly bearer?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  /** No Idempotency-Key although the route takes one. */
  readonly keyless?: boolean;
}

interface Operation {
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

/** Method and path of every operation that the installation describes, with its case when it has one. */
export async function describedRoutes(
  world: World,
  cases: Readonly<Record<string, RouteCase>>,
): Promise<{ readonly described: readonly string[]; readonly routes: readonly Route[] }> {
  const { paths } = await world.operator.get<{ paths: Record<string, Record<string, Operation>> }>('/openapi.json');
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, operation]) => ({ path, method: verb.toUpperCase(), operation })),
  );
  const routes = operations.flatMap(({ path, method, operation }) => {
    const known = cases[`${method} ${path}`];
    const bodySchema = operation.requestBody?.content['application/json'].schema;
    return known === undefined ? [] : [{ ...known, name: `${method} ${path}`, method, path, bodySchema }];
  });
  return { described: operations.map(({ method, path }) => `${method} ${path}`), routes };
}

/** The route as its rightful caller would call it, but for what `sent` says. */
export function call(world: World, marketplaceKey: string, route: Route, sent: Sent = {}): Promise<Exchange> {
  const { id = route.own ?? '', body = route.body, query = route.query ?? '', headers = {}, keyless = false } = sent;
  const text = 'text' in sent ? sent.text : body === undefined ? undefined : JSON.stringify(body);
  const keyed = (route.money === true || route.keyed === true) && !keyless;
  return exchange({
    method: route.method,
    url: `${world.addresses.api}${pathOf(route.path, { ...route, own: id })}${query === '' ? '' : `?${query}`}`,
    bearer: 'bearer' in sent ? sent.bearer : route.scope === 'operator' ? world.operatorKey : marketplaceKey,
    headers: { ...(keyed ? { 'idempotency-key': randomUUID() } : {}), ...headers },
    text,
  });
}

/** Runs `work` for each route (it says how much it tried) and asserts that none of it left a trace in the journal. */
export async function unmoved(
  world: World,
  chosen: readonly Route[],
  work: (route: Route) => Promise<number>,
): Promise<void> {
  assert.ok(chosen.length > 0, 'no route is concerned');
  for (const route of chosen) {
    const seq = await seqOf(world);
    assert.ok((await work(route)) > 0, `${route.name}: nothing was tried`);
    assert.equal(await seqOf(world), seq, `${route.name}: the journal moved`);
  }
}
