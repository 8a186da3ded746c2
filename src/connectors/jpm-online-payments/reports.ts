/** Fetches a day's report files. What is in them is read by the files named after the reports. */
import type { Day } from '../../base/clock.ts';
import type { NetworkFile, ReportName } from '../ports/card-acquirer.ts';
import { NetworkFault, type NetworkResponse } from '../ports/network-http.ts';
import type { Line } from './line.ts';
import { header } from './transport.ts';

/** The network's names: in the address, and in the file's name when the answer gives none. */
const REPORTS: Readonly<Record<ReportName, { readonly path: string; readonly file: string }>> = {
  settlement: { path: 'settlement-details', file: 'SettlementDetails' },
  fees: { path: 'fee-details', file: 'FeeDetails' },
  deposits: { path: 'deposit-details', file: 'DepositDetails' },
  disputes: { path: 'dispute-details', file: 'DisputeDetails' },
};

export const REPORT_NAMES: readonly ReportName[] = ['settlement', 'fees', 'deposits', 'disputes'];

/** Null when the network has not issued it (yet). @throws NetworkFault */
export async function fetchReport(
  { transport, settings }: Line,
  report: ReportName,
  day: Day,
): Promise<NetworkFile | null> {
  const { path, file } = REPORTS[report];
  const response = await transport.fetch({
    method: 'GET',
    url: `${settings.reportsUrl}/${path}?day=${day}`,
    purpose: `fetch_${report}`,
    accept: 'text/csv',
  });
  if (response.status === 404) return null;
  if (response.status !== 200) throw new NetworkFault(`report ${path}: HTTP ${response.status}`, 'maybe');
  return { name: fileName(response) ?? `${file}_${settings.merchantId}_${day}.csv`, bytes: response.body };
}

/** The file's own name, when it is a plain one: it becomes a key and may reach a file system. */
function fileName(response: NetworkResponse): string | undefined {
  return /filename="?([A-Za-z0-9_-][A-Za-z0-9._-]{0,127})"?/.exec(header(response, 'content-disposition') ?? '')?.[1];
}
