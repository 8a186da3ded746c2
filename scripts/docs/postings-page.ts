/** docs/generated/postings.md: event → legs, the other way round by account, and the events that post nothing. */
import { type AccountName, CHART, chartLine } from '../../src/ledger/chart.ts';
import { code, page, table } from './page.ts';
import { EVENT_TYPES, type LegSide, legsOf, showSide } from './posting-legs.ts';

interface Line {
  readonly event: string;
  readonly amount: string;
  readonly debit: LegSide['account'];
  readonly credit: LegSide['account'];
  readonly shown: readonly [string, string];
}

export function postingsPage(): string {
  const lines = EVENT_TYPES.flatMap((event) =>
    legsOf(event).map(
      ({ amountField, debit, credit }): Line => ({
        event,
        amount: amountField,
        debit: debit.account,
        credit: credit.account,
        shown: [showSide(debit), showSide(credit)],
      }),
    ),
  );
  const silent = EVENT_TYPES.filter((event) => legsOf(event).length === 0);
  return page(
    'Postings',
    '`src/ledger/postings.ts` and `src/ledger/chart.ts`',
    'One line is one transfer: the amount moves from the debit account to the credit account, in the currency of the amount. ' +
      'Amount and owner are fields of the event (`src/ledger/events.ts`). A zero or absent amount writes nothing.',
    `## By event\n\n${byEvent(lines)}`,
    `## By account\n\nOnly accounts that an event built so far posts to.\n\n${byAccount(lines)}`,
    `## Events that post nothing\n\n${silent.map(code).join(', ')}.`,
  );
}

function byEvent(lines: readonly Line[]): string {
  const rows = lines.map(({ event, amount, shown: [debit, credit] }, index) => [
    lines[index - 1]?.event === event ? '' : code(event),
    code(amount),
    code(debit),
    code(credit),
  ]);
  return table(['event', 'amount', 'debit', 'credit'], rows);
}

function byAccount(lines: readonly Line[]): string {
  // The chart's keys are account names; Object.keys forgets that.
  const names = (Object.keys(CHART) as AccountName[]).filter((name) =>
    lines.some(({ debit, credit }) => debit === name || credit === name),
  );
  const eventsOf = (name: AccountName, side: 'debit' | 'credit'): string =>
    [...new Set(lines.filter((line) => line[side] === name).map(({ event }) => code(event)))].join(', ');
  const rows = names.map((name) => {
    const { kind, side, floor, owner } = chartLine(name);
    const other = side === 'debit' ? 'credit' : 'debit';
    const bound = floor ? 'never below zero' : 'two-sided';
    return [code(name), owner ?? '', kind, `${side}, ${bound}`, eventsOf(name, side), eventsOf(name, other)];
  });
  return table(['account', 'owner', 'kind', 'normal side', 'increased by', 'decreased by'], rows);
}
