/** The bank's HTTP face: files and statements for its customer (bearer token), transfers for banks, admin for tests. */
import { header, problem, type Reply, type Request, type Route } from '../base/http-server.ts';
import type { Bank } from './bank.ts';
import { showFile, takeFile } from './files.ts';
import { deposit, takeTransfer } from './interbank.ts';
import { returnsOfDay } from './returns.ts';
import { statementOfDay } from './statements.ts';
import { lines, totals } from './totals.ts';

export function bankRoutes(bank: Bank): readonly Route[] {
  const customer = (method: string, pattern: string, act: (request: Request) => Reply | Promise<Reply>): Route => ({
    method,
    pattern,
    handle: (request) => barrier(bank, request) ?? act(request),
  });
  const open = (method: string, pattern: string, handle: Route['handle']): Route => ({ method, pattern, handle });
  return [
    customer('POST', '/files', (request) => bank.faults.around('files', () => takeFile(bank, request))),
    customer('GET', '/files/:name', (request) => showFile(bank, request)),
    customer('GET', '/statements', (request) => statementOfDay(bank, request)),
    customer('GET', '/returns', (request) => returnsOfDay(bank, request)),
    open('POST', '/_interbank/credits', (request) => takeTransfer(bank, 'credit', request)),
    open('POST', '/_interbank/debits', (request) => takeTransfer(bank, 'debit', request)),
    open('POST', '/_sandbox/deposits', (request) => deposit(bank, request)),
    open('GET', '/_sandbox/totals', () => totals(bank)),
    open('GET', '/_sandbox/lines', (request) => lines(bank, request)),
    ...bank.faults.routes,
  ];
}

function barrier({ settings }: Bank, request: Request): Reply | null {
  if (settings.token === undefined || header(request, 'authorization') === `Bearer ${settings.token}`) return null;
  return problem(401, 'unauthorized', 'no valid token');
}
