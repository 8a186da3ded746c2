/**
 * Where the networks are. With `CLOCK=sandbox` the sandbox's clock, bank, acquirer, home wallets, shops abroad and exchange rates are started as
 * processes of their own and the connectors are pointed at them; otherwise every address and credential comes from the settings.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Currency } from '../base/currency.ts';
import { Fault } from '../base/fault.ts';
import type { NetworkAccount } from '../parties/index.ts';
import { publicKeyText } from './ams-keys.ts';
import { type Child, startChild } from './children.ts';
import type { Config } from './config.ts';
import type { Secrets } from './secrets.ts';

export interface Networks {
  readonly clockUrl: string | null;
  /** The operator's accounts with card acquirers, the preferred first. */
  readonly acquirers: readonly [AcquirerAccess, ...AcquirerAccess[]];
  readonly bank: {
    readonly baseUrl: string;
    readonly token: string;
    readonly account: string;
    readonly routing: string;
  };
  /** The sandbox's home wallets; null without the sandbox. */
  readonly walletsUrl: string | null;
  /** The sandbox's acquirers abroad with their shops; null without the sandbox. */
  readonly shopsUrl: string | null;
  /** Null where rates come from nowhere. */
  readonly fx: { readonly baseUrl: string; readonly token: string | null } | null;
  readonly children: readonly Child[];
}

/** One account with J.P. Morgan Online Payments. */
export interface AcquirerAccess {
  readonly url: string;
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly reportsUrl: string;
  readonly merchantId: string;
  readonly funding: NetworkAccount['funding'];
  readonly clientId: string;
  readonly privateKey: string;
}

const SANDBOX = join(import.meta.dirname, '../../sandbox');
const MERCHANT_ID = '998482157630';
/** Unlike the first: its fees are billed apart. */
const SECOND_ACCOUNT = { merchantId: '998482157631', funding: 'gross' } as const;
const CLIENT_ID = 'causeway-sandbox';
/** The operator's account at the sandbox bank. */
const ACCOUNT = { account: '000123456789', routing: '021000021' };

export interface StartNetworks {
  readonly config: Config;
  readonly secrets: Secrets;
  /** Where this program is reached from this machine. */
  readonly ownUrl: string;
  /** What the hub signs with; null where it does not sign. */
  readonly gatewayKey: KeyObject | null;
  readonly log: (line: string) => void;
}

export async function startNetworks(input: StartNetworks): Promise<Networks> {
  return input.config.clock.kind === 'sandbox' ? startSandbox(input) : configuredNetworks(input.config);
}

async function startSandbox({ config, secrets, ownUrl, gatewayKey, log }: StartNetworks): Promise<Networks> {
  const logsDir = join(config.dataDir, 'logs');
  const start = (name: string, port: number, env: Record<string, string>, folder = name): Promise<Child> =>
    startChild({
      name,
      script: join(SANDBOX, folder, 'main.ts'),
      logsDir,
      log,
      restart: true,
      nodeArgs: ['--disable-warning=ExperimentalWarning'],
      env: { PORT: String(port), DATA_FILE: join(config.dataDir, 'sandbox', `${name}.sqlite`), ...env },
    });
  const clock = await start('clock', config.sandboxClockPort, {});
  const clockUrl = local(clock.port);
  const hub = {
    CLOCK_URL: clockUrl,
    HUB_URL: ownUrl,
    ...(gatewayKey === null ? {} : { HUB_PUBLIC_KEY: publicKeyText(gatewayKey) }),
  };
  const [bank, fx, wallets, shops] = await Promise.all([
    start('bank', config.sandboxBankPort, {
      CLOCK_URL: clockUrl,
      BANK_TOKEN: secrets.bankToken,
      OPERATOR_ACCOUNT: ACCOUNT.account,
    }),
    start('fx', config.sandboxFxPort, { CLOCK_URL: clockUrl }),
    start('wallets', config.sandboxWalletsPort, hub),
    start('shops', config.sandboxShopsPort, hub),
  ]);
  const startAcquirer = async (name: string, port: number, account: SandboxAccount) => {
    const { merchantId, funding, settlementCurrency = '' } = account;
    const env = {
      SETTLEMENT_CURRENCY: settlementCurrency,
      CLOCK_URL: clockUrl,
      BANK_URL: local(bank.port),
      MERCHANT_ID: merchantId,
      NETWORK_NAME: name,
      NOTIFY_URL: `${ownUrl}/v1/inbound/acquirer/${merchantId}`,
      NOTIFY_TOKEN: secrets.callbackToken,
      SETTLEMENT_ACCOUNT: ACCOUNT.account,
    };
    const child = await start(name, port, env, 'acquirer');
    const url = local(child.port);
    await tellAcquirer(url, 'account', { funding });
    return { child, access: await sandboxAccess(url, account, secrets) };
  };
  const first = await startAcquirer('acquirer', config.sandboxAcquirerPort, {
    merchantId: MERCHANT_ID,
    funding: config.sandboxAcquirerFunding,
    settlementCurrency: config.sandboxSettlementCurrency ?? undefined,
  });
  const second =
    config.sandboxSecondAcquirerPort === null
      ? []
      : [await startAcquirer('acquirer-2', config.sandboxSecondAcquirerPort, SECOND_ACCOUNT)];
  return {
    clockUrl,
    acquirers: [first.access, ...second.map(({ access }) => access)],
    bank: { baseUrl: local(bank.port), token: secrets.bankToken, ...ACCOUNT },
    walletsUrl: local(wallets.port),
    shopsUrl: local(shops.port),
    fx: { baseUrl: local(fx.port), token: null },
    children: [shops, wallets, ...second.map(({ child }) => child), first.child, fx, bank, clock],
  };
}

interface SandboxAccount extends Pick<AcquirerAccess, 'merchantId' | 'funding'> {
  readonly settlementCurrency?: Currency | undefined;
}

async function sandboxAccess(
  url: string,
  { merchantId, funding }: SandboxAccount,
  { acquirerKey }: Secrets,
): Promise<AcquirerAccess> {
  await registerClient(url, acquirerKey);
  return {
    url,
    baseUrl: `${url}/api/v2`,
    tokenUrl: `${url}/oauth2/token`,
    reportsUrl: `${url}/reports`,
    merchantId,
    funding,
    clientId: CLIENT_ID,
    privateKey: acquirerKey,
  };
}

const local = (port: number): string => `http://127.0.0.1:${port}`;

async function registerClient(acquirerUrl: string, pem: string): Promise<void> {
  const publicJwk = createPublicKey(pem).export({ format: 'jwk' });
  await tellAcquirer(acquirerUrl, 'clients', { clientId: CLIENT_ID, publicJwk });
}

async function tellAcquirer(url: string, verb: string, body: object): Promise<void> {
  const response = await fetch(`${url}/_sandbox/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Fault('sandbox', `the sandbox acquirer refused our ${verb}: ${response.status}`, { retryable: true });
}

/** Everything must be set: a platform that half knows its networks must not start. */
function configuredNetworks(config: Config): Networks {
  const required = {
    JPM_BASE_URL: config.jpmBaseUrl,
    JPM_TOKEN_URL: config.jpmTokenUrl,
    JPM_REPORTS_URL: config.jpmReportsUrl,
    JPM_MERCHANT_ID: config.jpmMerchantId,
    JPM_CLIENT_ID: config.jpmClientId,
    JPM_PRIVATE_KEY_FILE: config.jpmPrivateKeyFile,
    BANK_BASE_URL: config.bankBaseUrl,
    BANK_TOKEN: config.bankToken,
    BANK_ACCOUNT: config.bankAccount,
    BANK_ROUTING: config.bankRouting,
  };
  const missing = Object.entries(required)
    .filter(([, value]) => value === null)
    .map(([name]) => name);
  if (missing.length > 0)
    throw new Fault('missing_settings', `without the sandbox these must be set: ${missing.join(', ')}`, {
      retryable: false,
    });
  const of = (name: keyof typeof required): string => required[name] as string;
  const [first, ...others] = config.jpmMerchantId as NonNullable<Config['jpmMerchantId']>;
  const privateKey = readFileSync(of('JPM_PRIVATE_KEY_FILE'), 'utf8');
  const account = ({ merchantId, funding }: typeof first): AcquirerAccess => ({
    url: of('JPM_BASE_URL'),
    baseUrl: of('JPM_BASE_URL'),
    tokenUrl: of('JPM_TOKEN_URL'),
    reportsUrl: of('JPM_REPORTS_URL'),
    merchantId,
    funding,
    clientId: of('JPM_CLIENT_ID'),
    privateKey,
  });
  return {
    clockUrl: config.clock.kind === 'service' ? config.clock.url : null,
    acquirers: [account(first), ...others.map(account)],
    bank: {
      baseUrl: of('BANK_BASE_URL'),
      token: of('BANK_TOKEN'),
      account: of('BANK_ACCOUNT'),
      routing: of('BANK_ROUTING'),
    },
    walletsUrl: null,
    shopsUrl: null,
    fx: config.fxSourceUrl === null ? null : { baseUrl: config.fxSourceUrl, token: config.fxSourceToken },
    children: [],
  };
}
