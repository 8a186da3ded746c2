/**
 * Dispute Management as the platform sees it: lists and cases are read; evidence against a chargeback (challenge), documents for a
 * retrieval request (fulfill: it is the only answer it takes, and takes no other) and acceptance are sent. An action may end
 * unknown; it is not sent again here, for reading the dispute tells whether it arrived. What a case says is read in
 * dispute-case.ts.
 */

import type { Instant } from '../../base/clock.ts';
import { randomBytes } from '../../base/random.ts';
import type {
  CardDisputes,
  DisputeActionAnswer,
  DisputeDocuments,
  EvidenceDocument,
  NetworkDispute,
} from '../ports/card-disputes.ts';
import { NetworkFault, type NetworkResponse } from '../ports/network-http.ts';
import { changedAt, readDispute } from './dispute-case.ts';
import { type JsonObject, list, parseObject, text } from './lenient-json.ts';
import { type JpmOnlinePaymentsDeps, type Line, openLine } from './line.ts';
import type { Call } from './transport.ts';

/** A list longer than this is a cursor that goes in circles: 5,000 disputes a page at most. */
const PAGES_MAX = 200;

/** Throws at once on settings that are missing. */
export function createJpmDisputes(deps: JpmOnlinePaymentsDeps): CardDisputes {
  const line = openLine(deps);
  const base = deps.settings.disputesUrl ?? new URL('/commerce/v1', deps.settings.baseUrl).href;
  const disputes = `${base}/disputes`;
  const one = (id: string): string => `${disputes}/${encodeURIComponent(id)}`;
  return {
    list: (since) => listDisputes(line, disputes, since),
    get: (id) => getDispute(line, one(id)),
    accept: ({ id, reference }) => act(line, { url: `${one(id)}/accept`, purpose: 'accept_dispute', reference }, {}),
    challenge: (request) => handIn(line, `${one(request.id)}/challenge`, 'challenge_dispute', request),
    fulfill: (request) => handIn(line, `${one(request.id)}/fulfill`, 'fulfill_dispute', request),
  };
}

/** Sorted here: the published order is by due date, and a reader that stops half-way must not skip an older change. */
async function listDisputes({ transport }: Line, url: string, since: Instant): Promise<readonly NetworkDispute[]> {
  const found: JsonObject[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const body = JSON.stringify({ fromTimestamp: since, ...(cursor === undefined ? {} : { cursor }) });
    const call = { method: 'POST', url, purpose: 'list_disputes', requestId: questionId(), body } as const;
    const answer = answered(await transport.fetch(call), 'list of disputes');
    found.push(...list(answer.disputes));
    cursor = text(answer.nextCursor);
    if (cursor === undefined) {
      const changes = found.map((dispute) => ({ at: changedAt(dispute), dispute: readDispute(dispute) }));
      return changes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ dispute }) => dispute);
    }
  }
  throw new NetworkFault(`list of disputes: no end after ${PAGES_MAX} pages`, 'maybe');
}

async function getDispute({ transport }: Line, url: string): Promise<NetworkDispute | null> {
  const response = await transport.fetch({ method: 'GET', url, purpose: 'get_dispute', requestId: questionId() });
  if (response.status === 404 && isAbsent(response)) return null;
  return readDispute(answered(response, 'dispute'));
}

/** A page of some proxy is no word of the network about a dispute. */
const isAbsent = ({ body }: NetworkResponse): boolean =>
  body.length === 0 || text(parseObject(body)?.responseCode) === 'NOT_FOUND';

function answered({ status, body }: NetworkResponse, what: string): JsonObject {
  const answer = parseObject(body);
  if (status !== 200) throw new NetworkFault(`${what}: HTTP ${status}`, 'maybe');
  if (answer === undefined) throw new NetworkFault(`${what}: malformed answer`, 'maybe');
  return answer;
}

const handIn = (line: Line, url: string, purpose: string, { reference, last4, documents }: DisputeDocuments) =>
  act(line, { url, purpose, reference }, { last4CardNumber: last4, supportingDocuments: documents.map(documentOf) });

async function act(
  { transport }: Line,
  call: Pick<Call, 'url' | 'purpose'> & { readonly reference: string },
  body: object,
): Promise<DisputeActionAnswer> {
  const sent = await transport.direct({
    method: 'POST',
    ...call,
    requestId: call.reference,
    body: JSON.stringify(body),
  });
  if (sent.kind === 'answered') return readAction(sent.response);
  const { answer } = sent;
  return answer.outcome === 'unknown' ? answer : { outcome: 'refused', code: answer.code, message: answer.message };
}

/** 200 and 202 have taken it, at once or soon. An error is a no only when the network says which. */
function readAction({ status, body }: NetworkResponse): DisputeActionAnswer {
  if (status === 200 || status === 202) return { outcome: 'taken' };
  const answer = parseObject(body) ?? {};
  const code = text(answer.responseCode);
  const isNo = status === 400 || status === 403 || status === 404 || status === 409 || status === 412 || status === 422;
  if (!isNo || code === undefined) return { outcome: 'unknown', cause: `http_${status}` };
  return { outcome: 'refused', code, message: text(answer.responseMessage) ?? code };
}

const documentOf = ({ name, content }: EvidenceDocument): object => ({
  documentName: name,
  documentContent: Buffer.from(content).toString('base64'),
});

/** Of a question: nothing is done under it. */
const questionId = (): string => randomBytes(16).toString('hex');
