/** `causeway ledger balance | entries | statement`: the past of one account. A statement is written as it arrives. */
import type { Command } from 'commander';
import { fromJson } from '../src/base/json.ts';
import { type Adder, LIMIT, MORE, type Tools } from './command.ts';
import { type ExitCode, Unreachable, UsageError } from './errors.ts';
import { clean, count, money, table, time } from './output.ts';
import type { BalanceView, EntryView, StatementLine } from './views.ts';

interface AccountOptions {
  readonly currency: string;
}

const CURRENCY = ['--currency <code>', 'currency of the account', 'USD'] as const;
const ACCOUNT = '<name> [owner]';
const WHICH = '\n<name> is a name of the chart such as seller, held or bank; [owner] the id it is kept by.';

export function accountHistoryCommands(ledger: Command, { add }: Adder): void {
  add<AccountOptions & { at?: string; seq?: string }>(
    ledger,
    `balance ${ACCOUNT}`,
    'The balance of an account, now or at an instant of the past',
    async ({ out, api }, { currency, at, seq }, name, owner) => {
      const query = { name, owner, currency, at: instantOf(at), seq };
      out.show(await api().get<BalanceView>('/v1/ledger/balance', query), ({ balance }) => money(balance));
      return undefined;
    },
  )
    .option(...CURRENCY)
    .option('--at <instant>', 'UTC, such as 2026-11-30 or 2026-11-30T12:00:00Z')
    .option('--seq <n>', 'after this event of the journal')
    .addHelpText('after', WHICH);
  add<AccountOptions & { limit: number }>(
    ledger,
    `entries ${ACCOUNT}`,
    'The entries of an account, the newest first',
    async ({ out, api }, { currency, limit }, name, owner) => {
      const found = await api().list<EntryView>('/v1/ledger/entries', { name, owner, currency }, limit);
      out.show(found, ({ data }) => entriesText(data));
      if (found.more) out.note(MORE);
      return undefined;
    },
  )
    .option(...CURRENCY)
    .option(...LIMIT)
    .addHelpText('after', WHICH);
  add<AccountOptions & { from: string; to: string; csv?: boolean }>(
    ledger,
    `statement ${ACCOUNT}`,
    'The statement of an account: opening balance, every entry, closing balance',
    writeStatement,
  )
    .option(...CURRENCY)
    .requiredOption('--from <instant>', 'first instant, UTC, such as 2026-11-01')
    .requiredOption('--to <instant>', 'the instant after the last, such as 2026-12-01')
    .option('--csv', 'as CSV; --json gives one JSON document a line')
    .addHelpText('after', WHICH);
}

async function writeStatement(
  { out, api, global }: Tools,
  { currency, from, to, csv }: AccountOptions & { from: string; to: string; csv?: boolean },
  name?: string,
  owner?: string,
): Promise<ExitCode | undefined> {
  const format = csv === true ? 'csv' : 'ndjson';
  const query = { name, owner, currency, from: instantOf(from), to: instantOf(to), format };
  let last = '';
  for await (const line of api().lines('/v1/ledger/statement', query)) {
    out.line(csv === true || global.json === true ? line : statementText(fromJson<StatementLine>(line)));
    last = line;
  }
  // Both formats say `closing` at the beginning of their last line, and only there.
  if (!/^(closing,|\{"line":"closing")/.test(last)) throw new Unreachable('the statement broke off before its end');
  return undefined;
}

/** A day stands for its first instant. */
function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  if (Number.isNaN(Date.parse(full))) throw new UsageError(`${text} is not an instant such as 2026-11-30T12:00:00Z`);
  return full;
}

const entriesText = (entries: readonly EntryView[]): string =>
  table(
    entries,
    [
      { title: 'SEQ', of: ({ seq, leg }) => `${seq}.${leg}`, right: true },
      { title: 'AT', of: ({ at }) => time(at) },
      { title: 'EVENT', of: ({ event }) => event },
      { title: 'OTHER ACCOUNT', of: ({ other }) => `${other.name} ${other.owner}` },
      { title: 'DEBIT', of: ({ side, amount }) => (side === 'debit' ? money(amount) : ''), right: true },
      { title: 'CREDIT', of: ({ side, amount }) => (side === 'credit' ? money(amount) : ''), right: true },
      { title: 'BALANCE', of: ({ balance }) => money(balance), right: true },
    ],
    'no entries',
  );

/** Widths are fixed: what is still to come is not known. */
function statementText(line: StatementLine): string {
  if (line.line === 'opening') return `${time(line.from)}  ${'opening balance'.padEnd(95)}${amount(line.balance)}`;
  if (line.line === 'closing')
    return `${`${count(line.entries)} entries`.padEnd(23)}  ${'closing balance'.padEnd(95)}${amount(line.balance)}`;
  const what = clean(`${line.event.padEnd(24)} ${line.other.name} ${line.other.owner}`).padEnd(70);
  const change = `${line.side === 'debit' ? 'debit ' : 'credit'} ${amount(line.amount)}`;
  return `${time(line.at)}  ${what}${change}${amount(line.balance)}`;
}

const amount = (value: Parameters<typeof money>[0]): string => money(value).padStart(18);
