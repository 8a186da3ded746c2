/** `causeway ledger …`: the laws, the accounts, their past, and the way of an amount. Read only. */
import type { Command } from 'commander';
import { accountHistoryCommands } from './account-history.ts';
import { type Adder, wholeNumber } from './command.ts';
import { EXIT } from './errors.ts';
import { part } from './http.ts';
import { money, table } from './output.ts';
import { traceText } from './trace-tree.ts';
import type { AccountView, CheckView, TraceStep } from './views.ts';

export function ledgerCommands(program: Command, adder: Adder): void {
  const { add } = adder;
  const ledger = program.command('ledger').description('Look into the ledger: laws, accounts, the way of money');
  add(
    ledger,
    'check',
    'Hold the laws of the ledger against the live data; exit code 1 when one is broken',
    async ({ out, api }) => {
      const check = await api().get<CheckView>('/v1/ledger/check');
      out.show(check, checkText);
      return check.ok ? EXIT.done : EXIT.refused;
    },
  );
  add<{ name?: string; owner?: string; currency?: string; all?: boolean }>(
    ledger,
    'accounts',
    'List accounts with their balances',
    async ({ out, api }, { name, owner, currency, all }) => {
      const nonZero = all === true ? undefined : 'true';
      out.show(
        await api().get<{ data: AccountView[] }>('/v1/ledger/accounts', { name, owner, currency, nonZero }),
        ({ data }) => accountsText(data),
      );
      return undefined;
    },
  )
    .option('--name <name>', 'accounts of this name, such as held, seller or bank')
    .option('--owner <id>', 'accounts of this owner')
    .option('--currency <code>', 'accounts in this currency')
    .option('--all', 'those with a balance of zero as well');
  accountHistoryCommands(ledger, adder);
  add<{ cent?: number }>(
    ledger,
    'trace <id>',
    'Follow money as a tree: forward to the bank line it left by, back to the pay-in it came from',
    async ({ out, api }, { cent: chosen }, id) => {
      const cent = chosen === undefined ? undefined : String(chosen);
      const answer = await api().get<{ data: TraceStep[] }>(`/v1/ledger/trace/${part(id)}`, { cent });
      out.show(answer, ({ data }) => traceText(data));
      return undefined;
    },
  )
    .option('--cents, --cent <n>', 'follow only the n-th minor unit of each amount, counted from 1', wholeNumber)
    .addHelpText('after', '\n<id> is an order, payment, refund, payout or bank line.');
}

function checkText({ ok, seq, laws }: CheckView): string {
  const lines = laws.flatMap((law) => [
    `${law.ok ? 'holds ' : law.alarm ? 'ALARM ' : 'BROKEN'}  ${law.law}`,
    ...law.findings.map((finding) => `          ${finding}`),
  ]);
  const broken = laws.filter((law) => !law.ok && !law.alarm).length;
  const alarms = laws.filter((law) => !law.ok && law.alarm).length;
  const alarm = alarms === 0 ? '' : `; ${alarms} calls for a person`;
  const verdict = ok ? `all ${laws.length - alarms} laws hold` : `${broken} of ${laws.length} laws are broken`;
  return [...lines, `${verdict} at event ${seq}${alarm}`].join('\n');
}

const accountsText = (accounts: readonly AccountView[]): string =>
  table(
    accounts,
    [
      { title: 'ACCOUNT', of: ({ name }) => name },
      { title: 'OWNER', of: ({ owner }) => owner },
      { title: 'KIND', of: ({ kind }) => kind },
      { title: 'NORMAL SIDE', of: ({ side }) => side },
      { title: 'BALANCE', of: ({ balance }) => money(balance), right: true },
    ],
    'no such accounts',
  );
