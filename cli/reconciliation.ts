/** `causeway recon …`: what does not agree with the networks' files and the bank, and closing it with a signed reason. */
import { type Command, Option } from 'commander';
import { type Adder, LIMIT, MORE } from './command.ts';
import { part } from './http.ts';
import { facts, money, table, time } from './output.ts';
import type { BreakView, LineView } from './views.ts';

export function reconciliationCommands(program: Command, adder: Adder): void {
  const recon = program
    .command('recon')
    .description('Reconcile: bank lines, breaks, files of the networks')
    .alias('reconciliation');
  listCommands(recon, adder);
  decisionCommands(recon, adder);
}

function listCommands(recon: Command, { add }: Adder): void {
  add<{ state?: string; limit: number }>(
    recon,
    'breaks',
    'List what does not agree, why, and whose it is',
    async ({ out, api }, { state, limit }) => {
      const found = await api().list<BreakView>('/v1/reconciliation/breaks', { state: stateOf(state) }, limit);
      out.show(found, ({ data }) => breaksText(data));
      if (found.more) out.note(MORE);
      return undefined;
    },
  )
    .addOption(new Option('--state <state>', 'which of them').choices(['open', 'closed', 'all']).default('open'))
    .option(...LIMIT);
  add<{ state?: string; limit: number }>(
    recon,
    'lines',
    'List lines of the bank statements',
    async ({ out, api }, { state, limit }) => {
      const found = await api().list<LineView>('/v1/reconciliation/lines', { state: stateOf(state) }, limit);
      out.show(found, ({ data }) => linesText(data));
      if (found.more) out.note(MORE);
      return undefined;
    },
  )
    .addOption(
      new Option('--state <state>', 'which of them').choices(['unexplained', 'explained', 'all']).default('all'),
    )
    .option(...LIMIT);
}

const stateOf = (state: string | undefined): string | undefined => (state === 'all' ? undefined : state);

function decisionCommands(recon: Command, { add }: Adder): void {
  add<{ as: string; reason: string }>(
    recon,
    'explain <line>',
    'Say what a bank line is that nothing explains',
    async ({ out, api }, { as, reason }, line) => {
      const path = `/v1/reconciliation/lines/${part(line)}/explain`;
      out.show(await api().post<LineView>(path, { as, reason }), lineText);
      return undefined;
    },
  )
    .addOption(
      new Option('--as <what>', 'what the line is')
        .choices(['capital', 'bank_fee', 'interest', 'network_fees'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why, in words that an auditor understands');
  add<{ reason: string; by: string }>(
    recon,
    'close <break>',
    'Close a break with a signed reason',
    async ({ out, api }, { reason, by }, id) => {
      out.show(
        await api().post<BreakView>(`/v1/reconciliation/breaks/${part(id)}/close`, { reason, by }),
        (row) => `${row.id} is ${row.state} since ${time(row.closedAt)}, by ${row.closedBy ?? '–'}`,
      );
      return undefined;
    },
  )
    .requiredOption('--reason <text>', 'why it may be closed')
    .requiredOption('--by <name>', 'who signs');
  add(
    recon,
    'import <day>',
    'Fetch what the networks issued for a day (2026-11-22), and what is missing of the five before',
    async ({ out, api }, _, day) => {
      out.show(
        await api().post<{ day: string }>('/v1/reconciliation/import', { day }),
        (asked) => `fetched for ${asked.day}; matching goes on in the background`,
      );
      return undefined;
    },
  );
}

const signed = ({ direction, amount }: LineView): string => `${direction === 'debit' ? '−' : '+'} ${money(amount)}`;

const lineText = (line: LineView): string =>
  facts([
    ['line', line.id],
    ['amount', signed(line)],
    ['booked on', line.bookedOn],
    ['text', line.text],
    ['state', line.state],
    ['explained as', line.explainedAs ?? undefined],
  ]);

const linesText = (lines: readonly LineView[]): string =>
  table(
    lines,
    [
      { title: 'LINE', of: ({ id }) => id },
      { title: 'BOOKED', of: ({ bookedOn }) => bookedOn },
      { title: 'AMOUNT', of: signed, right: true },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'AS', of: ({ explainedAs }) => explainedAs },
      { title: 'TEXT', of: ({ text }) => text },
    ],
    'no such lines',
  );

const breaksText = (breaks: readonly BreakView[]): string =>
  table(
    breaks,
    [
      { title: 'BREAK', of: ({ id }) => id },
      { title: 'KIND', of: ({ kind }) => kind },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'OWNER', of: ({ owner }) => owner },
      { title: 'OPENED', of: ({ openedAt }) => time(openedAt) },
      { title: 'WHY', of: ({ reason }) => reason },
    ],
    'no such breaks',
  );
