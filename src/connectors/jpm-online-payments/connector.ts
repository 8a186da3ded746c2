/**
 * J.P. Morgan Online Payments as a card acquirer, wired: calls in operations.ts, questions in inquiry.ts, meanings in
 * answers.ts, files in the *-report.ts. Stateless but for the cached access token. No retries of its own beyond the one
 * after 401: the platform resumes an unknown operation with an inquiry.
 */
import type { CardAcquirer } from '../ports/card-acquirer.ts';
import { checkReports } from './check-reports.ts';
import { parseDisputeReport } from './dispute-report.ts';
import { parseFeeReport } from './fee-report.ts';
import { health } from './health.ts';
import { inquire } from './inquiry.ts';
import { type JpmOnlinePaymentsDeps, openLine } from './line.ts';
import { parseNotification } from './notification.ts';
import { followUp, pay, verify } from './operations.ts';
import { fetchReport, REPORT_NAMES } from './reports.ts';
import { parseSettlementReport } from './settlement-report.ts';

/** A card acquirer over J.P. Morgan Online Payments v2 (OpenAPI 2.0.55). Throws at once on settings that are missing. */
export function createJpmOnlinePayments(deps: JpmOnlinePaymentsDeps): CardAcquirer {
  const line = openLine(deps);
  return {
    pay: (request) => pay(line, request),
    verify: (request) => verify(line, request),
    followUp: (request) => followUp(line, request),
    inquire: (request) => inquire(line, request),
    reports: REPORT_NAMES,
    fetchReport: (report, day) => fetchReport(line, report, day),
    fetchSettlement: (day) => fetchReport(line, 'settlement', day),
    parseSettlement: parseSettlementReport,
    parseFees: parseFeeReport,
    parseDisputeMovements: parseDisputeReport,
    checkReports,
    health: () => health(line),
    parseNotification,
  };
}
