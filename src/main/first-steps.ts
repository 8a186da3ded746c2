/**
 * What an installation has after its first start: an operator's key, and in the sandbox a marketplace to play with. And
 * what is said at every start: where everything listens, and with which key to look at it.
 */

import { findClient, registerClient } from '../ams/index.ts';
import type { App } from '../api/app.ts';
import { checkoutUrl } from '../api/rest/checkout-links.ts';
import type { Id } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { createCheckoutLink } from '../checkout/index.ts';
import { commandKey } from '../journal/index.ts';
import {
  createBuyer,
  createMarketplace,
  createSeller,
  ensureOperatorKey,
  findApiKey,
  listSellers,
} from '../parties/index.ts';
import { createOrder } from '../protection/index.ts';
import { loadMerchantKey, merchantKeyFile, publicKeyText } from './ams-keys.ts';
import type { Config } from './config.ts';
import type { Networks } from './networks.ts';
import { ensureSandboxAcquirers } from './sandbox-acquirers.ts';
import { ensureSandboxWallets } from './sandbox-wallets.ts';
import { type Secrets, saveSecrets } from './secrets.ts';

export interface Welcome {
  readonly lines: readonly string[];
  readonly operatorKey: string;
  readonly marketplaceKey: string | null;
}

export interface FirstSteps {
  readonly app: App;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly addresses: {
    readonly api: string;
    readonly vault: string;
    readonly networks: Networks;
    readonly amsTls: string | null;
  };
}

export async function firstSteps(input: FirstSteps): Promise<Welcome> {
  const { app, config, secrets } = input;
  const command = commandKey('system', 'first operator key', 'ensure_operator_key', {});
  must(await ensureOperatorKey(app.parties, command, secrets.operatorKey));
  // Beside another process of the same installation the first key is that one's, and ours was never valid.
  const known = secrets.operatorKey !== '' && (await findApiKey(app.journal.db, secrets.operatorKey)) !== null;
  if (!known) return { lines: welcomeLines(input, null), operatorKey: '', marketplaceKey: null };
  const sandbox = app.sandbox ? await ensureSandboxMarketplace(app, config, secrets) : { key: null, order: null };
  if (sandbox.key !== null) await ensureSandboxClient(app, config, sandbox.key);
  const { shopsUrl } = input.addresses.networks;
  if (shopsUrl !== null) await ensureSandboxAcquirers(app, shopsUrl);
  const { walletsUrl } = input.addresses.networks;
  if (walletsUrl !== null) await ensureSandboxWallets(app, walletsUrl);
  return { lines: welcomeLines(input, sandbox), operatorKey: secrets.operatorKey, marketplaceKey: sandbox.key };
}

/** A marketplace to play with, and one order to follow: made at the first start of a sandbox. */
async function ensureSandboxMarketplace(app: App, config: Config, secrets: Secrets): Promise<Sandbox> {
  if (secrets.marketplaceKey !== null) return { key: secrets.marketplaceKey, order: null };
  const command = commandKey('system', 'sandbox marketplace', 'create_marketplace', {});
  const created = must(
    await createMarketplace(app.parties, command, {
      name: 'Sandbox Marketplace',
      feePlan: { percentBps: 200 },
      payoutSchedule: 'daily',
    }),
  );
  // Killed between the commit and this line, the key's secret is lost; the operator's key can make another.
  if (created.kind === 'repeated') return { key: null, order: null };
  const { marketplace, apiKey } = created.value;
  saveSecrets(config.dataDir, { ...secrets, marketplaceKey: apiKey.secret });
  return { key: apiKey.secret, order: await sampleOrder(app, marketplace.id) };
}

/** As the documentation's samples look: the prefix makes client libraries take the sandbox paths. */
const SANDBOX_CLIENT = 'SANDBOX_5Y00000000000001';

/** A client of the AMS gateway, ready for a client library to be pointed at: its private key is a file in DATA_DIR. */
async function ensureSandboxClient(
  { ams, journal, clock }: App,
  config: Config,
  marketplaceKey: string,
): Promise<void> {
  if ((await findClient(journal.db, SANDBOX_CLIENT)) !== null) return;
  const marketplace = (await findApiKey(journal.db, marketplaceKey))?.marketplace;
  if (!marketplace || ams.key === null) return;
  const [seller] = await listSellers(journal.db, marketplace, '', { limit: 1, before: null });
  await registerClient({ journal, clock }, commandKey('system', 'sandbox ams client', 'register_ams_client', {}), {
    clientId: SANDBOX_CLIENT,
    marketplace,
    publicKey: publicKeyText(loadMerchantKey(config.dataDir)),
    defaults: { seller: seller?.id ?? null },
  });
}

interface Sandbox {
  readonly key: string | null;
  /** Set at the first start only. */
  readonly order: Sample | null;
}

interface Sample {
  readonly id: Id<'ord'>;
  /** Where its buyer pays the deposit. */
  readonly checkout: string | null;
}

/** The order of the main story, waiting for its deposit. */
async function sampleOrder(app: App, marketplace: Id<'mkt'>): Promise<Sample | null> {
  const key = (what: string) => commandKey('system', `sandbox ${what}`, what, {});
  const supplier = 'Shenzhen Bright Audio Co';
  const seller = await createSeller(app.parties, key('seller'), {
    marketplace,
    name: supplier,
    country: 'CN',
    email: 'accounts@supplier.example',
    categoryCode: '5732',
    bankAccount: {
      country: 'US',
      routingNumber: '121042882',
      accountNumber: '4401778812',
      accountType: 'checking',
      holderName: supplier,
    },
  });
  const person = { marketplace, name: 'Lakeshore Outfitters', country: 'US', email: 'orders@buyer.example' };
  const buyer = await createBuyer(app.parties, key('buyer'), person);
  if (!seller.ok || !buyer.ok || seller.value.kind === 'repeated' || buyer.value.kind === 'repeated') return null;
  const usd = (cents: bigint) => money(cents, 'USD');
  const order = await createOrder(app.orders, key('order'), {
    marketplace,
    seller: seller.value.value.id,
    buyer: buyer.value.value.id,
    reference: 'PO-2026-0417',
    description: 'Portable speakers, 2,000 pieces',
    total: usd(1_200_000n),
    instalments: [
      { amount: usd(360_000n), due: 'now' },
      { amount: usd(840_000n), due: 'before_shipment' },
    ],
    shipBy: { daysAfterFirstPayment: 30 },
    policy: 'standard',
  });
  if (!order.ok || order.value.kind === 'repeated') return null;
  const { id } = order.value.value;
  const link = await createCheckoutLink(app.checkout, key('checkout link'), { marketplace, order: id });
  return { id, checkout: link.ok && link.value.kind === 'committed' ? checkoutUrl(app, link.value.value) : null };
}

function welcomeLines({ app, config, addresses, secrets }: FirstSteps, sandbox: Sandbox | null): readonly string[] {
  const { api, vault, networks, amsTls } = addresses;
  const lines = [
    `Causeway ${app.version}`,
    `  console    ${api}/console/`,
    `  REST API   ${api}/v1      reference ${api}/docs`,
    `  card vault ${vault}`,
  ];
  if (sandbox === null) return lines;
  if (!app.sandbox) return [...lines, ...shownOnce(config, secrets)];
  const key = sandbox.key === null ? [] : [`  marketplace's key  ${sandbox.key}   (Sandbox Marketplace)`];
  const order =
    sandbox.order === null
      ? []
      : [
          `  an order to follow ${api}/console/orders/${sandbox.order.id}`,
          ...(sandbox.order.checkout === null ? [] : [`  pay as its buyer   ${sandbox.order.checkout}`]),
          '  test card          4112 3441 1234 4113, any date ahead, code 111',
        ];
  const fx = networks.fx === null ? '' : `  rates ${networks.fx.baseUrl}`;
  return [
    ...lines,
    `  sandbox    clock ${networks.clockUrl}  acquirer ${networks.acquirers.map(({ url }) => url).join(' and ')}  bank ${networks.bank.baseUrl}${fx}`,
    ...(networks.walletsUrl === null ? [] : [`  phones     ${networks.walletsUrl}/phone`]),
    ...(networks.shopsUrl === null ? [] : [`  shops      ${networks.shopsUrl}/`]),
    `  operator's key     ${secrets.operatorKey}`,
    ...key,
    ...order,
    `  AMS gateway        ${amsTls ?? api}   (and ${api}), client ${SANDBOX_CLIENT}`,
    `                     its private key is in ${merchantKeyFile(config.dataDir)}, the gateway's public key in GET ${api}/v1/ams-gateway`,
  ];
}

/** In production the operator's first key is printed once and then kept nowhere but as a hash. */
function shownOnce(config: Config, secrets: Secrets): readonly string[] {
  if (secrets.operatorKey === '') return [];
  saveSecrets(config.dataDir, { ...secrets, operatorKey: '' });
  return [`  operator's key, shown this once: ${secrets.operatorKey}`];
}
