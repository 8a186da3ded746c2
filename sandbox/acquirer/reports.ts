/**
 * GET /reports/:report?day= : a file of a closed day, once it is issued. What was written at the close is given out as it
 * is; only whether the bank has taken a transfer by now is said afresh in Deposit Details.
 */
import { problem, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';

interface ReportRow {
  readonly name: string;
  readonly content: string;
}

export function issuedReport(acquirer: Acquirer, request: Request): Reply {
  const { store, time } = acquirer;
  const kind = request.params.report ?? '';
  const day = request.query.get('day') ?? '';
  const select = 'select name, content from report where day = ? and kind = ? and issued_ms <= ?';
  const row = store.first<ReportRow>(select, day, kind, time.nowMs());
  if (row === null) return problem(404, 'not_issued', `no ${kind} for ${day}`);
  const headers = { 'content-type': 'text/csv', 'content-disposition': `attachment; filename="${row.name}"` };
  const body = kind === 'deposit-details' ? withTransfers(acquirer, row.content) : row.content;
  return { status: 200, headers, body };
}

/** A transfer of nothing needs no bank and counts as done. */
const DONE = 'select 1 from batch where id = ? and (paid_ms is not null or net = 0)';

const withTransfers = ({ store }: Acquirer, content: string): string =>
  content.replace(/^([^,]*,(\d{11}),TRANSFER,)PENDING,/gm, (line, before: string, id: string) =>
    store.first(DONE, id) === null ? line : `${before}EFFECTIVE,`,
  );
