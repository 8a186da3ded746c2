/**
 * The one home of process.env: settings are read once, from one table. The table gives the parser its defaults, the
 * type its fields and docs/generated/settings.md its lines. An empty variable counts as not set. Wrong settings are
 * collected and reported together, so that an operator corrects them in one go; values of secrets are never shown.
 */
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { type Currency, isCurrency } from '../base/currency.ts';

/** Where business time comes from: the sandbox's own movable clock, the machine's, or a clock spoken to over HTTP. */
export type ClockSetting =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'system' }
  | { readonly kind: 'service'; readonly url: string };

const TABLE = {
  port: setting(
    'PORT',
    '4000',
    'TCP port',
    'REST API and pages; a worker answers only /health here; 0 picks a free port',
    parsePort,
  ),
  vaultPort: setting(
    'VAULT_PORT',
    '4001',
    'TCP port',
    'card vault, an origin of its own; 0 picks a free port',
    parsePort,
  ),
  dataDir: setting('DATA_DIR', './data', 'folder', 'everything this installation keeps on disk', parseFolder),
  databaseUrl: optional('DATABASE_URL', 'URL', 'PostgreSQL ≥ 15 to use instead of the embedded one', parseDatabaseUrl),
  clock: setting(
    'CLOCK',
    'sandbox',
    'name or URL',
    'business time: sandbox, system (production) or a clock service',
    parseClock,
  ),
  sandboxClockPort: setting('SANDBOX_CLOCK_PORT', '4100', 'TCP port', 'sandbox clock; 0 picks a free port', parsePort),
  sandboxAcquirerPort: setting(
    'SANDBOX_ACQUIRER_PORT',
    '4101',
    'TCP port',
    'sandbox acquirer; 0 picks a free port',
    parsePort,
  ),
  sandboxSecondAcquirerPort: optional(
    'SANDBOX_SECOND_ACQUIRER_PORT',
    'TCP port',
    'a second sandbox acquirer, so that payments can be routed; none without it; 0 picks a free port',
    parsePort,
  ),
  sandboxAcquirerFunding: setting(
    'SANDBOX_ACQUIRER_FUNDING',
    'net',
    'name',
    'how the first sandbox acquirer pays: net of its fees, or gross with fees debited in the next month, as the second one does',
    parseFunding,
  ),
  sandboxSettlementCurrency: optional(
    'SANDBOX_SETTLEMENT_CURRENCY',
    'currency',
    'the first sandbox acquirer settles everything in this currency; without it, each payment in its own',
    parseCurrency,
  ),
  sandboxBankPort: setting('SANDBOX_BANK_PORT', '4102', 'TCP port', 'sandbox bank; 0 picks a free port', parsePort),
  sandboxWalletsPort: setting(
    'SANDBOX_WALLETS_PORT',
    '4103',
    'TCP port',
    'sandbox home wallets; 0 picks a free port',
    parsePort,
  ),
  sandboxShopsPort: setting(
    'SANDBOX_SHOPS_PORT',
    '4105',
    'TCP port',
    'sandbox acquirers abroad with their shops; 0 picks a free port',
    parsePort,
  ),
  sandboxFxPort: setting(
    'SANDBOX_FX_PORT',
    '4104',
    'TCP port',
    'sandbox source of exchange rates; 0 picks a free port',
    parsePort,
  ),
  role: setting('ROLE', 'all', 'name', 'what this process does: all, api or worker', parseRole),
  logLevel: setting('LOG_LEVEL', 'info', 'name', 'trace, debug, info, warn, error, fatal or silent', parseLogLevel),
  acquirerTimeoutMs: setting(
    'ACQUIRER_TIMEOUT_MS',
    '70000',
    'ms',
    'longest wait for an acquirer’s answer; not below its own deadline (J.P. Morgan: 70 s), for soon after it "not found" is final',
    parsePositive,
  ),
  bankTimeoutMs: setting('BANK_TIMEOUT_MS', '30000', 'ms', 'longest wait for a bank’s answer', parsePositive),
  operationUnknownAgeMinutes: setting(
    'OPERATION_UNKNOWN_AGE_MINUTES',
    '60',
    'minutes',
    'age from which an operation without a known outcome is shown as a problem',
    parsePositive,
  ),
  requestLimit: setting(
    'MAX_REQUESTS_IN_FLIGHT',
    '5000',
    'requests',
    'requests that one process answers at the same time; the next one is told to come back',
    parsePositive,
  ),
  jobConcurrency: setting(
    'JOB_CONCURRENCY',
    '64',
    'jobs',
    'jobs that one process works on at the same time',
    parsePositive,
  ),
  jpmBaseUrl: optional('JPM_BASE_URL', 'URL', 'J.P. Morgan Online Payments: API', parseHttpUrl),
  jpmTokenUrl: optional('JPM_TOKEN_URL', 'URL', 'J.P. Morgan Online Payments: OAuth token endpoint', parseHttpUrl),
  jpmReportsUrl: optional('JPM_REPORTS_URL', 'URL', 'J.P. Morgan Online Payments: settlement reports', parseHttpUrl),
  jpmMerchantId: optional(
    'JPM_MERCHANT_ID',
    'list',
    'J.P. Morgan Online Payments: merchant ids separated by commas, the preferred first; `:gross` after one whose fees are billed apart',
    parseMerchantIds,
  ),
  jpmClientId: optional('JPM_CLIENT_ID', 'text', 'J.P. Morgan Online Payments: OAuth client id', parseText),
  jpmPrivateKeyFile: optional(
    'JPM_PRIVATE_KEY_FILE',
    'file',
    'PEM private key that signs the client assertion',
    parseFile,
  ),
  acquirerCallbackToken: optional(
    'ACQUIRER_CALLBACK_TOKEN',
    'secret',
    'bearer token of the acquirer’s notifications',
    parseText,
  ),
  vaultUrl: optional(
    'VAULT_URL',
    'URL',
    'a card vault that runs already; without it this process starts one of its own',
    parseHttpUrl,
  ),
  vaultSecret: optional('VAULT_SECRET', 'secret', 'bearer secret of that vault', parseText),
  vaultBrands: optional('VAULT_BRANDS', 'text', 'card brands the own vault takes, separated by commas', parseText),
  vaultKmsUrl: optional('VAULT_KMS_URL', 'URL', 'key service that wraps the own vault’s data keys', parseHttpUrl),
  vaultKmsToken: optional('VAULT_KMS_TOKEN', 'secret', 'bearer token for that key service', parseText),
  bankBaseUrl: optional('BANK_BASE_URL', 'URL', 'bank: payment files and statements', parseHttpUrl),
  bankToken: optional('BANK_TOKEN', 'secret', 'bearer token for the bank', parseText),
  bankAccount: optional('BANK_ACCOUNT', 'text', 'number of the operator’s account at the bank', parseText),
  bankRouting: optional('BANK_ROUTING', 'text', 'ABA routing number of the bank', parseText),
  fxSourceUrl: optional(
    'FX_SOURCE_URL',
    'URL',
    'source of exchange rates; without it nothing is converted and no position is valued',
    parseHttpUrl,
  ),
  fxSourceToken: optional('FX_SOURCE_TOKEN', 'secret', 'bearer token for that source', parseText),
  fxTimeoutMs: setting('FX_TIMEOUT_MS', '5000', 'ms', 'longest wait for the source of exchange rates', parsePositive),
  reportingCurrency: setting(
    'REPORTING_CURRENCY',
    'USD',
    'currency',
    'currency the books are closed in: positions and foreign results are valued in it; not to be changed later',
    parseCurrency,
  ),
  amsTlsPort: optional(
    'AMS_TLS_PORT',
    'TCP port',
    'the same server over TLS, for clients of the AMS gateway; in the sandbox 4443 when not set, in production none; 0 picks a free port',
    parsePort,
  ),
  amsTlsKeyFile: optional(
    'AMS_TLS_KEY_FILE',
    'file',
    'PEM private key of that listener; in the sandbox made at the first start',
    parseFile,
  ),
  amsTlsCertFile: optional(
    'AMS_TLS_CERT_FILE',
    'file',
    'PEM certificate of that listener, with its chain; in the sandbox made at the first start',
    parseFile,
  ),
  amsPrivateKeyFile: optional(
    'AMS_PRIVATE_KEY_FILE',
    'file',
    'RSA private key, PEM, with which the AMS gateway signs; in the sandbox made at the first start; in production no AMS without it',
    parseFile,
  ),
  publicUrl: optional(
    'PUBLIC_URL',
    'URL',
    'how browsers and networks reach this installation; by default its own address',
    parseHttpUrl,
  ),
  progress: setting('PROGRESS', 'on', 'on/off', 'prints the steps of starting and stopping', parseSwitch),
};

/** One line of the settings page. `default` is null when the setting is optional and has no value by default. */
export interface SettingDescription {
  readonly name: string;
  readonly default: string | null;
  readonly meaning: string;
  readonly unit: string;
}

/** Every setting, in the order of the settings page. */
export const SETTINGS: readonly SettingDescription[] = Object.values(TABLE).map(
  ({ name, default: byDefault, meaning, unit }) => ({ name, default: byDefault, meaning, unit }),
);

/** All settings, parsed. Optional ones without a value are null; dataDir and files are absolute paths. */
export type Config = { readonly [Key in keyof typeof TABLE]: ReturnType<(typeof TABLE)[Key]['parse']> };

/** Several settings are wrong, or one. `problems` has one readable sentence for each, naming the variable. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
  readonly code = 'wrong_settings';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`wrong settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads the settings. Throws WrongSettings with every problem at once. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const values = Object.entries(TABLE).map(([key, { name, default: byDefault, parse }]) => {
    const given = env[name] === undefined || env[name] === '' ? byDefault : env[name];
    try {
      return [key, parse(given)];
    } catch (error) {
      problems.push(`${name} ${error instanceof Error ? error.message : String(error)}`);
      return [key, null];
    }
  });
  // The table gives each key its parser, and Config is derived from the same table; entries lose that link.
  const config = Object.fromEntries(values) as Config;
  if (problems.length === 0)
    problems.push(...portsGivenTwice(config), ...halfConfiguredNetworks(config), ...halfATls(config));
  if (problems.length > 0) throw new WrongSettings(problems);
  return config;
}

/** Throws WrongSettings naming every port this process is to listen on that somebody else already has. */
export async function assertPortsFree(config: Config): Promise<void> {
  const checks = portsOf(config).map(async ({ name, port }) => ({ name, port, obstacle: await obstacleAt(port) }));
  const taken = (await Promise.all(checks)).filter(({ obstacle }) => obstacle !== null);
  if (taken.length > 0)
    throw new WrongSettings(taken.map(({ name, port, obstacle }) => `${name}: port ${port} ${obstacle}`));
}

/**
 * The variables a companion process may see: the machine's (paths, time zone, certificates), none of the settings or
 * secrets, and what its starter adds.
 */
export function companionEnvironment(added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const ofNode = ['NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'];
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TZ', 'LANG', 'SystemRoot', 'SSL_CERT_FILE', ...ofNode];
  const kept = names.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(kept), ...added };
}

/** Adds a variable for the processes that inherit this one's environment: the test files of `npm test`. */
export function exportVariable(name: string, value: string): void {
  process.env[name] = value;
}

interface Setting<Value> extends SettingDescription {
  readonly parse: (text: string | null) => Value;
}

function setting<Value>(
  name: string,
  byDefault: string,
  unit: string,
  meaning: string,
  parse: (text: string) => Value,
): Setting<Value> {
  return { name, default: byDefault, unit, meaning, parse: (text) => parse(text ?? byDefault) };
}

function optional<Value>(
  name: string,
  unit: string,
  meaning: string,
  parse: (text: string) => Value,
): Setting<Value | null> {
  return { name, default: null, unit, meaning, parse: (text) => (text === null ? null : parse(text)) };
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new Error(`must be a port from 0 to 65535, not ${quoted(text)}`);
  return Number(text);
}

function parsePositive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`must be a whole number from 1 to 999999999, not ${quoted(text)}`);
  return Number(text);
}

interface MerchantId {
  readonly merchantId: string;
  readonly funding: 'net' | 'gross';
}

/** `998482157630` or `998482157630,998482157631:gross`. */
function parseMerchantIds(text: string): readonly [MerchantId, ...MerchantId[]] {
  const read = text.split(',').map((word): MerchantId => {
    const found = /^(\w{8,12})(?::(net|gross))?$/.exec(word.trim());
    if (found === null)
      throw new Error(
        `must be merchant ids of 8 to 12 characters, each alone or with :net or :gross, not ${quoted(text)}`,
      );
    return { merchantId: found[1] as string, funding: (found[2] ?? 'net') as MerchantId['funding'] };
  });
  if (new Set(read.map(({ merchantId }) => merchantId)).size < read.length)
    throw new Error('must not name a merchant id twice');
  return read as [MerchantId, ...MerchantId[]];
}

function parseText(text: string): string {
  return text;
}

function parseFolder(text: string): string {
  return resolve(text);
}

function parseFile(text: string): string {
  try {
    accessSync(text, constants.R_OK);
  } catch {
    throw new Error(`must be a file this process can read, not ${quoted(text)}`);
  }
  return resolve(text);
}

/** The value is not shown: it usually holds a password. */
function parseDatabaseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol) || url.pathname.length < 2) {
    throw new Error('must be like postgres://user:password@host:5432/database');
  }
  return text;
}

/** Without a slash at the end, so that paths can be appended. */
function parseHttpUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`must be an http or https URL, not ${quoted(text)}`);
  return text.replace(/\/+$/, '');
}

function parseClock(text: string): ClockSetting {
  if (text === 'sandbox' || text === 'system') return { kind: text };
  if (!/^https?:/.test(text))
    throw new Error(`must be sandbox, system or the http URL of a clock service, not ${quoted(text)}`);
  return { kind: 'service', url: parseHttpUrl(text) };
}

function parseRole(text: string): 'all' | 'api' | 'worker' {
  return oneOf(text, ['all', 'api', 'worker']);
}

function parseLogLevel(text: string): 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' {
  return oneOf(text, ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
}

function parseFunding(text: string): 'net' | 'gross' {
  return oneOf(text, ['net', 'gross']);
}

function parseCurrency(text: string): Currency {
  if (!isCurrency(text)) throw new Error(`must be an ISO 4217 code, not ${quoted(text)}`);
  return text;
}

function parseSwitch(text: string): boolean {
  const word = text.toLowerCase();
  return ['on', '1', 'true', 'yes'].includes(word) || oneOf(word, ['on', 'off', '0', 'false', 'no']) === 'on';
}

function oneOf<Word extends string>(text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new Error(`must be one of ${words.join(', ')}, not ${quoted(text)}`);
  return found;
}

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** The ports this process listens on, by its role and clock; 0 is always free. */
function portsOf(config: Config): readonly { readonly name: string; readonly port: number }[] {
  const api = config.vaultUrl === null ? (['port', 'vaultPort'] as const) : (['port'] as const);
  const sandboxPorts = [
    'sandboxClockPort',
    'sandboxAcquirerPort',
    'sandboxSecondAcquirerPort',
    'sandboxBankPort',
    'sandboxWalletsPort',
    'sandboxFxPort',
    'sandboxShopsPort',
  ] as const;
  const sandbox = config.clock.kind === 'sandbox' ? sandboxPorts : [];
  const tls = { name: TABLE.amsTlsPort.name, port: amsTlsPortOf(config) ?? 0 };
  return [...[...api, ...sandbox].map((key) => ({ name: TABLE[key].name, port: config[key] ?? 0 })), tls].filter(
    ({ port }) => port !== 0,
  );
}

/** Where the server is reached over TLS; null for nowhere. A worker serves nobody. */
export const amsTlsPortOf = ({
  amsTlsPort,
  clock,
  role,
}: Pick<Config, 'amsTlsPort' | 'clock' | 'role'>): number | null =>
  role === 'worker' ? null : (amsTlsPort ?? (clock.kind === 'sandbox' ? AMS_TLS_SANDBOX_PORT : null));

const AMS_TLS_SANDBOX_PORT = 4443;

function portsGivenTwice(config: Config): readonly string[] {
  const ports = portsOf(config);
  return ports.flatMap(({ name, port }, index) => {
    const earlier = ports.slice(0, index).find((other) => other.port === port);
    return earlier === undefined ? [] : [`${name} and ${earlier.name} are both ${port}`];
  });
}

const NETWORK_KEYS = [
  [
    'jpmBaseUrl',
    'jpmTokenUrl',
    'jpmReportsUrl',
    'jpmMerchantId',
    'jpmClientId',
    'jpmPrivateKeyFile',
    'acquirerCallbackToken',
  ],
  ['bankBaseUrl', 'bankToken'],
] as const;

/** Against real networks, half a configuration would only show at the first payment. */
function halfConfiguredNetworks(config: Config): readonly string[] {
  if (config.clock.kind !== 'system') return [];
  return NETWORK_KEYS.flatMap((keys) => {
    const given = keys.filter((key) => config[key] !== null).map((key) => TABLE[key].name);
    const missing = keys.map((key) => TABLE[key].name).filter((name) => !given.includes(name));
    return given.length === 0 ? [] : missing.map((name) => `${name} is missing, while ${given.join(', ')} is set`);
  });
}

/** A listener needs both, and outside the sandbox somebody must have made them. */
function halfATls({ amsTlsKeyFile, amsTlsCertFile, amsTlsPort, clock }: Config): readonly string[] {
  const missing = [
    ...(amsTlsKeyFile === null ? [TABLE.amsTlsKeyFile.name] : []),
    ...(amsTlsCertFile === null ? [TABLE.amsTlsCertFile.name] : []),
  ];
  const needed = missing.length === 1 || (missing.length === 2 && amsTlsPort !== null && clock.kind === 'system');
  return needed ? missing.map((name) => `${name} is missing: a TLS listener needs a key and a certificate`) : [];
}

/** Why a server could not listen there: on the loopback address or on any address. Null when it could. */
async function obstacleAt(port: number): Promise<string | null> {
  return (await listenObstacle({ port, host: '127.0.0.1' })) ?? (await listenObstacle({ port }));
}

function listenObstacle(at: { readonly port: number; readonly host?: string }): Promise<string | null> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code ?? error.message})`);
    });
    probe.listen({ ...at, exclusive: true }, () => probe.close(() => settle(null)));
  });
}
