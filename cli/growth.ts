/** `causeway growth`: how far the hub reaches and what was paid through it, against the week and the holiday before. */
import type { Command } from 'commander';
import type { Money } from '../src/base/money.ts';
import type { Adder } from './command.ts';
import { count, facts, money, table, time } from './output.ts';

interface Figures {
  readonly payments: number;
  readonly users: number;
  readonly spend: Money;
  readonly perPayment: Money | null;
}

type Change = Readonly<Record<keyof Figures, number | null>>;

interface GrowthView {
  readonly rates: { readonly source: string; readonly asOf: string } | null;
  readonly reach: Readonly<Record<string, number>>;
  readonly period: Figures & { readonly from: string; readonly to: string };
  readonly lastYear: { readonly holiday: string } | null;
  readonly change: { readonly weekOnWeek: Change; readonly yearOnYear: Change | null };
  readonly origins: readonly (Figures & { readonly wallet: string })[];
  readonly markets: readonly (Figures & { readonly market: string })[];
  readonly touristShareBps: number | null;
}

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly holiday?: string;
  readonly year?: string;
  readonly touristSpend?: string;
}

export function growthCommands(program: Command, { add }: Adder): void {
  add<Options>(program, 'growth', 'Show the reach and growth of the hub', async ({ out, api }, options) => {
    out.show(await api().get<GrowthView>('/v1/growth', { ...options }), growthText);
    return undefined;
  })
    .option('--from <day>', 'first day, in UTC+8')
    .option('--to <day>', 'last day')
    .option('--holiday <name>', 'a season instead, such as chinese_new_year, with --year')
    .option('--year <year>', 'of the holiday')
    .option('--tourist-spend <amount>', 'what all tourists spent, in minor units of the reporting currency');
}

function growthText({ period, reach, rates, change, lastYear, origins, markets, touristShareBps }: GrowthView): string {
  const yearOnYear = change.yearOnYear === null ? undefined : changeText(change.yearOnYear);
  return [
    facts([
      ['days', `${period.from} to ${period.to} (UTC+8)`],
      [
        'reach',
        Object.entries(reach)
          .map(([what, number]) => `${count(number)} ${words(what)}`)
          .join(', '),
      ],
      ['paid', `${money(period.spend)} in ${count(period.payments, 'payment')} of ${count(period.users, 'user')}`],
      ['per payment', money(period.perPayment)],
      ['on the week', changeText(change.weekOnWeek)],
      [`on last ${lastYear?.holiday ?? ''}`, yearOnYear],
      ['share', touristShareBps === null ? undefined : `${(touristShareBps / 100).toFixed(2)} % of all tourist spend`],
      ['valued at', rates === null ? 'no rate' : `${rates.source}, ${time(rates.asOf)}`],
    ]),
    figuresTable('WALLET', origins, ({ wallet }) => wallet),
    figuresTable('MARKET', markets, ({ market }) => market),
  ].join('\n\n');
}

const figuresTable = <Row extends Figures>(title: string, rows: readonly Row[], name: (row: Row) => string): string =>
  table(
    rows,
    [
      { title, of: name },
      { title: 'PAYMENTS', of: ({ payments }) => count(payments), right: true },
      { title: 'USERS', of: ({ users }) => count(users), right: true },
      { title: 'SPEND', of: ({ spend }) => money(spend), right: true },
    ],
    'nothing paid',
  );

const changeText = ({ payments, users, spend, perPayment }: Change): string =>
  `payments ${percent(payments)}, users ${percent(users)}, spend ${percent(spend)}, per payment ${percent(perPayment)}`;

const percent = (bps: number | null): string =>
  bps === null ? '–' : `${bps > 0 ? '+' : ''}${(bps / 100).toFixed(2)} %`;
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
