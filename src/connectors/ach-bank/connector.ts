/**
 * The bank's file interface: credit files go out, statements and return files come back. Only an explicit word of the bank
 * is `accepted` or `rejected`; everything else is `unknown`, and the platform asks again by the file's name.
 *
 * A 409 is `unknown`, too: the bank holds a file of this name with other bytes, so money may be moving although these
 * bytes were not taken. Answers: 202 accepted · 400 and 422 with a code rejected · all others unknown; inquiry: 200
 * accepted, 404 not found.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type {
  BankRail,
  BankStatement,
  CreditFile,
  CreditFileRequest,
  FileAnswer,
  FileInquiryAnswer,
  UsBankAccount,
} from '../ports/bank-rail.ts';
import { MalformedFile, type NetworkFile } from '../ports/card-acquirer.ts';
import { NetworkFault, type NetworkHttp, type NetworkRequest, type NetworkResponse } from '../ports/network-http.ts';
import { hasValidCheckDigit, isPayableRoutingNumber } from './aba-routing.ts';
import { isReadable, toAscii } from './ascii.ts';
import { readCamt053 } from './camt053.ts';
import { parseReturnFile } from './nacha-returns.ts';
import { writeCreditFile } from './nacha-write.ts';
import type { AchBankSettings } from './settings.ts';

/** Cause of `unknown` when the bank cannot have received anything. */
export const NOT_REACHED = 'not_reached';

export interface AchBankDeps {
  readonly http: NetworkHttp;
  readonly settings: AchBankSettings;
}

/** A bank rail over NACHA credit files and camt.053 statements. Throws at once on settings no file could be made with. */
export function createAchBank(deps: AchBankDeps): BankRail {
  checkSettings(deps.settings);
  return {
    validateAccount,
    buildCreditFile: (request) => buildCreditFile(deps.settings, request),
    submitFile: (file) => submitFile(deps, file),
    inquireFile: (name) => inquireFile(deps, name),
    fetchStatement: (day, currency) =>
      fetchFile(deps, {
        path: `/statements?account=${encodeURIComponent(deps.settings.account.number)}&day=${day}${currency === undefined ? '' : `&currency=${currency}`}`,
        purpose: 'fetch_statement',
        name: `camt053_${deps.settings.account.number}_${currency === undefined ? '' : `${currency}_`}${day}.xml`,
      }),
    fetchReturns: (day) =>
      fetchFile(deps, { path: `/returns?day=${day}`, purpose: 'fetch_returns', name: `returns_${day}.ach` }),
    parseStatement: (bytes) => parseStatement(deps.settings, bytes),
    parseReturns: parseReturnFile,
  };
}

/** All faults at once: an operator fixes them in one go. */
function checkSettings(settings: AchBankSettings): void {
  const name = (value: string): boolean => isReadable(toAscii(value));
  const faults = Object.entries({
    'account.routing': hasValidCheckDigit(settings.account.routing),
    'account.number': settings.account.number !== '',
    originId: /^[A-Z0-9]{1,10}$/.test(settings.originId),
    companyId: /^[A-Z0-9]{1,10}$/.test(settings.companyId),
    odfi8: /^\d{8}$/.test(settings.odfi8),
    originName: name(settings.originName),
    companyName: name(settings.companyName),
    bankName: name(settings.bankName),
  }).flatMap(([setting, good]) => (good ? [] : [setting]));
  if (faults.length > 0) throw new Error(`settings of the ACH bank do not fit NACHA: ${faults.join(', ')}`);
}

/** Checks in this order; the first refusal wins: country, routing number, account number, holder's name. */
function validateAccount(account: UsBankAccount): Result<UsBankAccount, Refusal> {
  if (account.country !== 'US')
    return refuse('unsupported_country', 'ACH pays accounts in the US', { pointer: '/country' });
  if (!isPayableRoutingNumber(account.routingNumber)) {
    return refuse('invalid_routing_number', 'must be an ABA routing number', { pointer: '/routingNumber' });
  }
  if (!/^[A-Z0-9-]{1,17}$/.test(account.accountNumber) || !/[A-Z0-9]/.test(account.accountNumber)) {
    return refuse('invalid_account_number', 'must be 1–17 of A–Z, 0–9 and hyphen', { pointer: '/accountNumber' });
  }
  if (!isReadable(toAscii(account.holderName).slice(0, 22))) {
    return refuse('invalid_holder_name', 'needs a spelling in Latin letters', { pointer: '/holderName' });
  }
  return ok(account);
}

function buildCreditFile(settings: AchBankSettings, request: CreditFileRequest): CreditFile {
  const { content, traces } = writeCreditFile(request, settings);
  return { name: `${request.fileReference}.ach`, bytes: new TextEncoder().encode(content), traces };
}

async function submitFile(deps: AchBankDeps, file: NetworkFile): Promise<FileAnswer> {
  const sent = await attempt(deps, {
    method: 'POST',
    path: '/files',
    purpose: 'submit_file',
    reference: file.name,
    headers: { 'content-type': 'text/plain', 'x-file-name': file.name },
    body: file.bytes,
  });
  if ('outcome' in sent) return sent;
  const answer = jsonOf(sent);
  if (sent.status === 200 || sent.status === 202) return receiptOf(answer, file.name);
  if (sent.status === 400 || sent.status === 422) {
    const code = answer.code ?? answer.error;
    return typeof code === 'string'
      ? { outcome: 'rejected', code, message: String(answer.message ?? code) }
      : unknown('malformed_answer');
  }
  return unknown(sent.status === 409 ? 'file_name_taken' : `http_${sent.status}`);
}

async function inquireFile(deps: AchBankDeps, name: string): Promise<FileInquiryAnswer> {
  const path = `/files/${encodeURIComponent(name)}`;
  const sent = await attempt(deps, { method: 'GET', path, purpose: 'inquire_file', reference: name });
  if ('outcome' in sent) return sent;
  if (sent.status === 404) return isPage(sent) ? unknown('http_404') : { outcome: 'not_found' };
  return sent.status === 200 ? receiptOf(jsonOf(sent), name) : unknown(`http_${sent.status}`);
}

/** Accepted only with a receipt, and only for the file that was asked about. */
function receiptOf(answer: Readonly<Record<string, unknown>>, name: string): FileAnswer {
  if (answer.name !== undefined && answer.name !== name) return unknown('answer_of_another_file');
  return typeof answer.receipt === 'string' && answer.receipt !== ''
    ? { outcome: 'accepted', receipt: answer.receipt }
    : unknown('malformed_answer');
}

/** The file, or null for 404. @throws NetworkFault for every other answer, so that the job is tried again. */
async function fetchFile(
  deps: AchBankDeps,
  { path, purpose, name }: { readonly path: string; readonly purpose: string; readonly name: string },
): Promise<NetworkFile | null> {
  const response = await send(deps, { method: 'GET', path, purpose });
  if (response.status === 404) return null;
  if (response.status !== 200) throw new NetworkFault(`${purpose}: HTTP ${response.status}`, 'maybe');
  return { name, bytes: response.body };
}

/** One statement, and of our account: another one's lines must never be posted. */
function parseStatement(settings: AchBankSettings, bytes: Uint8Array): BankStatement {
  const [statement, second] = readCamt053(bytes);
  if (statement === undefined || second !== undefined) throw new MalformedFile('camt.053: expected one statement');
  if (statement.account !== settings.account.number) throw new MalformedFile('camt.053: statement of another account');
  return statement;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly purpose: string;
  readonly reference?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

function send({ http, settings }: AchBankDeps, { path, headers, ...call }: Call): Promise<NetworkResponse> {
  const request: NetworkRequest = {
    ...call,
    url: settings.baseUrl + path,
    headers: { authorization: `Bearer ${settings.token}`, ...headers },
    timeoutMs: settings.timeoutMs,
  };
  return http.send(request);
}

async function attempt(
  deps: AchBankDeps,
  call: Call,
): Promise<NetworkResponse | Extract<FileAnswer, { outcome: 'unknown' }>> {
  try {
    return await send(deps, call);
  } catch (fault) {
    if (!(fault instanceof NetworkFault)) throw fault;
    return unknown(fault.reached === 'no' ? NOT_REACHED : fault.message || 'no_answer');
  }
}

const unknown = (cause: string): { readonly outcome: 'unknown'; readonly cause: string } => ({
  outcome: 'unknown',
  cause,
});

/** A page of a proxy or a web server on the way: no word of the bank. */
const isPage = (response: NetworkResponse): boolean =>
  /^\s*</.test(new TextDecoder().decode(response.body.slice(0, 64)));

function jsonOf(response: NetworkResponse): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(response.body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
