/** `causeway wallet …` and `causeway acquirer …`: who takes part in the hub. Adding one is data: nothing is restarted. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Money } from '../src/base/money.ts';
import type { Adder, Tools } from './command.ts';
import { UsageError } from './errors.ts';
import { type Api, part } from './http.ts';
import { count, facts, money, table, time } from './output.ts';

interface ParticipantView {
  readonly id: string;
  readonly state: string;
  readonly participantId: string;
  readonly name: string;
  readonly keys: readonly { readonly version: string; readonly state: string }[];
  readonly wallet: {
    readonly slug: string;
    readonly brandCode: string;
    readonly country: string;
    readonly currency: string;
    readonly modes: readonly string[];
    readonly limits: readonly { setBy: string; per: string; kind: string; amount: Money }[];
    readonly endpoint: string;
    readonly markets: Readonly<Record<string, string>>;
  } | null;
  readonly acquirer: {
    readonly countries: readonly string[];
    readonly settlementCurrencies: readonly string[];
    readonly endpoint: string | null;
  } | null;
  readonly createdAt: string;
}

interface AddOptions {
  readonly file?: string;
  readonly keyVersion?: string;
}

export function walletCommands(program: Command, { add }: Adder): void {
  const wallet = program.command('wallet').description('Wallets of the hub: see, add, pause, and say where they work');
  add(wallet, 'list', 'List the wallets by name', async ({ out, api }) => {
    out.show(await api().get<{ data: readonly ParticipantView[] }>('/v1/wallets'), ({ data }) => walletsText(data));
    return undefined;
  });
  add(wallet, 'show <wallet>', 'Show a wallet by its short name', async ({ out, api }, _, slug) => {
    out.show(await findWallet(api(), slug), participantText);
    return undefined;
  });
  withFile(add<AddOptions>(wallet, 'add', 'Add a wallet; it pays at once, in every process', addFrom('wallet')));
  for (const [verb, turn, words] of [
    ['pause', 'suspend', 'Stop a wallet from paying anything new'],
    ['resume', 'resume', 'Let a paused wallet pay again'],
  ] as const)
    add(wallet, `${verb} <wallet>`, words, async ({ out, api: connect }, _, slug) => {
      const api = connect();
      const { id } = await findWallet(api, slug);
      const turned = await api.post<ParticipantView>(`/v1/participants/${id}/${turn}`, {});
      out.show(turned, ({ name, state }) => `${name} is ${state}`);
      return undefined;
    });
  add(
    wallet,
    'markets <wallet> [changes...]',
    'Show where a wallet works, or change it: JP=live KR=pilot DE=paused FR=none',
    async ({ out, api: connect }, _, slug, ...changes) => {
      const api = connect();
      const path = `/v1/wallets/${part(slug)}`;
      const markets = Object.fromEntries(changes.map(readMarket));
      const shown =
        changes.length === 0
          ? await findWallet(api, slug)
          : await api.post<ParticipantView>(`${path}/markets`, { markets });
      out.show(shown, marketsText);
      return undefined;
    },
  );
}

export function acquirerCommands(program: Command, { add }: Adder): void {
  const acquirer = program.command('acquirer').description('Acquirers of the hub: see and add');
  add(acquirer, 'list', 'List the acquirers, oldest first', async ({ out, api }) => {
    out.show(await listAcquirers(api()), ({ data }) => acquirersText(data));
    return undefined;
  });
  add(acquirer, 'show <acquirer>', 'Show an acquirer by its id', async ({ out, api }, _, name) => {
    out.show(await acquirerCalled(api(), name), participantText);
    return undefined;
  });
  withFile(add<AddOptions>(acquirer, 'add', 'Add an acquirer', addFrom('acquirer')));
}

const withFile = (command: Command): Command =>
  command
    .requiredOption('--file <path>', 'JSON as POST /v1/participants takes it; - reads it from the input')
    .option('--public-key <path>', 'its RSA public key, PEM or base64; also one in the JSON')
    .option('--key-version <n>', 'version of that key, 1 unless said');

/** What stands in the options goes before what stands in the file. */
const addFrom =
  (role: 'wallet' | 'acquirer') =>
  async ({ out, api }: Tools, options: AddOptions & { readonly publicKey?: string }): Promise<undefined> => {
    const { file = '-', publicKey, keyVersion } = options;
    const input = readJson(file);
    if (input[role] === undefined) throw new UsageError(`${file} must hold the field ${role}`);
    const added = await api().post<ParticipantView>('/v1/participants', {
      ...input,
      ...(publicKey === undefined ? {} : { publicKey: readText(publicKey).trim() }),
      ...(keyVersion === undefined ? {} : { keyVersion }),
    });
    out.show(added, participantText);
    if (added.keys.length === 0) out.note('it has no key yet: nothing it says is believed until one is added');
    return undefined;
  };

function readJson(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readText(path));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof UsageError) throw error;
  }
  throw new UsageError(`${path} must hold one JSON object`);
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
}

function readMarket(text: string): readonly [string, string] {
  const found = /^([A-Z]{2})=(live|pilot|paused|none)$/.exec(text);
  if (found === null)
    throw new UsageError(`${text} must be a country and live, pilot, paused or none, such as JP=live`);
  return [found[1] as string, found[2] as string];
}

const findWallet = (api: Api, slug: string): Promise<ParticipantView> => api.get(`/v1/wallets/${part(slug)}`);

const listAcquirers = (api: Api): Promise<{ readonly data: readonly ParticipantView[] }> =>
  api.get('/v1/participants', { role: 'acquirer' });

/** By either of its ids. */
export async function acquirerCalled(api: Api, name: string): Promise<ParticipantView> {
  const { data } = await listAcquirers(api);
  const found = data.find(({ id, participantId }) => id === name || participantId === name);
  if (found === undefined) throw new UsageError(`no acquirer is called ${name}; causeway acquirer list shows them`);
  return found;
}

const inState = ({ wallet }: ParticipantView, wanted: string): readonly string[] =>
  Object.entries(wallet?.markets ?? {}).flatMap(([market, state]) => (state === wanted ? [market] : []));

const walletsText = (wallets: readonly ParticipantView[]): string =>
  table(
    wallets,
    [
      { title: 'WALLET', of: ({ wallet }) => wallet?.slug },
      { title: 'NAME', of: ({ name }) => name },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'BRAND', of: ({ wallet }) => wallet?.brandCode },
      { title: 'COUNTRY', of: ({ wallet }) => wallet?.country },
      { title: 'CURRENCY', of: ({ wallet }) => wallet?.currency },
      { title: 'LIVE IN', of: (each) => count(inState(each, 'live').length, 'market'), right: true },
    ],
    'no wallets',
  );

const acquirersText = (acquirers: readonly ParticipantView[]): string =>
  table(
    acquirers,
    [
      { title: 'ACQUIRER', of: ({ participantId }) => participantId },
      { title: 'NAME', of: ({ name }) => name },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'COUNTRIES', of: ({ acquirer }) => acquirer?.countries.join(' ') },
      { title: 'SETTLED IN', of: ({ acquirer }) => acquirer?.settlementCurrencies.join(' ') },
    ],
    'no acquirers',
  );

const participantText = (shown: ParticipantView): string =>
  facts([
    ['id', shown.id],
    ['name', `${shown.name} (${shown.participantId})`],
    ['state', shown.state],
    ['keys', shown.keys.map(({ version, state }) => `${version} ${state}`).join(', ') || 'none'],
    ['wallet', shown.wallet === null ? undefined : `${shown.wallet.slug}, ${shown.wallet.brandCode}`],
    ['home', shown.wallet === null ? undefined : `${shown.wallet.country}, ${shown.wallet.currency}`],
    ['modes', shown.wallet?.modes.join(', ')],
    [
      'limits',
      shown.wallet?.limits
        .map(({ setBy, per, kind, amount }) => `${kind} ${money(amount)} a ${per}, by ${setBy}`)
        .join('; '),
    ],
    ['wallet at', shown.wallet?.endpoint],
    ['acquires in', shown.acquirer?.countries.join(', ')],
    ['settled in', shown.acquirer?.settlementCurrencies.join(', ')],
    ['acquirer at', shown.acquirer?.endpoint ?? undefined],
    ['since', time(shown.createdAt)],
  ]);

const marketsText = (shown: ParticipantView): string =>
  facts(['live', 'pilot', 'paused'].map((state) => [state, inState(shown, state).join(' ') || 'none'] as const));
