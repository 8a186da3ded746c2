/** The hosted fields' addresses, for browsers. Whatever the query says is checked before a page is made of it. */
import type { FastifyInstance } from 'fastify';
import { parseId } from '../base/ids.ts';
import { randomSecret } from '../base/random.ts';
import { brandFacts, brandRules } from './brands.ts';
import { cvvPage } from './cvv-page.ts';
import { fieldsPage } from './fields-page.ts';
import type { PageFrame } from './hosted-page.ts';
import { type FieldError, sendProblem } from './problems.ts';
import { readAgreement } from './shape.ts';
import { storedCard } from './stored-cards.ts';
import type { TokenizeDeps } from './tokenize.ts';

export interface FieldsDeps extends Pick<TokenizeDeps, 'store' | 'brands'> {
  readonly frameAncestors: readonly string[];
}

interface Query {
  readonly Querystring: Readonly<Record<string, unknown>>;
}

export function routeFields(app: FastifyInstance, deps: FieldsDeps): void {
  const brands = brandRules(deps.brands);

  app.get<Query>('/fields', async ({ query }, reply) => {
    const marketplace = parseId('mkt', query.marketplace);
    const errors: FieldError[] = [];
    const asked = query.buyer !== undefined || query.agreement !== undefined;
    const storing = asked ? readAgreement({ buyer: query.buyer, agreement: query.agreement }, errors) : null;
    if (marketplace === null || errors.length > 0) return sendProblem(reply, 'invalid_request', errors);
    const frame = frameFor(deps, query.parent);
    if (frame === null) return sendProblem(reply, 'parent_not_allowed');
    const button = query.button === 'parent' ? 'parent' : 'own';
    const page = fieldsPage({ ...frame, marketplace, storing, brands, button });
    return reply.headers(page.headers).send(page.html);
  });

  app.get<Query>('/fields/cvv', async ({ query }, reply) => {
    const frame = frameFor(deps, query.parent);
    if (frame === null) return sendProblem(reply, 'parent_not_allowed');
    const card = await storedCard(deps, query.token);
    if (card === null) return sendProblem(reply, 'unknown_token');
    const page = cvvPage({ ...frame, token: card.token, codeSize: brandFacts(card.brand)?.codeSize ?? 3 });
    return reply.headers(page.headers).send(page.html);
  });
}

function frameFor({ frameAncestors }: FieldsDeps, asked: unknown): PageFrame | null {
  const parent = frameAncestors.find((origin) => origin === asked);
  return parent === undefined ? null : { parent, frameAncestors, nonce: randomSecret(16) };
}
