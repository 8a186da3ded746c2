/** The figures of the benchmark `history` as tables: ratios first, then what they are made of. */
import type { Bar, Table } from '../benchmark.ts';
import type { Measured } from '../journal/cell.ts';
import { median, quantile } from '../support/statistics.ts';
import type { Asked } from './questions.ts';
import type { Size } from './sizes.ts';
import type { StatementReport } from './statement-process.ts';

interface Rates {
  readonly small: Measured[];
  readonly large: Measured[];
}

export interface Findings {
  readonly size: Size;
  readonly check: { readonly laws: number; readonly seconds: number };
  readonly asked: readonly Asked[];
  readonly statements: readonly ({ readonly of: string } & StatementReport)[];
  readonly commits: { readonly random: Rates; readonly payment: Rates };
}

export const tablesOf = (findings: Findings, bars: readonly Bar[]): readonly Table[] => [
  ratios(bars),
  commits(findings),
  reads(findings),
  statements(findings),
  world(findings),
];

const ratios = (bars: readonly Bar[]): Table => ({
  title: 'Ratios and bars',
  header: ['', 'measured', 'bar'],
  rows: bars.map(({ name, value, atLeast, atMost }) => [
    name,
    value,
    atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`,
  ]),
});

const commits = ({ commits: { random, payment } }: Findings): Table => ({
  title:
    'Commits, 1024 in flight, medians of interleaved rounds: units a second; milliseconds; cores; bytes of write-ahead log',
  header: ['load', 'units/s', 'p50', 'p99', 'Node', 'PostgreSQL', 'WAL a unit'],
  rows: (
    [
      ['one transfer, small world', random.small],
      ['one transfer, with a year behind', random.large],
      ['four transfers, small world', payment.small],
      ['four transfers, with a year behind', payment.large],
    ] as const
  ).map(([name, measured]) => {
    const mid = (of: (each: Measured) => number): number => median(measured.map(of));
    return [
      name,
      mid(({ rate }) => rate),
      mid(({ p50 }) => p50),
      mid(({ p99 }) => p99),
      mid(({ nodeCores }) => nodeCores),
      mid(({ postgresCores }) => postgresCores),
      mid(({ walBytesPerUnit }) => walBytesPerUnit),
    ];
  }),
});

const reads = ({ asked }: Findings): Table => ({
  title: 'Reads, milliseconds: as the product reads, and by adding up all transfers of the account',
  header: ['question', 'p50', 'p99', 'adding up, p50', 'times faster'],
  rows: asked.map(({ name, of, ours, naive }) => [
    `${name}, ${of}`,
    quantile(ours, 0.5),
    quantile(ours, 0.99),
    quantile(naive, 0.5),
    quantile(naive, 0.5) / quantile(ours, 0.5),
  ]),
});

const statements = (findings: Findings): Table => ({
  title: 'Statements, each read in a process of its own',
  header: ['of', 'entries', 'first page, ms', 'seconds', 'entries/s', 'peak MiB', 'MiB when idle'],
  rows: findings.statements.map(({ of, entries, firstPageMs, seconds, peakMiB, idleMiB }) => [
    of,
    entries,
    firstPageMs,
    seconds,
    entries / seconds,
    peakMiB,
    idleMiB,
  ]),
});

const world = ({ size, check }: Findings): Table => ({
  title: 'The world',
  header: ['', ''],
  rows: [
    ['transfers', size.transfers],
    ['accounts', size.accounts],
    ['events', size.events],
    [`seconds to hold ${check.laws} laws against it`, check.seconds],
  ],
});
