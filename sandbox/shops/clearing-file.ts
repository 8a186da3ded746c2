/**
 * Reads a clearing file of the hub (transactionItems) beside the acquirer's own books and says where they differ. Columns are found by the
 * names in the header line. A file is of one settlement currency and one day of UTC+8; parts of one day are read together, for
 * what is in none of them is missing. Published: the sections, that only successful payments and refunds are in it.
 */
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import { dayText } from '../base/alipay-time.ts';
import type { Acquirer } from './acquirer.ts';
import type { PaymentRow, RefundRow } from './schema.ts';
import type { Shops } from './shops.ts';

export interface ClearingFile {
  /** `transactionItems_<participantId>_<settlementCurrency>_…csv`. */
  readonly name: string;
  /** The parts, in order. */
  readonly parts: readonly string[];
  /** `YYYY-MM-DD` of the cycle; without it what the name says, or the day of the first line. */
  readonly day: string | null;
}

export interface Difference {
  readonly kind:
    | 'not_in_file'
    | 'not_in_books'
    | 'twice_in_file'
    | 'settlement_differs'
    | 'order_amount_differs'
    | 'count_differs'
    | 'total_differs';
  readonly type: 'PAYMENT' | 'REFUND' | null;
  readonly requestId: string | null;
  readonly file: string | null;
  readonly books: string | null;
}

export interface Compared {
  readonly day: string | null;
  readonly currency: Currency;
  readonly lines: number;
  /** Minor units of the settlement currency, refunds below zero. */
  readonly total: bigint;
  readonly differences: readonly Difference[];
}

export function compareClearingFile(
  shops: Shops,
  acquirer: Acquirer,
  file: ClearingFile,
): Result<Compared, Refusal<'invalid_file'>> {
  const [kind, participantId, currency, batchId = ''] = file.name.split('_');
  if (kind !== 'transactionItems' || participantId !== acquirer.acquirerId || !isCurrency(currency))
    return refuse('invalid_file', `${file.name} is no file of transactions of ${acquirer.acquirerId}`);
  const read: ReadPart[] = [];
  for (const part of file.parts) {
    const parsed = readPart(part);
    if (typeof parsed === 'string') return refuse('invalid_file', parsed);
    read.push(parsed);
  }
  const lines = read.flatMap((part) => part.lines);
  const day = file.day ?? dayOfBatch(batchId) ?? (lines[0] === undefined ? null : dayText(Date.parse(lines[0].at)));
  const books = day === null ? [] : bookLines(shops, acquirer, { day, currency });
  const total = lines.reduce((sum, line) => sum + line.settlement, 0n);
  return ok({
    ...{ day, currency, lines: lines.length, total },
    differences: [...read.flatMap(ownSums), ...compareLines(lines, books)],
  });
}

/** The hub's batches begin with the day of their cycle: `20260105…`. */
function dayOfBatch(batchId: string): string | null {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(batchId) ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}

/** A payment or a refund, as the file or the books have it. Of a refund both amounts are below zero. */
export interface ClearingLine {
  readonly type: 'PAYMENT' | 'REFUND';
  readonly requestId: string;
  readonly at: string;
  /** Minor units of the shop's currency. */
  readonly order: bigint;
  /** Minor units of the settlement currency. */
  readonly settlement: bigint;
}

interface ReadPart {
  readonly count: bigint;
  readonly total: bigint;
  readonly lines: readonly ClearingLine[];
}

/** Pure; a text says what is wrong with it. */
export function readPart(content: string): ReadPart | string {
  const rows = content.split(/\r?\n/).map(cellsOf);
  const head = rows.findIndex(([first]) => first === 'totalCount');
  const detail = rows.findIndex((cells) => cells.includes('transactionRequestId'));
  if (head < 0 || detail < 0) return 'the file has no summary and no details';
  const summary = columnsOf(rows[head] ?? [], rows[head + 1] ?? []);
  const [count, total] = [whole(summary('totalCount')), whole(summary('netTotalAmountValue'))];
  if (count === null || total === null) return 'the summary has no totalCount or netTotalAmountValue';
  const lines: ClearingLine[] = [];
  for (const cells of rows.slice(detail + 1)) {
    if (cells.length <= 1) continue;
    const line = readLine(columnsOf(rows[detail] ?? [], cells));
    if (line === null) return `this line cannot be read: ${cells.join(',')}`;
    lines.push(line);
  }
  return { count, total, lines };
}

type Columns = (name: string) => string;

const columnsOf =
  (header: readonly string[], cells: readonly string[]): Columns =>
  (name) =>
    cells[header.indexOf(name)] ?? '';

function readLine(of: Columns): ClearingLine | null {
  const type = of('transactionType');
  const [order, settlement] = [whole(of('orderAmountValue')), whole(of('transactionAmountValue'))];
  const [requestId, at] = [of('transactionRequestId'), of('transactionTime')];
  if (type !== 'PAYMENT' && type !== 'REFUND') return null;
  if (order === null || settlement === null || requestId === '' || Number.isNaN(Date.parse(at))) return null;
  // The order's amount of a refund may be written with or without its sign.
  return { type, requestId, at, order: type === 'REFUND' && order > 0n ? -order : order, settlement };
}

const whole = (text: string): bigint | null => (/^-?\d{1,18}$/.test(text) ? BigInt(text) : null);

/** Cells of a line of RFC 4180; an apostrophe that keeps a spreadsheet from reading a formula is taken off. */
function cellsOf(line: string): readonly string[] {
  const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...found].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').replace(/^'(?=[=+\-@])/, ''),
  );
}

/** What a file says about itself. */
function ownSums({ count, total, lines }: ReadPart): readonly Difference[] {
  const sum = lines.reduce((all, line) => all + line.settlement, 0n);
  const differs = (kind: Difference['kind'], file: bigint, books: bigint): Difference[] =>
    file === books ? [] : [{ kind, type: null, requestId: null, file: String(file), books: String(books) }];
  return [...differs('count_differs', count, BigInt(lines.length)), ...differs('total_differs', total, sum)];
}

/** Pure; in the order of the file, then what the books alone have. */
export function compareLines(file: readonly ClearingLine[], books: readonly ClearingLine[]): readonly Difference[] {
  const key = ({ type, requestId }: ClearingLine): string => `${type} ${requestId}`;
  const own = new Map(books.map((line) => [key(line), line]));
  const seen = new Set<string>();
  const differences = file.flatMap((line): readonly Difference[] => {
    const { type, requestId } = line;
    const mine = own.get(key(line));
    const isTwice = seen.has(key(line));
    seen.add(key(line));
    const differs = (kind: Difference['kind'], theirs: bigint, ours: bigint | null): Difference[] =>
      theirs === ours
        ? []
        : [{ kind, type, requestId, file: String(theirs), books: ours === null ? null : String(ours) }];
    if (isTwice) return differs('twice_in_file', line.settlement, null);
    if (mine === undefined) return differs('not_in_books', line.settlement, null);
    return [
      ...differs('settlement_differs', line.settlement, mine.settlement),
      ...differs('order_amount_differs', line.order, mine.order),
    ];
  });
  const missing = books.filter((line) => !seen.has(key(line)));
  return [
    ...differences,
    ...missing.map(
      ({ type, requestId, settlement }): Difference => ({
        kind: 'not_in_file',
        type,
        requestId,
        file: null,
        books: String(settlement),
      }),
    ),
  ];
}

const DAY_MS = 86_400_000;

/** What the books have of a day of UTC+8 in a settlement currency. What was canceled is in no file. */
function bookLines(
  { store }: Shops,
  { acquirerId }: Acquirer,
  { day, currency }: { readonly day: string; readonly currency: Currency },
): readonly ClearingLine[] {
  const fromMs = Date.parse(`${day}T00:00:00+08:00`);
  const within = [fromMs, fromMs + DAY_MS];
  const payments = store.all<PaymentRow>(
    `select * from payment where acquirer_id = ? and settlement_currency = ? and state = 'paid' and paid_ms >= ? and paid_ms < ?`,
    ...[acquirerId, currency, ...within],
  );
  const refunds = store.all<RefundRow>(
    `select refund.* from refund join payment on payment.id = payment_id where refund.acquirer_id = ? and settlement_currency = ?
       and refund.state = 'refunded' and refunded_ms >= ? and refunded_ms < ?`,
    ...[acquirerId, currency, ...within],
  );
  return [
    ...payments.map(
      (row): ClearingLine => ({
        type: 'PAYMENT',
        requestId: row.payment_request_id,
        at: day,
        order: row.amount,
        settlement: row.settlement ?? 0n,
      }),
    ),
    ...refunds.map(
      (row): ClearingLine => ({
        type: 'REFUND',
        requestId: row.refund_request_id,
        at: day,
        order: -row.amount,
        settlement: -(row.settlement ?? 0n),
      }),
    ),
  ];
}
