/** What an admin does with acquirers and shops: adds them, rotates keys, registers shops and prints their codes; and who the hub is. */
import { hubUrl } from '../base/exchange-keys.ts';
import { bodyObject, json, problem, type Reply, type Request, type Route } from '../base/http-server.ts';
import type { Fields } from '../base/message-fields.ts';
import { registerHub } from '../base/register-hub.ts';
import type { Acquirer } from './acquirer.ts';
import { done, list, verb, withShop, wrong } from './admin-verbs.ts';
import { acquirerKey, rotateKey } from './keys.ts';
import { nationalCode } from './national-code.ts';
import { printStoreCode, registerEntryPage, registerShop } from './print-codes.ts';
import type { Shops } from './shops.ts';

export function acquirerVerbs(shops: Shops): readonly Route[] {
  const route = (method: string, what: string, handle: Route['handle']): Route => ({
    method,
    pattern: `/_sandbox/${what}`,
    handle,
  });
  return [
    route('GET', 'acquirers', () => showAcquirers(shops)),
    route('POST', 'acquirers', (request) => addAcquirer(shops, request)),
    verb(shops, 'acquirers/:acquirer/keys', makeKey),
    verb(shops, 'shops', addShops),
    list(shops, 'shops', (_, acquirer) => json(200, { shops: shops.list.shops(acquirer) })),
    route('POST', 'hub', (request) => registerHub(shops.store, request)),
    route('GET', 'hub', () => json(200, { url: hubUrl(shops.store) })),
    verb(shops, 'registrations', (_, acquirer, body) =>
      withShop(shops, acquirer, body, async (shop) =>
        done(await registerShop(shops, acquirer, shop), () => ({ registered: shop.merchantId })),
      ),
    ),
    verb(shops, 'printed-codes', (_, acquirer, body) =>
      withShop(shops, acquirer, body, async (shop) =>
        done(await printStoreCode(shops, acquirer, shop), (code) => ({ code })),
      ),
    ),
    verb(shops, 'entry-pages', (_, acquirer, body) =>
      withShop(shops, acquirer, body, async (shop) =>
        done(await registerEntryPage(shops, acquirer, shop), (url) => ({ url })),
      ),
    ),
    verb(shops, 'national-codes', printNational),
  ];
}

async function showAcquirers(shops: Shops): Promise<Reply> {
  const acquirers = await Promise.all(shops.list.all().map((each) => shownAcquirer(shops, each)));
  return json(200, { acquirers });
}

async function shownAcquirer({ list, store, settings }: Shops, acquirer: Acquirer) {
  const { version, publicKey } = await acquirerKey(store, acquirer.acquirerId);
  return {
    ...acquirer,
    countries: [acquirer.country],
    endpoint: `${settings.publicUrl}/alipayplus/acqp/${acquirer.slug}`,
    ...{ keyVersion: version, publicKey, shops: list.shops(acquirer).length },
  };
}

async function addAcquirer(shops: Shops, request: Request): Promise<Reply> {
  const added = shops.list.add(bodyObject(request));
  if (added.ok) return json(201, await shownAcquirer(shops, added.value));
  return problem(added.error.code === 'acquirer_exists' ? 409 : 422, added.error.code, added.error.detail);
}

async function makeKey({ store }: Shops, { acquirerId }: Acquirer): Promise<Reply> {
  const { version, publicKey } = await rotateKey(store, acquirerId);
  return json(201, { keyVersion: version, publicKey });
}

/** One shop, or many at once in `shops`. */
function addShops({ list }: Shops, acquirer: Acquirer, body: Fields): Reply {
  const many = body.shops;
  if (many !== undefined && !Array.isArray(many)) return wrong('shops must be a list');
  const added = list.addShops(acquirer, many === undefined ? [body] : many);
  if (!added.ok) return problem(added.error.code === 'shop_exists' ? 409 : 422, added.error.code, added.error.detail);
  return json(201, many === undefined ? { ...added.value[0] } : { added: added.value.length });
}

function printNational(shops: Shops, acquirer: Acquirer, body: Fields): Reply | Promise<Reply> {
  const [scheme] = acquirer.pushSchemes;
  if (scheme === undefined) return wrong(`${acquirer.name} serves no national scheme`);
  return withShop(shops, acquirer, body, (shop) => json(200, { code: nationalCode(acquirer, shop, scheme) }));
}
