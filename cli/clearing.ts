/** `causeway clearing list|show|files|settlements`: the hub's cycles, what they came to, and the files that tell it. */
import type { Command } from 'commander';
import type { Money } from '../src/base/money.ts';
import { type Adder, LIMIT, MORE } from './command.ts';
import { part } from './http.ts';
import { count, facts, money, table, time } from './output.ts';

interface CycleView {
  readonly id: string;
  readonly state: string;
  readonly day: string;
  readonly payments: number;
  readonly refunds: number;
  readonly closedAt: string | null;
}

interface BatchView {
  readonly participantId: string;
  readonly role: string;
  readonly batchId: string;
  readonly payments: number;
  readonly refunds: number;
  readonly paid: Money;
  readonly refunded: Money;
  readonly fees: Money;
  readonly net: Money;
  readonly dueOn: string;
  readonly state: string;
}

interface CycleWithBatches extends CycleView {
  readonly ratesSource: { readonly source: string; readonly asOf: string } | null;
  readonly batches: readonly BatchView[];
}

interface FileView {
  readonly path: string;
  readonly lines: number;
  readonly total: Money;
  readonly sha256: string;
}

interface SettlementView {
  readonly id: string;
  readonly state: string;
  readonly name: string;
  readonly reference: string;
  readonly dueOn: string;
  readonly direction: string;
  readonly amount: Money;
}

export function clearingCommands(program: Command, { add }: Adder): void {
  const clearing = program.command('clearing').description('Clearing and settlement of the hub');
  add<{ limit: number }>(clearing, 'list', 'List cycles, newest first', async ({ out, api }, { limit }) => {
    const found = await api().list<CycleView>('/v1/clearing/cycles', {}, limit);
    out.show(found, ({ data }) => cyclesText(data));
    if (found.more) out.note(MORE);
    return undefined;
  }).option(...LIMIT);
  add(clearing, 'show <cycle>', 'Show a cycle with its batches', async ({ out, api }, _options, id) => {
    out.show(await api().get<CycleWithBatches>(`/v1/clearing/cycles/${part(id as string)}`), cycleText);
    return undefined;
  });
  add(
    clearing,
    'files <participant> <date>',
    'List what was made for a participant on a day (20261128)',
    async ({ out, api }, _options, participant, date) => {
      const of = `${part(participant as string)}/${part(date as string)}`;
      const found = await Promise.all(
        ['clearing', 'settlement'].map((area) => api().get<{ data: FileView[] }>(`/v1/settlements/${area}/${of}`)),
      );
      out.show({ data: found.flatMap(({ data }) => data) }, ({ data }) => filesText(data));
      return undefined;
    },
  );
  add<{ limit: number; state?: string }>(
    clearing,
    'settlements',
    'List what participants pay us and we pay them, newest first',
    async ({ out, api }, { limit, state }) => {
      const found = await api().list<SettlementView>('/v1/hub-settlements', { state }, limit);
      out.show(found, ({ data }) => settlementsText(data));
      if (found.more) out.note(MORE);
      return undefined;
    },
  )
    .option(...LIMIT)
    .option('--state <state>', 'instructed, matched, differs or closed');
}

const cyclesText = (cycles: readonly CycleView[]): string =>
  table(
    cycles,
    [
      { title: 'DAY', of: ({ day }) => day },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'PAYMENTS', of: ({ payments }) => count(payments), right: true },
      { title: 'REFUNDS', of: ({ refunds }) => count(refunds), right: true },
      { title: 'CLOSED', of: ({ closedAt }) => time(closedAt) },
      { title: 'CYCLE', of: ({ id }) => id },
    ],
    'no cycle yet',
  );

const cycleText = ({ batches, ratesSource, ...cycle }: CycleWithBatches): string =>
  `${facts([
    ['day', `${cycle.day} (UTC+8)`],
    ['state', cycle.state],
    ['cleared', `${count(cycle.payments, 'payment')}, ${count(cycle.refunds, 'refund')}`],
    ['rates', ratesSource === null ? undefined : `${ratesSource.source}, ${time(ratesSource.asOf)}`],
  ])}\n\n${table(
    batches,
    [
      { title: 'PARTICIPANT', of: ({ participantId }) => participantId },
      { title: 'ROLE', of: ({ role }) => role },
      { title: 'PAID', of: ({ paid }) => money(paid), right: true },
      { title: 'REFUNDED', of: ({ refunded }) => money(refunded), right: true },
      { title: 'FEES', of: ({ fees }) => money(fees), right: true },
      { title: 'NET', of: ({ net }) => money(net), right: true },
      { title: 'DUE', of: ({ dueOn }) => dueOn },
      { title: 'STATE', of: ({ state }) => state },
    ],
    'no batch yet',
  )}`;

const filesText = (files: readonly FileView[]): string =>
  table(
    files,
    [
      { title: 'PATH', of: ({ path }) => path },
      { title: 'LINES', of: ({ lines }) => count(lines), right: true },
      { title: 'TOTAL', of: ({ total }) => money(total), right: true },
      { title: 'SHA-256', of: ({ sha256 }) => sha256.slice(0, 12) },
    ],
    'no file of that day',
  );

const settlementsText = (settlements: readonly SettlementView[]): string =>
  table(
    settlements,
    [
      { title: 'DUE', of: ({ dueOn }) => dueOn },
      { title: 'PARTICIPANT', of: ({ name }) => name },
      { title: 'WAY', of: ({ direction }) => direction },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'REFERENCE', of: ({ reference }) => reference },
      { title: 'SETTLEMENT', of: ({ id }) => id },
    ],
    'no settlement yet',
  );
